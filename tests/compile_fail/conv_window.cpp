// SPDX-License-Identifier: BSL-1.0
// A window that is larger than the padded input.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: layer_number<0>
// EXPECT: shape<1, 2, 2>
// EXPECT: wants_room_for
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 2, 2>, ctnn::conv2d<1, ctnn::window<3>>>;
net_type net{};
