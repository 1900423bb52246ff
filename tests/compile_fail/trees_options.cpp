// SPDX-License-Identifier: BSL-1.0
// Two ways to combine the trees.
// EXPECT: ctnn::decision_trees: the options are one_output_per_tree and one of sum_of_trees, average_of_trees, minimum_of_trees and maximum_of_trees
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>,
                               ctnn::decision_trees<1, 2, 4, ctnn::sum_of_trees, ctnn::average_of_trees>>;
net_type net{};
