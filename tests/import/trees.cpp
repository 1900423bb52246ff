// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_trees
#include "graph/trees.hpp"

#include "command/import_model.hpp"
#include "lower_support.hpp"
#include "read/traditional.hpp"
#include "spec/cost.hpp"

#include <limits>
#include <set>

// Ensembles of trees: what nodes mean, the tables that they become, and the attributes of each version.

namespace {

using namespace ctnn_import;
using lower_test::attributes;
using lower_test::ints;
using lower_test::model;
using lower_test::text_of;
using reals = std::vector<double>;
using strings = std::vector<std::string>;

/// Tree 4: x1 <mode> 1/2 leads to leaf 1, otherwise x0 <= -1 to leaf 3 or 4. Tree 9: x2 <= 2 to leaf 7 or 6.
attributes two_trees(const std::string& mode = "BRANCH_LEQ") {
    return {{"nodes_treeids", ints{4, 4, 4, 4, 4, 9, 9, 9}},
            {"nodes_nodeids", ints{0, 1, 2, 3, 4, 5, 6, 7}},
            {"nodes_featureids", ints{1, 0, 0, 0, 0, 2, 0, 0}},
            {"nodes_modes", strings{mode, "LEAF", "BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"}},
            {"nodes_values", reals{0.5, 0, -1, 0, 0, 2, 0, 0}},
            {"nodes_truenodeids", ints{1, 0, 3, 0, 0, 7, 0, 0}},
            {"nodes_falsenodeids", ints{2, 0, 4, 0, 0, 6, 0, 0}},
            {"target_treeids", ints{4, 4, 4, 9, 9}},
            {"target_nodeids", ints{1, 3, 4, 6, 7}},
            {"target_ids", ints{0, 0, 0, 0, 0}},
            {"target_weights", reals{1, 2, 4, 8, 16}}};
}
attributes with(attributes given, const std::string& name, attribute value) {
    given[name] = std::move(value);
    return given;
}

graph ensemble(const attributes& of, const extents& input = {1, 3}) {
    model m;
    return m.with_output(m("TreeEnsembleRegressor", {m.input(input)}, of));
}
double sum_of(const attributes& of, const reals& x) {
    return answer(ensemble(of), x).at(0);
}
/// Both evaluators agree at thresholds and beside them, and with missing values.
std::string lowered(const attributes& of) {
    const graph whole = ensemble(of);
    const network net = lower(whole);
    for (std::uint64_t seed = 1; seed < 40; ++seed) {
        reals x = random_inputs(whole, seed).begin()->second.reals();
        if (seed % 4 == 0) x[seed / 4 % 3] = std::numeric_limits<double>::quiet_NaN();
        if (seed % 16 == 1) x[0] = -std::numeric_limits<double>::infinity();
        const reals expected = answer(whole, x), found = interpret(net.layers, x).back();
        BOOST_REQUIRE(expected.size() == found.size());
        for (std::size_t i = 0; i < found.size(); ++i) BOOST_TEST(std::abs(found[i] - expected[i]) < 1e-12);
    }
    return lower_test::lowered(whole);
}
std::string why(const attributes& of) {
    try {
        return text_of(lower(ensemble(of)));
    } catch (const refusal& reason) {
        const std::string text = reason.what();
        return text.substr(text.find(": ") + 2);
    }
}

/// A classifier or another operator as the reader takes it.
struct read_nodes {
    std::vector<node> nodes;
    graph to;
};
read_nodes read(const std::string& op, const attributes& of, const std::set<std::string>& taken = {}) {
    node given;
    given.op = op;
    given.name = "t";
    given.inputs = {"x"};
    given.outputs = op.ends_with("Classifier") ? strings{"label", "p"} : strings{"p"};
    given.attributes = of;
    read_nodes result;
    result.nodes = traditional(
        given, [&](const std::string& name) { return taken.contains(name); }, result.to);
    return result;
}
/// The output "p" for some inputs, and the kinds of nodes.
reals scores(const std::string& op, const attributes& of, const reals& x) {
    read_nodes all = read(op, of);
    graph whole = all.to;
    whole.inputs = {{"x", {1, static_cast<std::int64_t>(x.size())}, false}};
    whole.nodes = all.nodes;
    whole.outputs = {{"p", {}, false}};
    return answer(whole, x);
}
std::string said(const std::string& op, const attributes& of) {
    try {
        std::string kinds;
        for (const node& one : read(op, of).nodes) kinds += (kinds.empty() ? "" : ", ") + one.op;
        return kinds;
    } catch (const refusal& reason) {
        const std::string text = reason.what();
        return text.substr(text.find(": ") + 2);
    }
}
attributes classifier(const attributes& of, const ints& classes) {
    attributes result = of;
    for (const char* part : {"treeids", "nodeids", "ids", "weights"}) {
        result[std::string("class_") + part] = result.at(std::string("target_") + part);
        result.erase(std::string("target_") + part);
    }
    result["classlabels_int64s"] = classes;
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(modes) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const auto& [mode, below, at, above] : {std::tuple{"BRANCH_LEQ", true, true, false},
                                                 {"BRANCH_LT", true, false, false},
                                                 {"BRANCH_GTE", false, true, true},
                                                 {"BRANCH_GT", false, false, true},
                                                 {"BRANCH_EQ", false, true, false},
                                                 {"BRANCH_NEQ", true, false, true}})
        BOOST_TEST_CONTEXT(mode) {
            const attributes of = two_trees(mode);
            // Leaf 1 has 1, leaf 4 has 4, and 16 of the other tree.
            BOOST_TEST(sum_of(of, {0, 0.25, 0}) == (below ? 17 : 20));
            BOOST_TEST(sum_of(of, {0, 0.5, 0}) == (at ? 17 : 20));
            BOOST_TEST(sum_of(of, {0, 0.75, 0}) == (above ? 17 : 20));
            BOOST_TEST(sum_of(of, {0, nan, 0}) == 20);
            BOOST_TEST(sum_of(with(of, "nodes_missing_value_tracks_true", ints{1, 0, 0, 0, 0, 0, 0, 0}), {0, nan, 0}) ==
                       17);
            BOOST_TEST(sum_of(with(of, "nodes_missing_value_tracks_true", ints{0, 0, 1, 0, 0, 1, 0, 0}),
                              {nan, 0.5, nan}) == (at ? 17 : 18));
            BOOST_TEST(lowered(of) == "input<3>, decision_trees<1, 2, 3>");
        }
}

