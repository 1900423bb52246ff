// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4, 4>, ctnn::conv2d<1, ctnn::window<2>, ctnn::same>>;
net_type net{};
