// SPDX-License-Identifier: BSL-1.0
#include "read/tree_ensembles.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace ctnn_import {

namespace {

using indices = std::vector<std::int64_t>;

template <class List>
void move_attribute(const node& from, const std::string& name, const std::string& as, node& to) {
    if (from.has(name)) to.attributes[as] = from.get<List>(name, {});
}

/// Number `value` of the names of an enumeration.
std::string named(const node& of, const char* what, std::int64_t value, const std::vector<std::string>& names) {
    if (value < 0 || value >= static_cast<std::int64_t>(names.size()))
        of.refuse(std::string("its ") + what + " is " + std::to_string(value));
    return names[static_cast<std::size_t>(value)];
}

// --- TreeEnsemble has one table of the splits and another of the leaves of all trees.

std::vector<double> reals_in(const node& of, const std::string& name) {
    const array given = of.get<array>(name, {});
    if (given.holds_integers()) of.refuse("its " + name + " are integers");
    return given.reals();
}

class newer_ensemble {
  public:
    explicit newer_ensemble(const node& of)
        : of_(of),
          first_(list("nodes_truenodeids")),
          second_(list("nodes_falsenodeids")),
          first_is_leaf_(list("nodes_trueleafs")),
          second_is_leaf_(list("nodes_falseleafs")),
          features_(list("nodes_featureids")),
          tracks_(list("nodes_missing_value_tracks_true")),
          targets_(list("leaf_targetids")),
          thresholds_(reals_in(of, "nodes_splits")),
          weights_(reals_in(of, "leaf_weights")) {
        const array modes = of.get<array>("nodes_modes", {});
        if (!modes.holds_integers()) of.refuse("its nodes_modes are not integers");
        modes_ = modes.integers();
        for (const std::size_t size :
             {second_.size(), first_is_leaf_.size(), second_is_leaf_.size(), features_.size(), thresholds_.size(),
              modes_.size(), tracks_.empty() ? first_.size() : tracks_.size()})
            if (size != first_.size()) of.refuse("its lists of nodes differ in length");
        if (targets_.size() != weights_.size()) of.refuse("its lists of leaves differ in length");
        seen_.resize(first_.size());
        std::int64_t tree = 0;
        for (const std::int64_t root : list("tree_roots")) {
            tree_ = tree++;
            next_ = 0;
            add_tree(root);
        }
    }
    node as_regressor() {
        node result;
        auto& to = result.attributes;
        to["nodes_treeids"] = std::move(trees_);
        to["nodes_nodeids"] = std::move(ids_);
        to["nodes_featureids"] = std::move(compared_);
        to["nodes_modes"] = std::move(names_);
        to["nodes_values"] = std::move(values_);
        to["nodes_truenodeids"] = std::move(to_first_);
        to["nodes_falsenodeids"] = std::move(to_second_);
        to["nodes_missing_value_tracks_true"] = std::move(missing_);
        to["target_treeids"] = std::move(leaf_trees_);
        to["target_nodeids"] = std::move(leaf_nodes_);
        to["target_ids"] = std::move(leaf_targets_);
        to["target_weights"] = std::move(leaf_weights_);
        return result;
    }

  private:
    indices list(const char* name) const { return of_.get<indices>(name, {}); }

    void add_node(const std::string& mode) {
        trees_.push_back(tree_);
        ids_.push_back(next_++);
        names_.push_back(mode);
        compared_.push_back(0);
        values_.push_back(0);
        to_first_.push_back(0);
        to_second_.push_back(0);
        missing_.push_back(0);
    }
    void add_tree(std::int64_t root) {
        static const std::vector<std::string> modes{"BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE",
                                                    "BRANCH_GT",  "BRANCH_EQ", "BRANCH_NEQ"};
        // Each of the open splits has its place in the lists; its children get theirs when it is closed.
        std::vector<std::pair<std::size_t, std::size_t>> open;
        const auto add_split = [&](std::int64_t split) {
            if (split < 0 || split >= static_cast<std::int64_t>(seen_.size()))
                of_.refuse("it has no node " + std::to_string(split));
            const auto at = static_cast<std::size_t>(split);
            if (seen_[at]) of_.refuse("node " + std::to_string(split) + " is in two places");
            seen_[at] = true;
            if (modes_[at] == 6) of_.refuse("a node compares with a set (BRANCH_MEMBER)");
            add_node(named(of_, "nodes_modes", modes_[at], modes));
            compared_.back() = features_[at];
            values_.back() = thresholds_[at];
            missing_.back() = tracks_.empty() ? 0 : tracks_[at];
            open.emplace_back(at, names_.size() - 1);
        };
        add_split(root);
        while (!open.empty()) {
            const auto [at, place] = open.back();
            open.pop_back();
            for (const bool other : {false, true}) {
                (other ? to_second_ : to_first_)[place] = next_;
                const std::int64_t child = (other ? second_ : first_)[at];
                if ((other ? second_is_leaf_ : first_is_leaf_)[at] != 0)
                    add_leaf(child);
                else
                    add_split(child);
            }
        }
    }
    void add_leaf(std::int64_t leaf) {
        if (leaf < 0 || leaf >= static_cast<std::int64_t>(targets_.size()))
            of_.refuse("it has no leaf " + std::to_string(leaf));
        leaf_trees_.push_back(tree_);
        leaf_nodes_.push_back(next_);
        leaf_targets_.push_back(targets_[static_cast<std::size_t>(leaf)]);
        leaf_weights_.push_back(weights_[static_cast<std::size_t>(leaf)]);
        add_node("LEAF");
    }