BOOST_AUTO_TEST_CASE(tables) {
    const network net = lower(ensemble(with(two_trees("BRANCH_LT"), "base_values", reals{0.5})));
    const layer& trees = net.layers.at(0);
    BOOST_REQUIRE(trees.parameters.size() == 3u);
    BOOST_TEST(trees.parameters[0].name == "splits");
    // Five leaves, then three splits: the roots, and the one below tree 4.
    BOOST_TEST(trees.parameters[0].values == (reals{16 + 1, 0.5, 0, 7, 32 + 3, 2, 1, 2, 3, -1, 3, 4}),
               boost::test_tools::per_element());
    BOOST_TEST(trees.parameters[1].values == (reals{1, 16, 8, 2, 4}), boost::test_tools::per_element());
    BOOST_TEST(trees.parameters[2].values == reals{0.5}, boost::test_tools::per_element());
    // Two levels and one level.
    BOOST_TEST(cost_of(net.layers).steps < cost_of(lower(ensemble(two_trees())).layers).steps + 1);
    BOOST_TEST(cost_of(net.layers).parameters == 12 + 5 + 1);
}

BOOST_AUTO_TEST_CASE(aggregates) {
    for (const auto& [name, option, value] : {std::tuple{"SUM", "", 20.0},
                                              {"AVERAGE", ", average_of_trees", 10.0},
                                              {"MIN", ", minimum_of_trees", 4.0},
                                              {"MAX", ", maximum_of_trees", 16.0}}) {
        const attributes of = with(two_trees(), "aggregate_function", std::string(name));
        BOOST_TEST(sum_of(of, {0, 1, 0}) == value);
        BOOST_TEST(sum_of(with(of, "base_values", reals{0.5}), {0, 1, 0}) == value + 0.5);
        BOOST_TEST(lowered(of) == std::string("input<3>, decision_trees<1, 2, 3") + option + ">");
    }
    BOOST_TEST(why(with(two_trees(), "aggregate_function", std::string("MEDIAN"))) ==
               "its aggregate_function is MEDIAN");
}

