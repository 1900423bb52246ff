// SPDX-License-Identifier: BSL-1.0
// A vector has no channels to pool over.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_rank_at_least<2>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4>, ctnn::global_max_pool>;
net_type net{};
