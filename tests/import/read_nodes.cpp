// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_read_nodes
#include "read/read_nodes.hpp"

#include "command/import_model.hpp"
#include "lower_support.hpp"
#include "read/read.hpp"

#include "sanitized.hpp"

#include <onnx/onnx_pb.h>

// Functions of a model, branches, operators of scikit-learn, and what classifiers do behind their scores.

namespace {

using namespace ctnn_import;
using lower_test::text_of;
using onnx::AttributeProto;
using strings = std::vector<std::string>;

/// Appends to a graph, a branch or a function.
template <class Nodes>
onnx::NodeProto& node_in(Nodes& to, const std::string& op, const strings& inputs, const strings& outputs,
                         const std::string& domain = "") {
    onnx::NodeProto& one = *to.add_node();
    one.set_op_type(op);
    one.set_domain(domain);
    for (const std::string& name : inputs) one.add_input(name);
    for (const std::string& name : outputs) one.add_output(name);
    return one;
}
AttributeProto& with(onnx::NodeProto& to, const std::string& name, AttributeProto::AttributeType type) {
    AttributeProto& one = *to.add_attribute();
    one.set_name(name);
    one.set_type(type);
    return one;
}
void with(onnx::NodeProto& to, const std::string& name, const std::vector<float>& numbers) {
    AttributeProto& one = with(to, name, AttributeProto::FLOATS);
    for (const float number : numbers) one.add_floats(number);
}
void with(onnx::NodeProto& to, const std::string& name, const std::string& text) {
    with(to, name, AttributeProto::STRING).set_s(text);
}

void constant(onnx::GraphProto& to, const std::string& name, const extents& dims, const std::vector<float>& numbers) {
    onnx::TensorProto& tensor = *to.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t extent : dims) tensor.add_dims(extent);
    for (const float number : numbers) tensor.add_float_data(number);
}
void truth(onnx::GraphProto& to, const std::string& name, bool value) {
    onnx::TensorProto& tensor = *to.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::BOOL);
    tensor.add_int32_data(value);
}

void integer(onnx::GraphProto& to, const std::string& name, std::int64_t value) {
    onnx::TensorProto& tensor = *to.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_int64_data(value);
}

/// A model with one input "x" of 1 x 3.
onnx::ModelProto model(const strings& outputs = {"y"}) {
    onnx::ModelProto made;
    made.set_ir_version(8);
    made.add_opset_import()->set_version(18);
    made.mutable_graph()->set_name("g");
    onnx::ValueInfoProto& x = *made.mutable_graph()->add_input();
    x.set_name("x");
    auto& type = *x.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    for (const int extent : {1, 3}) type.mutable_shape()->add_dim()->set_dim_value(extent);
    for (const std::string& name : outputs) {
        onnx::ValueInfoProto& y = *made.mutable_graph()->add_output();
        y.set_name(name);
        y.mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
    }
    return made;
}
onnx::FunctionProto& function(onnx::ModelProto& to, const std::string& name, const strings& inputs,
                              const strings& outputs, std::int64_t opset = 18) {
    onnx::FunctionProto& one = *to.add_functions();
    one.set_name(name);
    one.set_domain("local");
    one.add_opset_import()->set_version(opset);
    for (const std::string& input : inputs) one.add_input(input);
    for (const std::string& output : outputs) one.add_output(output);
    return one;
}

graph read(const onnx::ModelProto& from, const std::string& output = "") {
    read_options options;
    options.output = output;
    return parse_model(from.SerializeAsString(), "", options);
}
std::string imported(const onnx::ModelProto& from, const std::string& output = "") {
    try {
        return text_of(import_model(read(from, output)));
    } catch (const refusal& error) { return error.what(); }
}
void expect_answer(const onnx::ModelProto& from, const std::vector<double>& x, const std::vector<double>& y,
                   const std::string& output = "") {
    const auto found = answer(read(from, output), x);
    BOOST_REQUIRE(found.size() == y.size());
    for (std::size_t i = 0; i < y.size(); ++i) BOOST_TEST(std::abs(found[i] - y[i]) <= 1e-7);
}