BOOST_AUTO_TEST_CASE(targets) {
    // A target for each tree: the second tree is of the first target.
    attributes turns = with(with(two_trees(), "n_targets", std::int64_t{2}), "target_ids", ints{1, 1, 1, 0, 0});
    BOOST_TEST(lowered(turns) == "input<3>, decision_trees<2, 2, 3, one_output_per_tree>");
    BOOST_TEST(lowered(with(turns, "aggregate_function", std::string("AVERAGE"))) ==
               "input<3>, decision_trees<2, 2, 3, average_of_trees, one_output_per_tree>");
    BOOST_TEST(lowered(with(turns, "aggregate_function", std::string("MIN"))) ==
               "input<3>, decision_trees<2, 2, 3, minimum_of_trees, one_output_per_tree>");
    // Three targets, of which one has no tree; leaves of several targets.
    turns["n_targets"] = std::int64_t{3};
    BOOST_TEST(lowered(turns) == "input<3>, decision_trees<3, 2, 3>");
    BOOST_TEST(why(with(turns, "aggregate_function", std::string("MAX"))) ==
               "its aggregate_function is MAX, and a leaf has not one weight for each target");
    // Two weights for one target, and none for the other.
    turns["n_targets"] = std::int64_t{2};
    turns["target_ids"] = ints{1, 1, 1, 0, 0, 0, 1, 1, 1, 0};
    for (const char* part : {"target_treeids", "target_nodeids"}) {
        ints twice = std::get<ints>(turns.at(part));
        twice.insert(twice.end(), twice.begin(), twice.begin() + 5);
        turns[part] = twice;
    }
    turns["target_weights"] = reals{1, 2, 4, 8, 16, 3, 5, 7, 9, 11};
    BOOST_TEST(why(with(turns, "aggregate_function", std::string("MAX"))) ==
               "its aggregate_function is MAX, and a leaf has not one weight for each target");
    attributes several = with(with(two_trees(), "n_targets", std::int64_t{2}), "target_ids", ints{0, 0, 1, 0, 1});
    BOOST_TEST(lowered(several) == "input<3>, decision_trees<2, 2, 3>");
    // A tree of one leaf.
    const attributes alone{
        {"nodes_treeids", ints{0, 1, 1, 1}},      {"nodes_nodeids", ints{0, 0, 1, 2}},
        {"nodes_featureids", ints{0, 1, 0, 0}},   {"nodes_modes", strings{"LEAF", "BRANCH_LEQ", "LEAF", "LEAF"}},
        {"nodes_values", reals{0, 0.25, 0, 0}},   {"nodes_truenodeids", ints{0, 1, 0, 0}},
        {"nodes_falsenodeids", ints{0, 2, 0, 0}}, {"target_treeids", ints{0, 1, 1}},
        {"target_nodeids", ints{0, 1, 2}},        {"target_ids", ints{0, 0, 0}},
        {"target_weights", reals{1, 2, 4}}};
    BOOST_TEST(sum_of(alone, {0, 0, 0}) == 3);
    BOOST_TEST(lowered(alone) == "input<3>, decision_trees<1, 2, 2>");
}

