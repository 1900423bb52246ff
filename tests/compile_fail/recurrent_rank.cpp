// SPDX-License-Identifier: BSL-1.0
// A recurrent layer takes sequences, not vectors.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: shape<4>
// EXPECT: wants_rank<2>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4>, ctnn::gru<2>>;
net_type net{};
