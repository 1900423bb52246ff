// SPDX-License-Identifier: BSL-1.0
// A two-dimensional window in a 1-D convolution.
// EXPECT: ctnn::window: there is one value for all dimensions, or one for each
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4>, ctnn::conv1d<1, ctnn::window<2, 3>>>;
net_type net{};
