// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 2>, ctnn::global_max_pool>;
net_type net{};