    const node& of_;
    const indices first_, second_, first_is_leaf_, second_is_leaf_, features_, tracks_, targets_;
    const std::vector<double> thresholds_, weights_;
    indices modes_;
    std::vector<bool> seen_;
    std::int64_t tree_ = 0, next_ = 0;
    indices trees_, ids_, compared_, to_first_, to_second_, missing_, leaf_trees_, leaf_nodes_, leaf_targets_;
    std::vector<std::string> names_;
    std::vector<double> values_, leaf_weights_;
};

/// The numbers of an attribute that is a list or a tensor, under the name that it has.
std::vector<double>* numbers_in(node& of, const std::string& name) {
    const auto list = of.attributes.find(name), tensor = of.attributes.find(name + "_as_tensor");
    if (list != of.attributes.end()) return std::get_if<std::vector<double>>(&list->second);
    if (tensor == of.attributes.end()) return nullptr;
    array* const found = std::get_if<array>(&tensor->second);
    return found == nullptr || found->holds_integers() ? nullptr : &found->reals();
}

/// Two classes, and weights for one of them.
void add_other_class(const node& of, const std::string& transform, node& to) {
    std::vector<double>* const weights = numbers_in(to, "target_weights");
    const std::vector<double>* const base = numbers_in(to, "base_values");
    if (to.get<indices>("target_ids", {}).front() != 0)
        of.refuse("it has two classes, and weights for the second alone");
    if (weights == nullptr) of.refuse("it has no class_weights");
    const bool is_positive = std::none_of(weights->begin(), weights->end(), [](double one) { return one < 0; });
    const bool is_share = is_positive && transform == "NONE", is_logit = !is_positive && transform == "LOGISTIC";
    if (!is_share && !is_logit)
        of.refuse("it has two classes and weights for one; implementations differ in the scores if the weights are " +
                  std::string(is_positive ? "not negative" : "of both signs") + " and its post_transform is " +
                  transform);
    if (base != nullptr && base->size() > 1) of.refuse("it has two classes, weights for one, and two base_values");
    const double shift = base == nullptr || base->empty() ? 0 : base->front();
    to.attributes.erase("base_values_as_tensor");
    to.attributes["base_values"] = std::vector<double>{(is_share ? 1 : 0) - shift, shift};
    const std::size_t size = weights->size();
    weights->reserve(2 * size);
    for (std::size_t i = 0; i < size; ++i) weights->push_back(-(*weights)[i]);
    if (const auto tensor = to.attributes.find("target_weights_as_tensor"); tensor != to.attributes.end())
        std::get<array>(tensor->second).dims = {static_cast<std::int64_t>(2 * size)};
    for (const char* name : {"target_treeids", "target_nodeids"}) {
        auto list = to.get<indices>(name, {});
        const indices once = list;
        list.insert(list.end(), once.begin(), once.end());
        to.attributes[name] = std::move(list);
    }
    indices targets(size, 1);
    targets.resize(2 * size, 0);
    to.attributes["target_ids"] = std::move(targets);
}

}  // namespace

ensemble_scores scores_of_trees(const node& of, std::size_t classes) {
    ensemble_scores result;
    node& to = result.regressor;
    if (of.op == "TreeEnsemble") {
        to = newer_ensemble(of).as_regressor();
        to.attributes["n_targets"] = of.get<std::int64_t>("n_targets", 1);
        to.attributes["aggregate_function"] = named(
            of, "aggregate_function", of.get<std::int64_t>("aggregate_function", 1), {"AVERAGE", "SUM", "MIN", "MAX"});
        result.transform = named(of, "post_transform", of.get<std::int64_t>("post_transform", 0),
                                 {"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"});
    } else {
        to.attributes = of.attributes;
        to.attributes.erase("post_transform");
        result.transform = of.get<std::string>("post_transform", "NONE");
    }
    if (of.op == "TreeEnsembleClassifier") {
        for (const char* name : {"treeids", "nodeids", "ids"})
            move_attribute<indices>(of, std::string("class_") + name, std::string("target_") + name, to);
        move_attribute<std::vector<double>>(of, "class_weights", "target_weights", to);
        move_attribute<array>(of, "class_weights_as_tensor", "target_weights_as_tensor", to);
        to.attributes["n_targets"] = static_cast<std::int64_t>(classes);
        const auto ids = to.get<indices>("target_ids", {});
        if (classes == 2 && std::set<std::int64_t>(ids.begin(), ids.end()).size() == 1)
            add_other_class(of, result.transform, to);
    }
    to.op = "TreeEnsembleRegressor";
    to.name = of.name;
    to.inputs = of.inputs;
    return result;
}

}  // namespace ctnn_import
