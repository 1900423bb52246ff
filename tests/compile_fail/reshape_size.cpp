// SPDX-License-Identifier: BSL-1.0
// Six elements cannot be reshaped to eight.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: shape<2, 3>
// EXPECT: wants_elements<8
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 3>, ctnn::reshape<2, 4>>;
net_type net{};