BOOST_AUTO_TEST_CASE(what_is_no_tree) {
    BOOST_TEST(why({}) == "it has no nodes");
    BOOST_TEST(why(with(two_trees(), "nodes_values", reals{1})) == "it has 1 nodes_values, and not 8");
    BOOST_TEST(why(two_trees("BRANCH_MEMBER")) == "the mode of a node is BRANCH_MEMBER");
    BOOST_TEST(why(with(two_trees(), "nodes_truenodeids", ints{1, 0, 5, 0, 0, 7, 0, 0})) == "tree 4 has no node 5");
    BOOST_TEST(why(with(two_trees(), "nodes_truenodeids", ints{2, 0, 3, 0, 0, 7, 0, 0})) ==
               "a node of tree 4 is twice a child");
    BOOST_TEST(why(with(two_trees(), "nodes_truenodeids", ints{1, 0, 0, 0, 0, 7, 0, 0})) == "its nodes form a cycle");
    BOOST_TEST(why(with(two_trees(), "nodes_treeids", ints{4, 4, 4, 4, 4, 4, 4, 4})) == "tree 4 has several roots");
    BOOST_TEST(why(with(two_trees(), "nodes_nodeids", ints{0, 1, 2, 3, 3, 5, 6, 7})) == "tree 4 has two nodes 3");
    BOOST_TEST(why(with(two_trees(), "nodes_featureids", ints{3, 0, 0, 0, 0, 2, 0, 0})) ==
               "a node compares feature 3 of 3");
    BOOST_TEST(why(with(two_trees(), "nodes_featureids", ints{-1, 0, 0, 0, 0, 2, 0, 0})) ==
               "a node compares the feature -1");
    BOOST_TEST(why(with(two_trees(), "target_nodeids", ints{1, 2, 4, 6, 7})) == "a node with a weight is no leaf");
    BOOST_TEST(why(with(two_trees(), "target_ids", ints{0, 0, 1, 0, 0})) == "a weight is for the target 1");
    BOOST_TEST(why(with(two_trees(), "base_values", reals{1, 2})) == "it has 2 base_values, and not 1");
    BOOST_TEST(why(with(two_trees(), "nodes_values_as_tensor", array{{8}, reals(8)})) ==
               "it has both nodes_values and nodes_values_as_tensor");
    BOOST_TEST(lower_test::refusal_of(ensemble(two_trees(), {2, 3})).find("--batch") != std::string::npos);
    // Of doubles.
    attributes doubles = with(two_trees(), "nodes_values_as_tensor", array{{8}, reals{0.1, 0, -1, 0, 0, 2, 0, 0}});
    doubles.erase("nodes_values");
    BOOST_TEST(lowered(doubles) == "input<3>, decision_trees<1, 2, 3>");
}

BOOST_AUTO_TEST_CASE(classifiers) {
    const std::string op = "TreeEnsembleClassifier";
    attributes of = with(two_trees(), "target_ids", ints{0, 1, 2, 1, 2});
    const attributes three = classifier(of, {7, 4, 9});
    BOOST_TEST(said(op, three) == "TreeEnsembleRegressor");
    BOOST_TEST(scores(op, three, {0, 0, 3}) == (reals{1, 8, 0}), boost::test_tools::per_element());
    BOOST_TEST(said(op, with(three, "post_transform", std::string("SOFTMAX"))) == "TreeEnsembleRegressor, Softmax");
    BOOST_TEST(said(op, with(three, "post_transform", std::string("LOGISTIC"))) == "TreeEnsembleRegressor, Sigmoid");
    BOOST_TEST(said(op, with(three, "post_transform", std::string("PROBIT"))) == "its post_transform is PROBIT");
    BOOST_TEST(said(op, classifier(of, {7})) == "it has 1 classes");
    BOOST_TEST(said(op, classifier(of, {7, 4})) == "TreeEnsembleRegressor");  // refused when it is computed
    // The class, where something takes it.
    BOOST_TEST(read(op, three, {"label"}).nodes.size() == 3u);
    BOOST_TEST(read(op, three, {"label"}).nodes[2].op == "Gather");
    attributes names = three;
    names.erase("classlabels_int64s");
    names["classlabels_strings"] = strings{"a", "b", "c"};
    BOOST_TEST(read(op, names).nodes.size() == 1u);
    BOOST_CHECK_THROW(read(op, names, {"label"}), refusal);

    // Two classes, and weights for one: shares, or logits.
    const attributes shares = classifier(with(two_trees(), "target_weights", reals{0.125, 0.25, 0.5, 0.25, 0}), {0, 1});
    BOOST_TEST(scores(op, shares, {0, 0, 3}) == (reals{0.625, 0.375}), boost::test_tools::per_element());
    BOOST_TEST(scores(op, with(shares, "base_values", reals{0.0625}), {0, 0, 3}) == (reals{0.5625, 0.4375}),
               boost::test_tools::per_element());
    const attributes logits = with(classifier(with(two_trees(), "target_weights", reals{-1, 2, 4, 3, 1}), {0, 1}),
                                   "post_transform", std::string("LOGISTIC"));
    const reals found = scores(op, with(logits, "base_values", reals{0.5}), {0, 0, 3});
    BOOST_TEST(std::abs(found[1] - 1 / (1 + std::exp(-2.5))) < 1e-12);
    BOOST_TEST(std::abs(found[0] + found[1] - 1) < 1e-12);
    BOOST_TEST(said(op, with(shares, "post_transform", std::string("LOGISTIC"))) ==
               "it has two classes and weights for one; implementations differ in the scores if the weights are not "
               "negative and its post_transform is LOGISTIC");
    BOOST_TEST(
        said(op, with(logits, "post_transform", std::string("NONE"))) ==
        "it has two classes and weights for one; implementations differ in the scores if the weights are of both "
        "signs and its post_transform is NONE");
    BOOST_TEST(said(op, with(logits, "class_ids", ints{1, 1, 1, 1, 1})) ==
               "it has two classes, and weights for the second alone");
    BOOST_TEST(said(op, with(logits, "base_values", reals{1, 2})) ==
               "it has two classes, weights for one, and two base_values");
    BOOST_TEST(said("TreeEnsembleRegressor", with(two_trees(), "post_transform", std::string("SOFTMAX"))) ==
               "its post_transform is SOFTMAX");
}