/// An If with these branches, each of one operator on x.
onnx::NodeProto& choice(onnx::ModelProto& in, const std::string& condition, const std::string& yes,
                        const std::string& no) {
    onnx::NodeProto& one = node_in(*in.mutable_graph(), "If", {condition}, {"y"});
    for (const auto& [name, op] : {std::pair{"then_branch", yes}, {"else_branch", no}}) {
        onnx::GraphProto& branch = *with(one, name, AttributeProto::GRAPH).mutable_g();
        branch.set_name(name);
        node_in(branch, op, {"x"}, {"inner"});
        branch.add_output()->set_name("inner");
    }
    return one;
}

/// A Scan over the rows of x, 3 of 1 x 1, or a Loop: h' = h W + x_t, from h0 on; the rows are h'.
onnx::ModelProto recurrence(const std::string& op, std::int64_t opset = 18, const strings& outputs = {"y"}) {
    onnx::ModelProto m = model(outputs);
    m.mutable_opset_import(0)->set_version(opset);
    onnx::GraphProto& graph = *m.mutable_graph();
    auto& x = *graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
    x.clear_dim();
    for (const int extent : {3, 1, 1}) x.add_dim()->set_dim_value(extent);
    constant(graph, "h0", {1, 1}, {1});
    constant(graph, "w", {1, 1}, {10});
    const bool loop = op == "Loop";
    onnx::NodeProto& one = node_in(graph, op, loop ? strings{"m", "", "h0"} : strings{"h0", "x"}, {"last", "y"});
    onnx::GraphProto& body = *with(one, "body", AttributeProto::GRAPH).mutable_g();
    body.set_name("body");
    for (const char* name : {"t", "go", "h"}) body.add_input()->set_name(name);
    if (loop) {
        integer(graph, "m", 3);
        with(node_in(body, "Gather", {"x", "t"}, {"row"}), "axis", AttributeProto::INT).set_i(0);
        node_in(body, "Identity", {"go"}, {"go_on"});
        body.add_output()->set_name("go_on");
    } else {
        body.mutable_input()->DeleteSubrange(0, 2);
        body.add_input()->set_name("row");
        with(one, "num_scan_inputs", AttributeProto::INT).set_i(1);
    }
    node_in(body, "MatMul", {"h", "w"}, {"product"});
    node_in(body, "Add", {"product", "row"}, {"next"});
    node_in(body, "Identity", {"next"}, {"collected"});
    for (const char* name : {"next", "collected"}) body.add_output()->set_name(name);
    return m;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_steps_of_loops) {
    for (const char* op : {"Scan", "Loop"})
        for (const std::int64_t opset : {11, 13, 18}) {
            expect_answer(recurrence(op, opset), {1, 2, 3}, {11, 112, 1123});
            const std::string text = imported(recurrence(op, opset));
            BOOST_TEST(text.starts_with("input<3, 1, 1>, graph<"), text);
            expect_answer(recurrence(op, opset, {"last"}), {1, 2, 3}, {1123});
        }
    // Backwards, and what is collected backwards again.
    onnx::ModelProto back = recurrence("Scan");
    with(*back.mutable_graph()->mutable_node(0), "scan_input_directions", AttributeProto::INTS).add_ints(1);
    expect_answer(back, {1, 2, 3}, {13, 132, 1321});
    with(*back.mutable_graph()->mutable_node(0), "scan_output_directions", AttributeProto::INTS).add_ints(1);
    expect_answer(back, {1, 2, 3}, {1321, 132, 13});
    // A condition that is computed from constants ends it: after the step of which t < 1 is false.
    onnx::ModelProto two = recurrence("Loop");
    auto& body = *two.mutable_graph()->mutable_node(0)->mutable_attribute(0)->mutable_g();
    integer(body, "one", 1);
    body.mutable_node(1)->set_op_type("Less");
    body.mutable_node(1)->clear_input();
    for (const char* name : {"t", "one"}) body.mutable_node(1)->add_input(name);
    expect_answer(two, {1, 2, 3}, {11, 112});
}

