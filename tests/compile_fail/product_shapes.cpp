// SPDX-License-Identifier: BSL-1.0
// One factor per channel where one per element is needed.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_branches_of_one_shape
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::product<ctnn::branch<>, ctnn::branch<ctnn::global_average_pool>>>;
net_type net{};
