// SPDX-License-Identifier: BSL-1.0
// More nodes than a float counts.
// EXPECT: ctnn::decision_trees: it has at most 2^24 leaves and splits, and 2^20 inputs
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::decision_trees<1, 1, 9000000>>;
static_assert(net_type::parameter_count > 0);
