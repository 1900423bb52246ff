// SPDX-License-Identifier: BSL-1.0
// An image has no time axis.
// EXPECT: ctnn::causal: an image has no time axis
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4, 4>, ctnn::conv2d<1, ctnn::window<2>, ctnn::causal>>;
net_type net{};
