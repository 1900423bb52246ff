// SPDX-License-Identifier: BSL-1.0
// The number of columns differs from the number of rows.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_branches_of_matrices_that_fit
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::matmul<ctnn::branch<>, ctnn::branch<>>>;
net_type net{};
