// SPDX-License-Identifier: BSL-1.0
// A residual whose layers change the shape.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: layer_number<0>
// EXPECT: wants_branches_of_one_shape
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::residual<ctnn::dense<4>>>;
net_type net{};
