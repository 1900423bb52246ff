// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::product<ctnn::branch<>, ctnn::branch<ctnn::global_average_pool, ctnn::reshape<2, 1>, ctnn::upsample<4>>>>;
net_type net{};