BOOST_AUTO_TEST_CASE(loops_that_are_refused) {
    onnx::ModelProto endless = recurrence("Loop");
    endless.mutable_graph()->mutable_node(0)->set_input(0, "");
    auto& body = *endless.mutable_graph()->mutable_node(0)->mutable_attribute(0)->mutable_g();
    integer(body, "zero", 0);
    body.mutable_node(0)->set_input(1, "zero");
    BOOST_TEST(imported(endless) ==
               "node \"last\" (Loop): it takes more than 64 steps, and the importer writes out each of them");
    onnx::ModelProto long_one = recurrence("Scan");
    long_one.mutable_graph()
        ->mutable_input(0)
        ->mutable_type()
        ->mutable_tensor_type()
        ->mutable_shape()
        ->mutable_dim(0)
        ->set_dim_value(65);
    BOOST_TEST(imported(long_one) == "node \"last\" (Scan): it takes 65 steps, and the importer writes out at most 64");
    onnx::ModelProto computed = recurrence("Loop");
    node_in(*computed.mutable_graph(), "ReduceMax", {"x"}, {"largest"});
    with(node_in(*computed.mutable_graph(), "Cast", {"largest"}, {"count"}), "to", AttributeProto::INT).set_i(7);
    computed.mutable_graph()->mutable_node()->SwapElements(0, 2);
    computed.mutable_graph()->mutable_node()->SwapElements(0, 1);
    computed.mutable_graph()->mutable_node(2)->set_input(0, "count");
    BOOST_TEST(imported(computed) == "node \"last\" (Loop): its trip count depends on the input \"x\"");
    onnx::ModelProto none = recurrence("Loop");
    none.mutable_graph()->mutable_initializer(2)->set_int64_data(0, 0);
    BOOST_TEST(imported(none) == "node \"last\" (Loop): it takes no step, and an output is empty");
    onnx::ModelProto unknown = recurrence("Scan");
    unknown.mutable_graph()->mutable_node(0)->set_input(1, "z");
    BOOST_TEST(imported(unknown) == "node \"last\" (Scan): nothing before it computes its input \"z\"");
    onnx::ModelProto other = recurrence("Scan");
    other.mutable_graph()->mutable_node(0)->mutable_attribute(1)->set_i(3);
    BOOST_TEST(imported(other) == "node \"last\" (Scan): its inputs and outputs are not those of its body");
    other.mutable_graph()->mutable_node(0)->mutable_attribute()->DeleteSubrange(0, 1);
    BOOST_TEST(imported(other) == "node \"last\" (Scan): its attribute body is missing");
}

