// SPDX-License-Identifier: BSL-1.0
// Three channels cannot be split into two groups.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_channels_divisible_by<2
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3, 4>, ctnn::conv1d<2, ctnn::window<3>, ctnn::groups<2>>>;
net_type net{};
