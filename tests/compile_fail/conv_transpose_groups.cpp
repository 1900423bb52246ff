// SPDX-License-Identifier: BSL-1.0
// Three filters cannot be split into two groups.
// EXPECT: ctnn::conv_transpose: the number of filters is divisible by the groups
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::conv1d_transpose<3, ctnn::window<3>, ctnn::groups<2>>>;
net_type net{};
