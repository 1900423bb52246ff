// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4>, ctnn::max_pool1d<ctnn::window<3>, ctnn::padding<ctnn::pad<2>>>>;
net_type net{};
