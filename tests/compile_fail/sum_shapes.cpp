// SPDX-License-Identifier: BSL-1.0
// A sum of branches of different shapes.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_branches_of_one_shape
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::sum<ctnn::branch<>, ctnn::branch<ctnn::flatten>>>;
net_type net{};
