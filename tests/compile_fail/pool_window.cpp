// SPDX-License-Identifier: BSL-1.0
// A window that is larger than the input.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_room_for
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4>, ctnn::average_pool1d<ctnn::window<5>>>;
net_type net{};
