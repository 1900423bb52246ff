// SPDX-License-Identifier: BSL-1.0
// TreeEnsembleRegressor, which the other ensembles of trees are read as.
#include "evaluate_onnx/operators.hpp"
#include "graph/trees.hpp"

#include <algorithm>
#include <optional>

namespace ctnn_import {

namespace {

std::vector<array> ensemble_of_trees(const call& of) {
    const array x = of.as_reals(0);
    const tree_ensemble trees = trees_of(of.what);
    if (x.dims.empty() || x.dims.size() > 2)
        of.refuse("its input is " + text_of(x.dims) + ", and not rows of features");
    const auto features = static_cast<std::size_t>(x.dims.back()), rows = features == 0 ? 0 : x.size() / features;
    for (const tree_node& one : trees.nodes)
        if (one.feature >= x.dims.back())
            of.refuse("a node compares feature " + std::to_string(one.feature) + " of " + std::to_string(features));
    array y = reals_of(of, {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(trees.targets)});
    for (std::size_t row = 0; row < rows; ++row) {
        std::vector<std::optional<double>> all(trees.targets);
        for (std::size_t at : trees.roots) {
            while (!trees.nodes[at].is_leaf) {
                const tree_node& split = trees.nodes[at];
                const double number = x.reals()[row * features + static_cast<std::size_t>(split.feature)];
                at = split.children[goes_first(split, number) ? 0 : 1];
            }
            for (const auto& [target, weight] : trees.nodes[at].weights) {
                std::optional<double>& to = all[target];
                if (!to)
                    to = weight;
                else if (trees.aggregate == "MIN")
                    to = std::min(*to, weight);
                else if (trees.aggregate == "MAX")
                    to = std::max(*to, weight);
                else
                    *to += weight;
            }
        }
        for (std::size_t target = 0; target < trees.targets; ++target) {
            const double count = trees.aggregate == "AVERAGE" ? static_cast<double>(trees.roots.size()) : 1;
            y.reals()[row * trees.targets + target] = all[target].value_or(0) / count + trees.base[target];
        }
    }
    return {std::move(y)};
}

}  // namespace

void add_trees(operation_table& table) {
    table.insert({{"TreeEnsembleRegressor", ensemble_of_trees}});
}

}  // namespace ctnn_import
