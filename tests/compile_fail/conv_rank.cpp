// SPDX-License-Identifier: BSL-1.0
// A 2-D convolution of a 1-D input.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: shape<2, 4>
// EXPECT: wants_rank<3>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::conv2d<2, ctnn::window<3>>>;
net_type net{};
