// SPDX-License-Identifier: BSL-1.0
#include "graph/trees.hpp"

#include <cmath>
#include <limits>
#include <map>

namespace ctnn_import {

namespace {

using whole_numbers = std::vector<std::int64_t>;

unsigned cases_of_mode(const node& of, const std::string& mode) {
    static const std::map<std::string, unsigned> modes{{"BRANCH_LEQ", case_less | case_equal},
                                                       {"BRANCH_LT", case_less},
                                                       {"BRANCH_GTE", case_greater | case_equal},
                                                       {"BRANCH_GT", case_greater},
                                                       {"BRANCH_EQ", case_equal},
                                                       {"BRANCH_NEQ", case_less | case_greater}};
    const auto found = modes.find(mode);
    if (found == modes.end()) of.refuse("the mode of a node is " + mode);
    return found->second;
}

template <class List>
void wants_length(const node& of, const List& list, std::size_t length, const char* name) {
    if (list.size() != length)
        of.refuse("it has " + std::to_string(list.size()) + " " + name + ", and not " + std::to_string(length));
}

/// Numbers that are a list, or in newer versions a tensor.
std::vector<double> numbers_of(const node& of, const std::string& name) {
    if (!of.has(name + "_as_tensor")) return of.get<std::vector<double>>(name, {});
    if (of.has(name)) of.refuse("it has both " + name + " and " + name + "_as_tensor");
    const array given = of.get<array>(name + "_as_tensor", {});
    if (given.holds_integers()) of.refuse("its " + name + "_as_tensor holds integers");
    return given.reals();
}

/// Every node is reached once from the roots.
void check_paths(const node& of, const tree_ensemble& trees) {
    std::size_t reached = 0;
    std::vector<std::size_t> open = trees.roots;
    while (!open.empty()) {
        const tree_node& at = trees.nodes[open.back()];
        open.pop_back();
        ++reached;
        if (!at.is_leaf) open.insert(open.end(), {at.children[0], at.children[1]});
    }
    if (reached != trees.nodes.size()) of.refuse("its nodes form a cycle");
}

}  // namespace

tree_ensemble trees_of(const node& of) {
    const auto trees = of.get<whole_numbers>("nodes_treeids", {}), ids = of.get<whole_numbers>("nodes_nodeids", {}),
               features = of.get<whole_numbers>("nodes_featureids", {}),
               first = of.get<whole_numbers>("nodes_truenodeids", {}),
               second = of.get<whole_numbers>("nodes_falsenodeids", {}),
               tracks = of.get<whole_numbers>("nodes_missing_value_tracks_true", {});
    const auto modes = of.get<std::vector<std::string>>("nodes_modes", {});
    const auto thresholds = numbers_of(of, "nodes_values");
    const std::size_t size = ids.size();
    if (size == 0) of.refuse("it has no nodes");
    wants_length(of, trees, size, "nodes_treeids");
    wants_length(of, features, size, "nodes_featureids");
    wants_length(of, first, size, "nodes_truenodeids");
    wants_length(of, second, size, "nodes_falsenodeids");
    wants_length(of, modes, size, "nodes_modes");
    wants_length(of, thresholds, size, "nodes_values");
    if (!tracks.empty()) wants_length(of, tracks, size, "nodes_missing_value_tracks_true");

    std::map<std::pair<std::int64_t, std::int64_t>, std::size_t> places;
    for (std::size_t i = 0; i < size; ++i)
        if (!places.emplace(std::pair{trees[i], ids[i]}, i).second)
            of.refuse("tree " + std::to_string(trees[i]) + " has two nodes " + std::to_string(ids[i]));
    const auto place = [&](std::int64_t tree, std::int64_t id) {
        const auto found = places.find({tree, id});
        if (found == places.end()) of.refuse("tree " + std::to_string(tree) + " has no node " + std::to_string(id));
        return found->second;
    };

    tree_ensemble result;
    result.nodes.resize(size);
    std::vector<bool> has_parent(size);
    for (std::size_t i = 0; i < size; ++i) {
        tree_node& one = result.nodes[i];
        one.is_leaf = modes[i] == "LEAF";
        if (one.is_leaf) continue;
        one.feature = features[i];
        one.threshold = thresholds[i];
        one.cases = cases_of_mode(of, modes[i]) | (!tracks.empty() && tracks[i] != 0 ? case_missing : 0u);
        if (one.feature < 0) of.refuse("a node compares the feature " + std::to_string(one.feature));
        if (std::isnan(one.threshold)) of.refuse("a threshold is not a number");
        for (const bool other : {false, true}) {
            one.children[other] = place(trees[i], (other ? second : first)[i]);
            if (has_parent[one.children[other]])
                of.refuse("a node of tree " + std::to_string(trees[i]) + " is twice a child");
            has_parent[one.children[other]] = true;
        }
    }
    std::map<std::int64_t, bool> has_root;
    for (std::size_t i = 0; i < size; ++i) {
        if (has_parent[i]) continue;
        if (std::exchange(has_root[trees[i]], true))
            of.refuse("tree " + std::to_string(trees[i]) + " has several roots");
        result.roots.push_back(i);
    }
    check_paths(of, result);

    const std::int64_t targets = of.get<std::int64_t>("n_targets", 1);
    if (targets < 1 || targets > std::int64_t{1} << 22) of.refuse("it has " + std::to_string(targets) + " targets");
    result.targets = static_cast<std::size_t>(targets);
    const auto weights = numbers_of(of, "target_weights");
    const auto of_trees = of.get<whole_numbers>("target_treeids", {}),
               of_nodes = of.get<whole_numbers>("target_nodeids", {}), to = of.get<whole_numbers>("target_ids", {});
    wants_length(of, of_trees, weights.size(), "target_treeids");
    wants_length(of, of_nodes, weights.size(), "target_nodeids");
    wants_length(of, to, weights.size(), "target_ids");
    for (std::size_t i = 0; i < weights.size(); ++i) {
        tree_node& leaf = result.nodes[place(of_trees[i], of_nodes[i])];
        if (!leaf.is_leaf) of.refuse("a node with a weight is no leaf");
        if (to[i] < 0 || to[i] >= targets) of.refuse("a weight is for the target " + std::to_string(to[i]));
        leaf.weights.emplace_back(static_cast<std::size_t>(to[i]), weights[i]);
    }
    result.aggregate = of.get<std::string>("aggregate_function", "SUM");
    if (result.aggregate != "SUM" && result.aggregate != "AVERAGE" && result.aggregate != "MIN" &&
        result.aggregate != "MAX")
        of.refuse("its aggregate_function is " + result.aggregate);
    result.base = numbers_of(of, "base_values");
    if (result.base.empty()) result.base.resize(result.targets);
    wants_length(of, result.base, result.targets, "base_values");
    return result;
}

bool goes_first(const tree_node& split, double x) {
    const unsigned found = x < split.threshold    ? case_less
                           : x == split.threshold ? case_equal
                           : x > split.threshold  ? case_greater
                                                  : case_missing;
    return (split.cases & found) != 0;
}

}  // namespace ctnn_import
