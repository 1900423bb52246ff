// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the attributes of TreeEnsembleRegressor mean.

#include "graph/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ctnn_import {

/// Sums of these are the comparisons of a split: the cases in which x goes to its first child.
enum tree_case : unsigned { case_less = 1, case_equal = 2, case_greater = 4, case_missing = 8 };

struct tree_node {
    bool is_leaf = false;
    std::int64_t feature = 0;
    double threshold = 0;
    unsigned cases = 0;
    std::size_t children[2]{};                            ///< of a split
    std::vector<std::pair<std::size_t, double>> weights;  ///< of a leaf: what it adds to a target
};

struct tree_ensemble {
    std::vector<tree_node> nodes;
    std::vector<std::size_t> roots;  ///< in the order of the trees' first nodes
    std::size_t targets = 1;
    std::string aggregate;     ///< SUM, AVERAGE, MIN or MAX
    std::vector<double> base;  ///< for each target; added after the aggregate
};

/// The trees of a TreeEnsembleRegressor. Every node but the roots has one parent.
///
/// *Errors*: `refusal` for lists of different lengths, nodes that do not exist or form no trees, and unknown modes.
tree_ensemble trees_of(const node& of);

/// The outcome of a split: whether `x` goes to its first child.
bool goes_first(const tree_node& split, double x);

}  // namespace ctnn_import
