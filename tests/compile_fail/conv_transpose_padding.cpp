// SPDX-License-Identifier: BSL-1.0
// Padding that crops everything off.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: layer_number<0>
// EXPECT: wants_output_left
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 2>, ctnn::conv1d_transpose<1, ctnn::window<3>, ctnn::padding<ctnn::pad<2>>>>;
net_type net{};
