// SPDX-License-Identifier: BSL-1.0
// TreeEnsembleRegressor: one layer of trees.
#include "graph/trees.hpp"
#include "lower/lowering.hpp"

#include <algorithm>
#include <set>

namespace ctnn_import {

namespace {

/// Whether each tree has one target, with one weight in each leaf; and the trees then in turns of the targets. Empty if not,
/// or if targets have different numbers of trees.
std::vector<std::size_t> roots_by_turns(const tree_ensemble& trees) {
    std::vector<std::vector<std::size_t>> of_target(trees.targets);
    for (const std::size_t root : trees.roots) {
        std::vector<std::size_t> open{root};
        const std::size_t none = trees.targets;
        std::size_t target = none;
        while (!open.empty()) {
            const tree_node& at = trees.nodes[open.back()];
            open.pop_back();
            if (!at.is_leaf) {
                open.insert(open.end(), {at.children[0], at.children[1]});
                continue;
            }
            if (at.weights.size() != 1 || (target != none && target != at.weights[0].first)) return {};
            target = at.weights[0].first;
        }
        of_target[target].push_back(root);
    }
    std::vector<std::size_t> result;
    for (std::size_t turn = 0; turn < of_target[0].size(); ++turn)
        for (const auto& roots : of_target) {
            if (roots.size() != of_target[0].size()) return {};
            result.push_back(roots[turn]);
        }
    return result;
}

bool has_one_weight_for_each(const tree_node& leaf, std::size_t targets) {
    std::set<std::size_t> seen;
    for (const auto& [target, weight] : leaf.weights) seen.insert(target);
    return leaf.weights.size() == targets && seen.size() == targets;
}

/// The tables of `decision_trees`.
struct tables {
    std::size_t split_count = 0, leaf_count = 0, leaves = 0, width = 1;
    std::vector<double> splits, weights;
};

class table_maker {
  public:
    table_maker(const tree_ensemble& trees, const std::vector<std::size_t>& roots, std::size_t width) : trees_(trees) {
        made_.width = width;
        made_.split_count = static_cast<std::size_t>(
            std::count_if(roots.begin(), roots.end(), [&](std::size_t root) { return trees.nodes[root].is_leaf; }));
        for (const tree_node& one : trees.nodes) made_.split_count += one.is_leaf ? 0 : 1;
        made_.leaf_count = made_.split_count + roots.size();
        made_.weights.resize(made_.leaf_count * width);
        made_.splits.reserve(4 * made_.split_count);
        std::vector<std::size_t> order = roots;  // of the splits; those below them are appended
        next_ = roots.size();
        for (std::size_t i = 0; i < order.size(); ++i) add_split(trees.nodes[order[i]], order);
    }
    tables take() { return std::move(made_); }

  private:
    void add_split(const tree_node& at, std::vector<std::size_t>& order) {
        if (at.is_leaf) {
            // A tree of one leaf: a comparison whose outcomes do not differ.
            const double leaf = leaf_of(at);
            made_.splits.insert(made_.splits.end(), {3, 0, leaf, leaf});
            return;
        }
        made_.splits.push_back(static_cast<double>(16 * at.feature + at.cases));
        made_.splits.push_back(at.threshold);
        for (const std::size_t child : at.children) {
            if (trees_.nodes[child].is_leaf) {
                made_.splits.push_back(leaf_of(trees_.nodes[child]));
            } else {
                made_.splits.push_back(static_cast<double>(made_.leaf_count + next_++));
                order.push_back(child);
            }
        }
    }
    double leaf_of(const tree_node& leaf) {
        for (const auto& [target, weight] : leaf.weights)
            made_.weights[made_.leaves * made_.width + (made_.width == 1 ? 0 : target)] += weight;
        return static_cast<double>(made_.leaves++);
    }

    const tree_ensemble& trees_;
    tables made_;
    std::size_t next_ = 0;
};

void ensemble(const job& of) {
    const extents& x = of.input();
    if (x.size() == 2 && x[0] != 1) refuse_batch(of.what, x[0]);
    const tree_ensemble trees = trees_of(of.what);
    const bool bounds = trees.aggregate == "MIN" || trees.aggregate == "MAX";
    const auto by_turns = trees.targets == 1 ? std::vector<std::size_t>{} : roots_by_turns(trees);
    const bool one_output = !by_turns.empty();
    if (bounds && !one_output)
        for (const tree_node& one : trees.nodes)
            if (one.is_leaf && !has_one_weight_for_each(one, trees.targets))
                of.refuse("its aggregate_function is " + trees.aggregate +
                          ", and a leaf has not one weight for each target");
    if (x.back() > std::int64_t{1} << 20 || 2 * trees.nodes.size() > std::size_t{1} << 24)
        of.refuse("it has more than 2^23 nodes, or 2^20 features");
    tables made = table_maker(trees, one_output ? by_turns : trees.roots, one_output ? 1 : trees.targets).take();
    layer next;
    next.kind = "decision_trees";
    next.arguments = {std::to_string(trees.targets), std::to_string(trees.roots.size()),
                      std::to_string(made.split_count)};
    if (trees.aggregate == "AVERAGE") next.options = {"ctnn::average_of_trees"};
    if (trees.aggregate == "MIN") next.options = {"ctnn::minimum_of_trees"};
    if (trees.aggregate == "MAX") next.options = {"ctnn::maximum_of_trees"};
    if (one_output) next.options.push_back("ctnn::one_output_per_tree");
    next.nodes = {of.what.name};
    const auto extent = [](std::size_t size) { return static_cast<std::int64_t>(size); };
    next.parameters = {{"splits", {extent(made.split_count), 4}, std::move(made.splits)},
                       {"weights", {extent(made.leaf_count), extent(made.width)}, std::move(made.weights)},
                       {"bias", {extent(trees.targets)}, trees.base}};
    of.to.view({x.back()});
    of.to.add(std::move(next), {extent(trees.targets)});
}

}  // namespace

void add_tree_lowerings(lowering_table& table) {
    table.insert({{"TreeEnsembleRegressor", ensemble}});
}

}  // namespace ctnn_import
