// SPDX-License-Identifier: BSL-1.0
// Two pads for a one-dimensional input.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_rank_at_least<2>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4>, ctnn::zero_pad<ctnn::pad<1>, ctnn::pad<1>>>;
net_type net{};
