// SPDX-License-Identifier: BSL-1.0
// An order of two dimensions for three.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_rank<2>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 3, 4>, ctnn::permute<1, 0>>;
net_type net{};