BOOST_AUTO_TEST_CASE(newer_ensembles) {
    const std::string op = "TreeEnsemble";
    // x1 < 1/2: leaf 0, else x0 <= -1: leaf 1, else leaf 2; x2 >= 2: leaf 1, else leaf 1.
    const attributes of{{"nodes_splits", array{{3}, reals{0.5, 2, -1}}},
                        {"nodes_featureids", ints{1, 2, 0}},
                        {"nodes_modes", array{{3}, ints{1, 2, 0}}},
                        {"nodes_truenodeids", ints{0, 1, 1}},
                        {"nodes_trueleafs", ints{1, 1, 1}},
                        {"nodes_falsenodeids", ints{2, 1, 2}},
                        {"nodes_falseleafs", ints{0, 1, 1}},
                        {"leaf_targetids", ints{0, 1, 1}},
                        {"leaf_weights", array{{3}, reals{1, 2, 4}}},
                        {"tree_roots", ints{0, 1}},
                        {"n_targets", std::int64_t{2}}};
    BOOST_TEST(scores(op, of, {0, 0, 0}) == (reals{1, 2}), boost::test_tools::per_element());
    BOOST_TEST(scores(op, of, {0, 0.5, 0}) == (reals{0, 6}), boost::test_tools::per_element());
    BOOST_TEST(scores(op, with(of, "aggregate_function", std::int64_t{0}), {0, 0.5, 0}) == (reals{0, 3}),
               boost::test_tools::per_element());
    const double nan = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(scores(op, with(of, "nodes_missing_value_tracks_true", ints{1, 0, 0}), {0, nan, 0}) == (reals{1, 2}),
               boost::test_tools::per_element());
    BOOST_TEST(said(op, with(of, "aggregate_function", std::int64_t{7})) == "its aggregate_function is 7");
    BOOST_TEST(said(op, with(of, "post_transform", std::int64_t{2})) == "its post_transform is LOGISTIC");
    BOOST_TEST(said(op, with(of, "nodes_modes", array{{3}, ints{1, 6, 0}})) ==
               "a node compares with a set (BRANCH_MEMBER)");
    BOOST_TEST(said(op, with(of, "nodes_modes", array{{3}, ints{1, 9, 0}})) == "its nodes_modes is 9");
    BOOST_TEST(said(op, with(of, "nodes_falsenodeids", ints{0, 1, 2})) == "node 0 is in two places");
    BOOST_TEST(said(op, with(of, "nodes_falsenodeids", ints{2, 1, 3})) == "it has no leaf 3");
    BOOST_TEST(said(op, with(of, "tree_roots", ints{0, 3})) == "it has no node 3");
    BOOST_TEST(said(op, with(of, "nodes_featureids", ints{0})) == "its lists of nodes differ in length");
    BOOST_TEST(said(op, with(of, "leaf_targetids", ints{0})) == "its lists of leaves differ in length");
}
