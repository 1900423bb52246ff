// SPDX-License-Identifier: BSL-1.0
// Branches of unequal lengths.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_branches_alike_but_along
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::concatenate<ctnn::branch<>, ctnn::branch<ctnn::conv1d<2, ctnn::window<3>>>>>;
net_type net{};
