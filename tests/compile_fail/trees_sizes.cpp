// SPDX-License-Identifier: BSL-1.0
// Four trees for three outputs.
// EXPECT: ctnn::decision_trees: there is at least one output, one tree, and one split a tree; with one_output_per_tree, the number of outputs divides that of trees
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::decision_trees<3, 4, 12, ctnn::one_output_per_tree>>;
net_type net{};
