// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_read
#include "read/read.hpp"

#include "command/import_model.hpp"
#include "lower_support.hpp"
#include "refusal.hpp"

#include <onnx/defs/schema.h>
#include <onnx/onnx_pb.h>

#include <concepts>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

// Reading a model: what options bind in it, which operator versions it may have, and the messages otherwise.

namespace {

using namespace ctnn_import;
using lower_test::text_of;

using onnx::TensorProto;
using dims_text = std::vector<std::string>;  // "N" is open and named, "?" is open, "-1" is what exporters write

/// A model, built as in a file.
class file {
  public:
    explicit file(std::int64_t opset = 13) {
        model.set_ir_version(8);
        model.add_opset_import()->set_version(opset);
        model.mutable_graph()->set_name("small");
    }
    file& input(const std::string& name, const dims_text& dims, TensorProto::DataType type = TensorProto::FLOAT) {
        describe(*model.mutable_graph()->add_input(), name, dims, type);
        return *this;
    }
    file& output(const std::string& name, const dims_text& dims = {}) {
        describe(*model.mutable_graph()->add_output(), name, dims, TensorProto::FLOAT);
        if (dims.empty())
            model.mutable_graph()->mutable_output()->rbegin()->mutable_type()->mutable_tensor_type()->clear_shape();
        return *this;
    }
    file& weights(const std::string& name, const extents& dims) {
        TensorProto& tensor = *model.mutable_graph()->add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(TensorProto::FLOAT);
        for (const std::int64_t extent : dims) tensor.add_dims(extent);
        for (std::int64_t i = 0; i < count(dims); ++i) tensor.add_float_data(0.25f * static_cast<float>(i % 7 - 3));
        return *this;
    }
    file& numbers(const std::string& name, const std::vector<std::int64_t>& values) {
        TensorProto& tensor = *model.mutable_graph()->add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(TensorProto::INT64);
        tensor.add_dims(static_cast<std::int64_t>(values.size()));
        for (const std::int64_t value : values) tensor.add_int64_data(value);
        return *this;
    }
    file& reals(const std::string& name, const std::vector<float>& values) {
        TensorProto& tensor = *model.mutable_graph()->add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(TensorProto::FLOAT);
        tensor.add_dims(static_cast<std::int64_t>(values.size()));
        for (const float value : values) tensor.add_float_data(value);
        return *this;
    }
    file& node(const std::string& op, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs) {
        onnx::NodeProto& one = *model.mutable_graph()->add_node();
        one.set_op_type(op);
        for (const std::string& name : inputs) one.add_input(name);
        for (const std::string& name : outputs) one.add_output(name);
        return *this;
    }
    /// Attributes of the last node.
    file& with(const std::string& name, std::integral auto number) {
        added(name, onnx::AttributeProto::INT).set_i(number);
        return *this;
    }
    file& with(const std::string& name, float number) {
        added(name, onnx::AttributeProto::FLOAT).set_f(number);
        return *this;
    }
    file& with(const std::string& name, const char* text) { return with(name, std::string(text)); }
    file& with(const std::string& name, const std::string& text) {
        added(name, onnx::AttributeProto::STRING).set_s(text);
        return *this;
    }
    file& with(const std::string& name, const std::vector<std::int64_t>& values) {
        auto& one = added(name, onnx::AttributeProto::INTS);
        for (const std::int64_t value : values) one.add_ints(value);
        return *this;
    }

    graph read(const read_options& options = {}) const { return parse_model(model.SerializeAsString(), "", options); }
    /// The network, or why it is refused.
    std::string imported(const read_options& options = {}) const {
        try {
            return text_of(import_model(read(options)));
        } catch (const refusal& error) {
            BOOST_TEST(std::string(error.what()).find('\n') == std::string::npos);
            return error.what();
        }
    }

    onnx::ModelProto model;