BOOST_AUTO_TEST_CASE(a_function_is_its_nodes) {
    onnx::ModelProto m = model();
    auto& body = function(m, "twice", {"a", "b"}, {"c"});
    node_in(body, "Add", {"a", "b"}, {"t"});
    AttributeProto& slope = with(node_in(body, "LeakyRelu", {"t"}, {"c"}), "alpha", AttributeProto::FLOAT);
    slope.set_ref_attr_name("slope");
    with(node_in(*m.mutable_graph(), "twice", {"x", "x"}, {"t"}, "local"), "slope", AttributeProto::FLOAT).set_f(0.5f);
    // The second call has other inner names, and the operator's own default.
    node_in(*m.mutable_graph(), "twice", {"t", "x"}, {"y"}, "local");
    expect_answer(m, {1, -1, 2}, {3, -0.02, 6});
    BOOST_TEST(imported(m).find("leaky_relu") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(functions_in_functions) {
    onnx::ModelProto m = model();
    auto& inner = function(m, "inner", {"a"}, {"b"});
    node_in(inner, "Neg", {"a"}, {"b"});
    auto& outer = function(m, "outer", {"x"}, {"y", "z"});
    node_in(outer, "inner", {"x"}, {"y"}, "local");
    node_in(outer, "Relu", {"y"}, {"z"});
    node_in(*m.mutable_graph(), "outer", {"x"}, {"", "y"}, "local");
    expect_answer(m, {1, -1, 2}, {0, 1, 0});
    // Another opset: axes were an attribute then.
    onnx::ModelProto old = model();
    auto& sum = function(old, "sum", {"a"}, {"b"}, 11);
    with(node_in(sum, "ReduceSum", {"a"}, {"b"}), "axes", AttributeProto::INTS).add_ints(1);
    node_in(*old.mutable_graph(), "sum", {"x"}, {"y"}, "local");
    expect_answer(old, {1, -1, 2}, {2});
}

BOOST_AUTO_TEST_CASE(functions_that_are_refused) {
    onnx::ModelProto endless = model();
    node_in(function(endless, "f", {"a"}, {"b"}), "f", {"a"}, {"b"}, "local");
    node_in(*endless.mutable_graph(), "f", {"x"}, {"y"}, "local");
    BOOST_TEST(imported(endless).ends_with("(f): functions call each other more than 32 deep"), imported(endless));
#if !defined(CTNN_TEST_SANITIZED)  // which makes it take half a minute
    // Each calls the next one twice: 2^31 calls, and no node.
    onnx::ModelProto many = model();
    for (int i = 0; i < 31; ++i) {
        auto& one = function(many, "f" + std::to_string(i), {"a"}, {"b"});
        for (const char* name : {"c", "b"}) {
            if (i < 30)
                node_in(one, "f" + std::to_string(i + 1), {"a"}, {name}, "local");
            else
                node_in(one, "Relu", {"a"}, {name});
        }
    }
    node_in(*many.mutable_graph(), "f0", {"x"}, {"y"}, "local");
    const std::string too_many = imported(many);
    BOOST_TEST(too_many.ends_with(": the model has more than 2^16 calls and branches"), too_many);
#endif
    onnx::ModelProto missing = model();
    node_in(function(missing, "f", {"a"}, {"b"}), "Relu", {"x"}, {"b"});
    node_in(*missing.mutable_graph(), "f", {"x"}, {"y"}, "local");
    BOOST_TEST(imported(missing) == "node \"\" of a function: nothing before it computes its input \"x\"");
    onnx::ModelProto twice = model();
    for (int i = 0; i < 2; ++i) node_in(function(twice, "f", {"a"}, {"b"}), "Relu", {"a"}, {"b"});
    node_in(*twice.mutable_graph(), "f", {"x"}, {"y"}, "local");
    BOOST_TEST(imported(twice) == "the model defines the function \"f\" twice");
    onnx::ModelProto newer = model();
    node_in(function(newer, "f", {"a"}, {"b"}, 99), "Relu", {"a"}, {"b"});
    node_in(*newer.mutable_graph(), "f", {"x"}, {"y"}, "local");
    BOOST_TEST(imported(newer) == "node \"y\" (f): its function uses opset 99");
}

BOOST_AUTO_TEST_CASE(the_branch_of_a_constant) {
    for (const bool yes : {true, false}) {
        onnx::ModelProto m = model();
        truth(*m.mutable_graph(), "c", yes);
        choice(m, "c", "Relu", "Neg");
        expect_answer(m, {1, -1, 2}, yes ? std::vector<double>{1, 0, 2} : std::vector<double>{-1, 1, -2});
        BOOST_TEST(imported(m, "y").find(yes ? "relu" : "scale") != std::string::npos, imported(m, "y"));
    }
    // A condition on the shape of the input, as exporters of Squeeze write it.
    onnx::ModelProto m = model();
    node_in(*m.mutable_graph(), "Shape", {"x"}, {"s"});
    constant(*m.mutable_graph(), "zero", {}, {0});
    node_in(*m.mutable_graph(), "Size", {"s"}, {"n"});
    with(node_in(*m.mutable_graph(), "Cast", {"n"}, {"r"}), "to", AttributeProto::INT).set_i(1);
    node_in(*m.mutable_graph(), "Greater", {"r", "zero"}, {"c"});
    choice(m, "c", "Tanh", "Neg");
    BOOST_TEST(imported(m) == "input<3>, activation<tanh>");
}

BOOST_AUTO_TEST_CASE(branches_that_are_refused) {
    onnx::ModelProto computed = model();
    constant(*computed.mutable_graph(), "axes", {}, {0});
    node_in(*computed.mutable_graph(), "ReduceMax", {"x"}, {"m"});
    node_in(*computed.mutable_graph(), "Greater", {"m", "axes"}, {"c"});
    choice(computed, "c", "Relu", "Neg");
    BOOST_TEST(imported(computed) == "node \"y\" (If): its condition depends on the input \"x\"");
    onnx::ModelProto half = model();
    truth(*half.mutable_graph(), "c", true);
    choice(half, "c", "Relu", "Neg").mutable_attribute()->DeleteSubrange(0, 1);
    BOOST_TEST(imported(half) == "node \"y\" (If): its attribute then_branch is missing");
    onnx::ModelProto real = model();
    constant(*real.mutable_graph(), "c", {}, {1});
    choice(real, "c", "Relu", "Neg");
    BOOST_TEST(imported(real) == "node \"y\" (If): its condition is not one truth value");
}

BOOST_AUTO_TEST_CASE(scalers_and_normalizers) {
    onnx::ModelProto m = model();
    auto& scaler = node_in(*m.mutable_graph(), "Scaler", {"x"}, {"s"}, "ai.onnx.ml");
    with(scaler, "offset", std::vector<float>{1, 2, 3});
    with(scaler, "scale", std::vector<float>{2, 1, 0.5});
    with(node_in(*m.mutable_graph(), "Normalizer", {"s"}, {"y"}, "ai.onnx.ml"), "norm", "L2");
    expect_answer(m, {2.5, -2, 3}, {0.6, -0.8, 0});
    BOOST_TEST(imported(m).starts_with("input<3>, scale<>, "), imported(m));
    m.mutable_graph()->mutable_node(1)->mutable_attribute(0)->set_s("L1");
    expect_answer(m, {3, -4, 3}, {0.4, -0.6, 0});
    m.mutable_graph()->mutable_node(1)->mutable_attribute(0)->set_s("MAX");
    BOOST_TEST(imported(m) == "node \"y\" (Normalizer): its norm is MAX; the importer knows L1 and L2");
    m.mutable_graph()->mutable_node(0)->mutable_attribute(0)->add_floats(4);
    BOOST_TEST(imported(m) == "node \"s\" (Scaler): its offset and scale differ in length");
}

BOOST_AUTO_TEST_CASE(linear_models) {
    onnx::ModelProto m = model();
    auto& linear = node_in(*m.mutable_graph(), "LinearRegressor", {"x"}, {"y"}, "ai.onnx.ml");
    with(linear, "coefficients", std::vector<float>{1, 2, 3, 0, 1, 0});
    with(linear, "intercepts", std::vector<float>{0.5, -1});
    with(linear, "targets", AttributeProto::INT).set_i(2);
    expect_answer(m, {1, 1, 2}, {9.5, 0});
    BOOST_TEST(imported(m) == "input<3>, dense<2>");
    m.mutable_graph()->mutable_node(0)->mutable_attribute(2)->set_i(4);
    BOOST_TEST(imported(m) == "node \"y\" (LinearRegressor): its 6 coefficients are not those of 4 outputs");

    onnx::ModelProto c = model({"label", "probabilities"});
    auto& classifier = node_in(*c.mutable_graph(), "LinearClassifier", {"x"}, {"label", "scores"}, "ai.onnx.ml");
    with(classifier, "coefficients", std::vector<float>{1, 0, 0, 0, 1, 0});
    with(classifier, "intercepts", std::vector<float>{0, 1});
    with(classifier, "post_transform", "SOFTMAX");
    auto& labels = with(classifier, "classlabels_ints", AttributeProto::INTS);
    labels.add_ints(7);
    labels.add_ints(4);
    node_in(*c.mutable_graph(), "ZipMap", {"scores"}, {"probabilities"}, "ai.onnx.ml");
    const double first = 1 / (1 + std::exp(-1));
    expect_answer(c, {3, 1, 0}, {first, 1 - first}, "scores");
    BOOST_TEST(imported(c, "scores") == "input<3>, dense<2, softmax>");
    // The scores as an output beside their names are the same.
    onnx::ModelProto both = c;
    both.mutable_graph()->add_output()->set_name("scores");
    BOOST_TEST(imported(both, "scores") == "input<3>, dense<2, softmax>");
    // The class itself is what the program makes of the scores.
    const graph classes = read(c, "label");
    BOOST_TEST(text_of(import_model(classes)) == "input<3>, dense<2, softmax>");
    BOOST_REQUIRE(classes.notes.size() == 2u);
    BOOST_TEST(classes.notes[0] ==
               "The output \"probabilities\" is imported as \"scores\", without the names of the classes (ZipMap).");
    BOOST_TEST(
        classes.notes[1] ==
        "The output \"label\" is the class; the network gives \"scores\", and ctnn::predict(net, x) the index of "
        "the largest of them, which the model maps to a label.");
    c.mutable_graph()->mutable_node(0)->mutable_attribute(2)->set_s("PROBIT");
    BOOST_TEST(imported(c, "scores") == "node \"label\" (LinearClassifier): its post_transform is PROBIT");
    onnx::ModelProto other = model();
    node_in(*other.mutable_graph(), "SVMRegressor", {"x"}, {"y"}, "ai.onnx.ml");
    BOOST_TEST(imported(other).find("knows Scaler, Normalizer, linear models and ensembles of trees") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_largest_is_left_to_the_program) {
    const auto largest = [](std::int64_t axis, bool keep, bool last) {
        onnx::ModelProto m = model();
        node_in(*m.mutable_graph(), "Tanh", {"x"}, {"t"});
        auto& one = node_in(*m.mutable_graph(), "ArgMax", {"t"}, {"y"});
        with(one, "axis", AttributeProto::INT).set_i(axis);
        with(one, "keepdims", AttributeProto::INT).set_i(keep);
        with(one, "select_last_index", AttributeProto::INT).set_i(last);
        return m;
    };
    BOOST_TEST(imported(largest(1, true, false)) == "input<3>, activation<tanh>");
    BOOST_TEST(imported(largest(-1, false, false)) == "input<3>, activation<tanh>");
    // The last of equals is not what predict gives, and the first axis has one element.
    BOOST_TEST(imported(largest(1, true, true)).ends_with("the output \"y\" holds integers"));
    BOOST_TEST(imported(largest(0, true, false)).ends_with("the output \"y\" holds integers"));
    // Inside of a network there is no such layer.
    onnx::ModelProto m = largest(1, true, false);
    m.mutable_graph()->mutable_node(1)->set_output(0, "k");
    with(node_in(*m.mutable_graph(), "Cast", {"k"}, {"y"}), "to", AttributeProto::INT).set_i(1);
    BOOST_TEST(imported(m) == "node \"k\" (ArgMax): ctnn has no layer for this operator");
}
