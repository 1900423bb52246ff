// SPDX-License-Identifier: BSL-1.0
// Padding as large as the window, which would then see only padding.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_padding_smaller_than
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4>, ctnn::max_pool1d<ctnn::window<2>, ctnn::padding<ctnn::pad<2>>>>;
net_type net{};