  private:
    static void describe(onnx::ValueInfoProto& info, const std::string& name, const dims_text& dims,
                         TensorProto::DataType type) {
        info.set_name(name);
        auto& tensor = *info.mutable_type()->mutable_tensor_type();
        tensor.set_elem_type(type);
        tensor.mutable_shape();
        for (const std::string& text : dims) {
            auto& dim = *tensor.mutable_shape()->add_dim();
            if (text.find_first_not_of("-0123456789") == text.npos)
                dim.set_dim_value(std::stoll(text));
            else if (text != "?")
                dim.set_dim_param(text);
        }
    }
    onnx::AttributeProto& added(const std::string& name, onnx::AttributeProto::AttributeType type) {
        onnx::AttributeProto& one = *model.mutable_graph()->mutable_node()->rbegin()->add_attribute();
        one.set_name(name);
        one.set_type(type);
        return one;
    }
};

read_options batch(std::int64_t samples) {
    read_options options;
    options.batch = samples;
    return options;
}
read_options dim(const std::string& name, std::int64_t extent) {
    read_options options;
    options.dims[name] = extent;
    return options;
}
read_options shape(const std::string& name, const extents& dims) {
    read_options options;
    options.shapes[name] = dims;
    return options;
}
read_options take(const std::string& name) {
    read_options options;
    options.output = name;
    return options;
}

/// y = sum of |x - refs|, for five references: five is not a batch.
file references() {
    file all;
    all.input("x", {"N", "3"}).input("refs", {"5", "3"}).numbers("axes", {1}).output("y", {"5"});
    all.node("Sub", {"x", "refs"}, {"d"}).node("Relu", {"d"}, {"a"});
    all.node("ReduceSum", {"a", "axes"}, {"y"}).with("keepdims", 0);
    return all;
}

/// A state of two layers in addition to the input; the batch is its second axis.
file with_state() {
    file all;
    all.input("x", {"batch", "4"}).input("h", {"2", "batch", "3"}).weights("w", {4, 3}).output("y", {"batch", "3"});
    all.node("ReduceMean", {"h"}, {"m"}).with("axes", std::vector<std::int64_t>{0}).with("keepdims", 0);
    all.node("Gemm", {"x", "w"}, {"a"}).node("Add", {"a", "m"}, {"y"});
    return all;
}

file dense(const dims_text& dims) {
    return file().input("x", dims).weights("w", {4, 3}).output("y").node("MatMul", {"x", "w"}, {"y"});
}

file one_operator(const std::string& op, std::int64_t opset, const dims_text& dims = {"1", "2", "2", "2"}) {
    return file(opset).input("x", dims).output("y").node(op, {"x"}, {"y"});
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_batch_binds_what_is_open) {
    BOOST_TEST(dense({"N", "4"}).imported(batch(1)) == "input<4>, dense<3, identity, no_bias>");
    BOOST_TEST(dense({"?", "4"}).imported(batch(1)) == "input<4>, dense<3, identity, no_bias>");
    BOOST_TEST(dense({"-1", "4"}).imported(batch(1)) == "input<4>, dense<3, identity, no_bias>");
    // It is the same network as when the axis is bound by name.
    const std::string named = with_state().imported(dim("batch", 1));
    BOOST_TEST(named.starts_with("inputs<x: 4, h: 2, 1, 3>, graph<"), named);
    BOOST_TEST(with_state().imported(batch(1)) == named);
    // The number of references does not change.
    const graph five = references().read(batch(1));
    BOOST_TEST(five.shapes.at("y") == (extents{5}), boost::test_tools::per_element());
    BOOST_TEST(five.inputs[1].dims == (extents{5, 3}), boost::test_tools::per_element());
    BOOST_TEST(references().imported(batch(1)) == references().imported(dim("N", 1)));
    // Two steps that are split remain two.
    file split;
    split.input("x", {"batch", "4"}).input("h", {"2", "batch", "3"}).weights("w", {4, 3}).numbers("axes", {0});
    split.output("y").node("Split", {"h"}, {"h0", "h1"}).with("axis", 0).node("Squeeze", {"h0", "axes"}, {"s"});
    split.node("Gemm", {"x", "w"}, {"a"}).node("Add", {"a", "s"}, {"y"});
    BOOST_TEST(split.imported(batch(1)).starts_with("inputs<x: 4, h: 2, 1, 3>, graph<"), split.imported(batch(1)));
    BOOST_TEST(split.imported(batch(1)) == split.imported(dim("batch", 1)));
}

BOOST_AUTO_TEST_CASE(a_batch_changes_nothing_that_is_fixed) {
    BOOST_TEST(dense({"1", "4"}).imported(batch(1)) == "input<4>, dense<3, identity, no_bias>");
    BOOST_TEST(dense({"3", "4"}).imported() == "input<3, 4>, dense<3, identity, no_bias>");
    BOOST_TEST(
        dense({"3", "4"}).imported(batch(1)) ==
        "input \"x\": its axis 0 is 3, and --batch binds only what a model leaves open; --shape x=1x4 imports the "
        "model for that shape");
    BOOST_TEST(dense({"3", "4"}).imported(shape("x", {1, 4})) == "input<4>, dense<3, identity, no_bias>");
    // Two axes that could be batches, neither of them open.
    file both;
    both.input("x", {"5", "3"}).input("refs", {"5", "3"}).output("y").node("Sub", {"x", "refs"}, {"y"});
    BOOST_TEST(both.imported(batch(1)).starts_with("input \"x\": its axis 0 is 5"), both.imported(batch(1)));
    BOOST_TEST(both.imported().starts_with("inputs<x: 5, 3, refs: 5, 3>, graph<"), both.imported());
    // A shape takes precedence over the batch, and so does a name.
    read_options two = batch(1);
    two.shapes["x"] = {2, 4};
    BOOST_TEST(dense({"N", "4"}).imported(two) == "input<2, 4>, dense<3, identity, no_bias>");
    read_options three = batch(1);
    three.dims["N"] = 3;
    BOOST_TEST(dense({"N", "4"}).imported(three) == "input<3, 4>, dense<3, identity, no_bias>");
}

BOOST_AUTO_TEST_CASE(many_samples_ask) {
    const std::string asks =
        "input \"x\": its first extent is 789444, and a network takes one sample; --shape x=1x4 imports the model for "
        "one, and --shape x=789444x4 for all of them";
    BOOST_TEST(dense({"789444", "4"}).imported() == asks);
    BOOST_TEST(dense({"N", "4"}).imported(batch(789444)) == asks);
    BOOST_TEST(dense({"N", "4"}).imported(dim("N", 789444)) == asks);
    BOOST_TEST(dense({"789444", "4"}).imported(shape("x", {1, 4})) == "input<4>, dense<3, identity, no_bias>");
    const graph all = one_operator("Relu", 13, {"789444", "2"}).read(shape("x", {789444, 2}));
    BOOST_TEST(all.shapes.at("y") == (extents{789444, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(hints_have_real_names) {
    BOOST_TEST(dense({"N", "4"}).imported() == "input \"x\": its axis 0 is open (N); --batch 1 or --dim N=1 binds it");
    BOOST_TEST(dense({"?", "4"}).imported() == "input \"x\": its axis 0 is open; --batch 1 binds it");
    BOOST_TEST(dense({"-1", "4"}).imported() == "input \"x\": its axis 0 is open; --batch 1 binds it");
    BOOST_TEST(dense({"1", "length", "4"}).imported() ==
               "input \"x\": its axis 1 is open (length); --dim length=N binds it");
    BOOST_TEST(dense({"1", "?", "4"}).imported() == "input \"x\": its axis 1 is open; --shape x=1xNx4 binds it");
    BOOST_TEST(dense({"1", "length", "4"}).imported(dim("len", 5)) ==
               "--dim len=5: no open extent of the inputs has this name; those that are open: \"length\"");
    BOOST_TEST(dense({"1", "4"}).imported(dim("N", 5)) ==
               "--dim N=5: no open extent of the inputs has this name; those that are open: none");
    BOOST_TEST(dense({"1", "4"}).imported(shape("z", {1, 4})) ==
               "--shape z: the model has no such input; it has \"x\"");
    BOOST_TEST(dense({"1", "4"}).imported(shape("x", {1, 1, 4})) ==
               "--shape x: it has 3 extents, and the input of the model 2");
    file unknown = dense({"1", "4"});
    unknown.model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->clear_shape();
    BOOST_TEST(unknown.imported() ==
               "input \"x\": the model declares no shape for it; give one by --shape x=1x3x8x8, with its own extents");
    BOOST_TEST(unknown.imported(shape("x", {1, 4})) == "input<4>, dense<3, identity, no_bias>");
    // The header states what was bound.
    const graph bound = dense({"N", "4"}).read(batch(1));
    BOOST_TEST(bound.notes ==
                   (std::vector<std::string>{"The input \"x\" is imported as 1 x 4; the model declares it as N x 4."}),
               boost::test_tools::per_element());
    BOOST_TEST(dense({"1", "4"}).read().notes.empty());
}

BOOST_AUTO_TEST_CASE(outputs_that_are_declared) {
    const auto notes = [](const dims_text& declared, const read_options& options = {}) {
        file model = file().input("x", {"1", "4"}).weights("w", {4, 3}).node("MatMul", {"x", "w"}, {"y"});
        const std::vector<std::string> all = model.output("y", declared).read(options).notes;
        return all.empty() ? "" : all.back();
    };
    BOOST_TEST(notes({"1", "3"}) == "");
    BOOST_TEST(notes({"N", "3"}) == "");
    BOOST_TEST(notes({"-1", "?"}) == "");
    BOOST_TEST(notes({"1", "7"}) == "The output \"y\" is 1 x 3; the model declares it as 1 x 7.");
    BOOST_TEST(notes({"N", "7"}) == "The output \"y\" is 1 x 3; the model declares it as ? x 7.");
    BOOST_TEST(notes({"3"}) == "The output \"y\" is 1 x 3; the model declares it as 3.");
    // The declared shape belongs to the input shape that was replaced.
    BOOST_TEST(notes({"1", "3"}, shape("x", {2, 4})).find("The output") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(outputs_that_are_taken) {
    file two;
    two.input("x", {"1", "4"}).input("mask", {"N", "7"}).weights("w", {4, 3}).output("y").output("z");
    two.node("Gemm", {"x", "w"}, {"y"}).node("Relu", {"mask"}, {"z"});
    // Inputs that the output does not need need no shape, and are not part of the network's input.
    BOOST_TEST(two.imported(take("y")) == "input<4>, dense<3, identity, no_bias>");
    BOOST_TEST(two.imported(take("v")) == "the model has no output \"v\"; it has \"y\", \"z\"");
    BOOST_TEST(two.imported(batch(1)) ==
               "inputs<x: 4, mask: 7>, graph<node<\"y\", from<\"x\">, dense<3, identity, no_bias>>, node<\"z\", "
               "from<\"mask\">, activation<relu>>, outputs<\"y\", \"z\">>");
    file constant;
    constant.input("x", {"1", "4"}).weights("w", {4, 3}).output("y").output("z");
    constant.node("Gemm", {"x", "w"}, {"y"}).node("Relu", {"w"}, {"z"});
    BOOST_TEST(constant.imported(take("z")) == "the output \"z\" depends on no input");
    // A node without a name is named after its output.
    file state;
    state.input("x", {"4", "1", "2"}).weights("w", {1, 6, 2}).weights("r", {1, 6, 2}).output("last");
    state.node("GRU", {"x", "w", "r"}, {"", "last"}).with("hidden_size", 2).with("direction", "sideways");
    BOOST_TEST(state.imported().starts_with("node \"last\" (GRU): "), state.imported());
}

BOOST_AUTO_TEST_CASE(versions) {
    file twice = dense({"1", "4"});
    auto& again = *twice.model.add_opset_import();
    again.set_domain("ai.onnx");
    again.set_version(13);
    BOOST_TEST(twice.imported() == "input<4>, dense<3, identity, no_bias>");
    again.set_version(14);
    BOOST_TEST(twice.imported() == "the model imports two versions of the ONNX operators, 13 and 14");
    BOOST_TEST(one_operator("Clip", 5).imported() ==
               "node \"y\" (Clip): opset 5 gave it another meaning; the importer knows 6 to 25");
    BOOST_TEST(one_operator("Mish", 5).imported() == "node \"y\" (Mish): opset 5 has no such operator");
    for (const std::int64_t opset : {19, 20, 21, 22, 23, 24, 25})
        BOOST_TEST(one_operator("Relu", opset).imported() == "input<2, 2, 2>, activation<relu>");
    file newer = one_operator("Relu", 25);
    newer.model.set_ir_version(13);
    BOOST_TEST(newer.imported() == "input<2, 2, 2>, activation<relu>");
    newer.model.set_ir_version(14);
    BOOST_TEST(newer.imported() == "the file has version 14 of ONNX's format; the importer knows 1 to 13");
    BOOST_TEST(one_operator("Relu", 26).imported() == "the model uses opset 26; the importer knows 6 to 25");
}

BOOST_AUTO_TEST_CASE(attributes_that_say_the_default) {
    for (const char* op : {"ReduceMean", "ReduceMax", "ReduceSum"}) {
        const auto reduced = [&](std::int64_t opset) {
            file all(opset);
            all.input("x", {"1", "2", "2", "2"}).numbers("axes", {2, 3}).output("y");
            return all.node(op, {"x", "axes"}, {"y"}).with("keepdims", 0);
        };
        const std::string plain = reduced(18).imported();
        BOOST_TEST(plain.find("global_") != plain.npos, plain);
        BOOST_TEST(reduced(18).with("noop_with_empty_axes", 0).imported() == plain);
        BOOST_TEST(one_operator(op, 18).with("noop_with_empty_axes", 1).imported() ==
                   "input<2, 2, 2>, activation<identity>");
    }
    // Axes are an input there, and no longer an attribute.
    BOOST_TEST(one_operator("ReduceMean", 18).with("axes", std::vector<std::int64_t>{1}).imported() ==
               "node \"y\" (ReduceMean): in opset 18 the operator has no attribute \"axes\"");

    const auto resized = [](std::int64_t opset) {
        file all(opset);
        all.input("x", {"1", "2", "2", "2"}).reals("scales", {1, 1, 2, 2}).output("y");
        all.node("Resize", {"x", "", "scales"}, {"y"}).with("mode", "nearest");
        return all.with("coordinate_transformation_mode", "asymmetric").with("nearest_mode", "floor");
    };
    const std::string doubled = "input<2, 2, 2>, upsample<2, 2>";
    BOOST_TEST(resized(18).with("antialias", 0).with("keep_aspect_ratio_policy", "stretch").imported() == doubled);
    // It applies to other modes only.
    BOOST_TEST(resized(18).with("antialias", 1).imported() == doubled);
    // Exporters write attributes of later versions, at values that change nothing.
    BOOST_TEST(resized(13).with("antialias", 0).imported() == doubled);
    BOOST_TEST(resized(13).with("antialias", 1).imported() ==
               "node \"y\" (Resize): in opset 13 the operator has no attribute \"antialias\"");
    BOOST_TEST(resized(18).with("antialias", "0").imported() ==
               "node \"y\" (Resize): its attribute antialias has another type");

    const auto sized = [] {
        file all(18);
        all.input("x", {"1", "2", "2", "2"}).numbers("sizes", {4, 4}).output("y");
        return all.node("Resize", {"x", "", "", "sizes"}, {"y"}).with("axes", std::vector<std::int64_t>{2, -1});
    };
    BOOST_TEST(sized().imported() == doubled);
    BOOST_TEST(sized().with("keep_aspect_ratio_policy", "not_larger").imported() ==
               "node \"y\" (Resize): its keep_aspect_ratio_policy is not_larger");
    file half(18);
    half.input("x", {"1", "4", "2"})
        .output("y")
        .node("Split", {"x"}, {"y", "z"})
        .with("axis", 1)
        .with("num_outputs", 2);
    BOOST_TEST(half.imported() == "input<4, 2>, slice<axis<0>, 0, 2>");

    const std::vector<std::int64_t> two{2, 2}, one{1, 1};
    const auto pool = [&](const char* op, std::int64_t opset) {
        return one_operator(op, opset).with("kernel_shape", two).with("strides", two);
    };
    BOOST_TEST(pool("AveragePool", 18).with("dilations", one).imported() == pool("AveragePool", 18).imported());
    BOOST_TEST(pool("AveragePool", 9).with("ceil_mode", 0).imported() == pool("AveragePool", 9).imported());
    BOOST_TEST(pool("MaxPool", 9).with("dilations", one).imported() == pool("MaxPool", 9).imported());
    BOOST_TEST(pool("AveragePool", 18).with("dilations", two).imported() ==
               "node \"y\" (AveragePool): in opset 18 the operator has no attribute \"dilations\"");
    BOOST_TEST(one_operator("Cast", 13).with("to", 1).with("saturate", 1).imported() ==
               "input<2, 2, 2>, activation<identity>");
}

BOOST_AUTO_TEST_CASE(operators_of_version_18) {
    const std::string mish = one_operator("Mish", 18, {"1", "4"}).imported();
    BOOST_TEST(mish == "input<4>, product<branch<>, branch<activation<softplus>, activation<tanh>>>");
    const auto groups = [] {
        file all(18);
        all.input("x", {"1", "4", "3", "2"}).weights("scale", {2}).weights("shift", {2}).output("y");
        return all.node("GroupNormalization", {"x", "scale", "shift"}, {"y"});
    };
    const std::string grouped = groups().with("num_groups", 2).imported();
    BOOST_TEST(grouped.starts_with("input<2, 12>, layer_norm<"), grouped);
    BOOST_TEST(groups().imported() == "node \"y\" (GroupNormalization): its attribute num_groups is missing");
    BOOST_TEST(groups().with("num_groups", 3).imported() ==
               "node \"y\" (GroupNormalization): its 4 channels are not divisible into 3 groups");
    // Operators without a layer are not reported as unknown to ONNX.
    for (const char* op : {"BitwiseAnd", "BitwiseOr", "BitwiseXor"})
        BOOST_TEST(file(18).input("x", {"1", "4"}).output("y").node(op, {"x", "x"}, {"y"}).imported() ==
                   "node \"y\" (" + std::string(op) + "): the importer does not know this operator");
    BOOST_TEST(one_operator("BitwiseNot", 18).imported() ==
               "node \"y\" (BitwiseNot): the importer does not know this operator");
    file columns(18);
    columns.input("x", {"1", "5", "5"}).numbers("image", {5, 5}).numbers("block", {1, 5}).output("y");
    columns.node("Col2Im", {"x", "image", "block"}, {"y"}).with("strides", std::vector<std::int64_t>{1, 1});
    BOOST_TEST(columns.imported() == "node \"y\" (Col2Im): the importer does not know this operator");
    BOOST_TEST(one_operator("CenterCropPad", 18).imported() ==
               "node \"y\" (CenterCropPad): the importer does not know this operator");
    // Earlier versions do not have them.
    BOOST_TEST(one_operator("Mish", 17).imported() == "node \"y\" (Mish): opset 17 has no such operator");
    BOOST_TEST(one_operator("Gelu", 18).imported() == "node \"y\" (Gelu): opset 18 has no such operator");
}

BOOST_AUTO_TEST_CASE(operators_of_versions_19_to_25) {
    // Operators of the library's last opset keep their schema, with what later opsets added.
    BOOST_TEST(one_operator("Cast", 25).with("to", 1).with("saturate", 1).with("round_mode", "up").imported() ==
               "input<2, 2, 2>, activation<identity>");
    BOOST_TEST(one_operator("Cast", 23).with("to", 1).with("round_mode", "down").imported() ==
               "node \"y\" (Cast): in opset 23 the operator has no attribute \"round_mode\"");
    BOOST_TEST(one_operator("Gelu", 20).imported() == "input<2, 2, 2>, activation<gelu>");
    BOOST_TEST(one_operator("Gelu", 20).with("approximate", "none").imported() == "input<2, 2, 2>, activation<gelu>");
    BOOST_TEST(one_operator("Gelu", 20).with("approximate", "tanh").imported() ==
               "input<2, 2, 2>, activation<gelu_tanh>");
    BOOST_TEST(one_operator("Gelu", 19).imported() == "node \"y\" (Gelu): opset 19 has no such operator");
    BOOST_TEST(one_operator("Swish", 24).imported() == "input<2, 2, 2>, activation<silu>");
    BOOST_TEST(one_operator("Swish", 23).imported() == "node \"y\" (Swish): opset 23 has no such operator");
    const auto groups = [](std::int64_t opset, std::int64_t factors) {
        file all(opset);
        all.input("x", {"1", "4", "3", "2"}).weights("scale", {factors}).weights("shift", {factors}).output("y");
        return all.node("GroupNormalization", {"x", "scale", "shift"}, {"y"}).with("num_groups", 2);
    };
    // From opset 21 on each channel has a scale, and no longer each group.
    const std::string grouped = groups(21, 4).with("stash_type", 1).with("epsilon", 1e-3f).imported();
    BOOST_TEST(grouped.starts_with("input<2, 12>, layer_norm<"), grouped);
    BOOST_TEST(grouped.ends_with("reshape<4, 6>, scale<>, reshape<4, 3, 2>"), grouped);
    BOOST_TEST(groups(21, 2).imported() ==
               "node \"y\" (GroupNormalization): input 1 does not have one value per channel");
    BOOST_TEST(groups(20, 4).imported() ==
               "node \"y\" (GroupNormalization): input 1 does not have one value per group");
    // What ctnn cannot say is refused for that, and not because the ONNX library is older.
    file attention(23);
    attention.input("x", {"1", "2", "3", "4"}).output("y").node("Attention", {"x", "x", "x"}, {"y"});
    BOOST_TEST(
        attention.with("is_causal", 1).imported() ==
        "node \"y\" (Attention): the importer reads attention as MatMul and Softmax alone, which exporters write "
        "for opset 22 and below");
    BOOST_TEST(one_operator("DeformConv", 19).imported() ==
               "node \"y\" (DeformConv): ctnn has no convolution with computed offsets");
}

// Images come as bytes, and flags as booleans: a network takes the same values as floats.
BOOST_AUTO_TEST_CASE(integers_that_are_cast_first) {
    const auto cast = [](TensorProto::DataType type, const dims_text& dims = {"1", "4"}) {
        file all(17);
        all.input("x", dims, type).weights("w", {4, 3}).output("y");
        return all.node("Cast", {"x"}, {"f"}).with("to", 1);
    };
    for (const auto type :
         {TensorProto::UINT8, TensorProto::INT8, TensorProto::INT32, TensorProto::INT64, TensorProto::BOOL}) {
        BOOST_TEST(cast(type).node("Gemm", {"f", "w"}, {"y"}).imported() == "input<4>, dense<3, identity, no_bias>");
        BOOST_TEST(cast(type).node("Relu", {"f"}, {"r"}).node("Gemm", {"r", "w"}, {"y"}).imported() ==
                   "input<4>, activation<relu>, dense<3, identity, no_bias>");
    }
    file scaled = cast(TensorProto::UINT8, {"1", "2", "2"});
    scaled.reals("c", {1.0f / 255});
    scaled.node("Mul", {"f", "c"}, {"d"}).node("Flatten", {"d"}, {"e"}).node("Gemm", {"e", "w"}, {"y"});
    BOOST_TEST(scaled.imported().ends_with("flatten, dense<3, identity, no_bias>"), scaled.imported());
    file beside(17);
    beside.input("x", {"1", "4"}, TensorProto::INT64).weights("w", {6, 3}).output("y");
    beside.node("Constant", {}, {"two"}).with("value_ints", std::vector<std::int64_t>{7, 8});
    beside.numbers("axes", {0}).node("Unsqueeze", {"two", "axes"}, {"row"});
    beside.node("Concat", {"row", "x"}, {"all"}).with("axis", 1).node("Cast", {"all"}, {"f"}).with("to", 1);
    beside.node("Relu", {"f"}, {"r"}).node("Gemm", {"r", "w"}, {"y"});
    BOOST_TEST(beside.imported().starts_with("input<4>, "), beside.imported());
    // Operators before the cast are refused.
    file before(17);
    before.input("x", {"1", "4"}, TensorProto::INT32).output("y").node("Add", {"x", "x"}, {"s"});
    before.node("Cast", {"s"}, {"y"}).with("to", 1);
    BOOST_TEST(before.imported() == "node \"s\" (Add): it computes with integers that are not constants");
    file truth(17);
    truth.input("x", {"1", "4"}, TensorProto::INT32).output("y").node("Cast", {"x"}, {"t"}).with("to", 9);
    truth.node("Cast", {"t"}, {"y"}).with("to", 1);
    BOOST_TEST(truth.imported() == "node \"t\" (Cast): it casts integers to bool");
}

// The last window begins in the input or in the padding before it, or it is dropped.
BOOST_AUTO_TEST_CASE(windows_in_the_padding_alone) {
    for (const char* op : {"MaxPool", "AveragePool"}) {
        file pool;
        pool.input("x", {"1", "1", "3"}).output("y").node(op, {"x"}, {"y"}).with("ceil_mode", 1);
        pool.with("kernel_shape", std::vector<std::int64_t>{2}).with("strides", std::vector<std::int64_t>{2});
        pool.with("pads", std::vector<std::int64_t>{1, 1});
        const graph read = pool.read();
        BOOST_TEST(read.shapes.at("y") == (extents{1, 1, 2}), boost::test_tools::per_element());
        BOOST_TEST((answer(read, {1, 2, 3}) ==
                    (op == std::string("MaxPool") ? std::vector<double>{1, 3} : std::vector<double>{1, 2.5})));
        BOOST_TEST(pool.imported().find("window<2>") != std::string::npos, pool.imported());
    }
}

/// Visits the models that other programs have written.
void for_each_model(const std::function<void(const std::string&, onnx::ModelProto&)>& visit) {
    for (const auto& entry : std::filesystem::directory_iterator(CTNN_TEST_MODELS)) {
        if (entry.path().extension() != ".onnx") continue;
        onnx::ModelProto model;
        std::ifstream stream(entry.path(), std::ios::binary);
        BOOST_REQUIRE(model.ParseFromIstream(&stream));
        visit(entry.path().stem().string(), model);
    }
}
std::string imported(const onnx::ModelProto& model) {
    read_options options;
    if (model.graph().input(0).type().tensor_type().shape().dim(0).dim_value() < 1) options.batch = 1;
    if (model.graph().output_size() > 1) options.output = "probabilities";
    return text_of(import_model(parse_model(model.SerializeAsString(), "", options)));
}

/// Writes the default values of a node's attributes into it, as some exporters do.
void write_defaults(onnx::NodeProto& node, std::int64_t opset, std::set<std::string>& operators) {
    const onnx::OpSchema* const schema = onnx::OpSchemaRegistry::Schema(node.op_type(), static_cast<int>(opset), "");
    BOOST_REQUIRE((schema != nullptr || opset > 17));
    if (schema == nullptr) return;
    for (const auto& attribute : schema->attributes()) {
        const std::string& name = attribute.first;
        const auto& known = attribute.second;
        const auto same = [&](const onnx::AttributeProto& one) { return one.name() == name; };
        if (known.default_value.type() == onnx::AttributeProto::UNDEFINED ||
            std::any_of(node.attribute().begin(), node.attribute().end(), same))
            continue;
        *node.add_attribute() = known.default_value;
        node.mutable_attribute()->rbegin()->set_name(name);
        operators.insert(node.op_type());
    }
}

BOOST_AUTO_TEST_CASE(every_default_written_out) {
    std::set<std::string> operators;
    for_each_model([&](const std::string& name, onnx::ModelProto& model) {
        const std::string before = imported(model);
        for (auto& node : *model.mutable_graph()->mutable_node())
            if (node.domain().empty()) write_defaults(node, model.opset_import(0).version(), operators);
        BOOST_TEST(imported(model) == before, name);
    });
    for (const char* op : {"Conv", "Gemm", "GRU", "LSTM", "MaxPool"}) BOOST_TEST(operators.contains(op), op);
}

/// Makes the axes of reductions an input, as opset 18 has them.
void move_axes(onnx::GraphProto& graph) {
    for (int i = 0; i < graph.node_size(); ++i) {
        onnx::NodeProto& one = *graph.mutable_node(i);
        auto& attributes = *one.mutable_attribute();
        const auto axes = std::find_if(attributes.begin(), attributes.end(),
                                       [](const auto& attribute) { return attribute.name() == "axes"; });
        if (!one.op_type().starts_with("Reduce") || axes == attributes.end()) continue;
        onnx::TensorProto& tensor = *graph.add_initializer();
        tensor.set_name("axes of " + one.output(0));
        tensor.set_data_type(TensorProto::INT64);
        tensor.add_dims(axes->ints_size());
        *tensor.mutable_int64_data() = axes->ints();
        one.add_input(tensor.name());
        attributes.erase(axes);
    }
}

// What later opsets changed does not concern these models, but for the axes of reductions.
BOOST_AUTO_TEST_CASE(later_opsets_mean_the_same) {
    std::size_t models = 0;
    for_each_model([&](const std::string& name, onnx::ModelProto& model) {
        if (!name.ends_with("_16")) return;
        ++models;
        const std::string before = imported(model);
        move_axes(*model.mutable_graph());
        for (std::int64_t opset = 18; opset <= 25; ++opset) {
            model.mutable_opset_import(0)->set_version(opset);
            model.set_ir_version(opset < 19 ? 8 : opset < 21 ? 9 : opset < 23 ? 10 : opset - 12);
            BOOST_TEST(imported(model) == before, name << " of opset " << opset);
        }
    });
    BOOST_TEST(models > 10u);
}
