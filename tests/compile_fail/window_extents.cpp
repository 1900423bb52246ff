// SPDX-License-Identifier: BSL-1.0
// A window of two dimensions along a line.
// EXPECT: ctnn::window: there is one number for all dimensions, or one for each
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4>, ctnn::conv1d<1, ctnn::window<2, 3>>>;
net_type net{};
