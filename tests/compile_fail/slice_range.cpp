// SPDX-License-Identifier: BSL-1.0
// A slice that goes past the end.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_indices_along<1, 2, 3>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3, 4>, ctnn::slice<ctnn::axis<1>, 2, 3>>;
net_type net{};
