// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_bad_input
#include "command/import_model.hpp"
#include "read/read.hpp"
#include "refusal.hpp"
#include "write/write.hpp"

#include "import/damaged_bytes.hpp"

#include <boost/test/unit_test.hpp>

#include <onnx/onnx_pb.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>

// Damaged and malicious models: each is refused with one line, and none is imported as something else.

namespace {

using namespace ctnn_import;

/// A tensor to which `add(tensor, i)` adds each number.
template <class Add>
onnx::TensorProto tensor_of(const std::string& name, onnx::TensorProto::DataType type,
                            const std::vector<std::int64_t>& dims, const Add& add) {
    onnx::TensorProto tensor;
    tensor.set_name(name);
    tensor.set_data_type(type);
    std::int64_t size = 1;
    for (const std::int64_t extent : dims) {
        tensor.add_dims(extent);
        size *= extent;
    }
    for (std::int64_t i = 0; i < size; ++i) add(tensor, static_cast<int>(i));
    return tensor;
}

onnx::TensorProto weights(const std::string& name, const std::vector<std::int64_t>& dims) {
    return tensor_of(name, onnx::TensorProto::FLOAT, dims,
                     [](onnx::TensorProto& to, int i) { to.add_float_data(0.25f * static_cast<float>(i % 7 - 3)); });
}

void set_shape(onnx::ValueInfoProto& info, const std::string& name, const std::vector<std::int64_t>& dims) {
    info.set_name(name);
    auto& type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    type.mutable_shape()->clear_dim();
    for (const std::int64_t extent : dims) {
        auto& dim = *type.mutable_shape()->add_dim();
        if (extent >= 0) dim.set_dim_value(extent);
    }
}

onnx::NodeProto& add_node(onnx::ModelProto& to, const std::string& op, const std::string& name,
                          const std::vector<std::string>& inputs, const std::string& output) {
    onnx::NodeProto& node = *to.mutable_graph()->add_node();
    node.set_op_type(op);
    node.set_name(name);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return node;
}

/// 1 x 2 x 6 through a convolution, a ReLU, and a dense layer.
onnx::ModelProto small_model() {
    onnx::ModelProto model;
    model.set_ir_version(7);
    model.add_opset_import()->set_version(13);
    model.mutable_graph()->set_name("small");
    set_shape(*model.mutable_graph()->add_input(), "x", {1, 2, 6});
    set_shape(*model.mutable_graph()->add_output(), "y", {1, 3});
    *model.mutable_graph()->add_initializer() = weights("filters", {2, 2, 3});
    *model.mutable_graph()->add_initializer() = weights("matrix", {8, 3});
    *model.mutable_graph()->add_initializer() = weights("bias", {3});
    add_node(model, "Conv", "convolution", {"x", "filters"}, "a");
    add_node(model, "Relu", "rectifier", {"a"}, "b");
    add_node(model, "Flatten", "flat", {"b"}, "c");
    add_node(model, "Gemm", "dense", {"c", "matrix", "bias"}, "y");
    return model;
}

/// A model with a GRU, whose node has many inputs and attributes.
onnx::ModelProto recurrent_model() {
    onnx::ModelProto model;
    model.set_ir_version(7);
    model.add_opset_import()->set_version(11);
    set_shape(*model.mutable_graph()->add_input(), "x", {4, 1, 2});
    set_shape(*model.mutable_graph()->add_output(), "y", {4, 1, 1, 2});
    *model.mutable_graph()->add_initializer() = weights("w", {1, 6, 2});
    *model.mutable_graph()->add_initializer() = weights("r", {1, 6, 2});
    *model.mutable_graph()->add_initializer() = weights("b", {1, 12});
    auto& node = add_node(model, "GRU", "cells", {"x", "w", "r", "b"}, "y");
    auto& units = *node.add_attribute();
    units.set_name("hidden_size");
    units.set_type(onnx::AttributeProto::INT);
    units.set_i(2);
    return model;
}

onnx::TensorProto integers(const std::string& name, const std::vector<std::int64_t>& dims, int least) {
    return tensor_of(name, onnx::TensorProto::INT8, dims,
                     [&](onnx::TensorProto& to, int i) { to.add_int32_data(least + 5 * i); });
}

/// Products that are rounded to integers, to which a constant is added.
onnx::ModelProto integer_model() {
    onnx::ModelProto model;
    model.set_ir_version(7);
    model.add_opset_import()->set_domain("com.microsoft");
    model.mutable_opset_import(0)->set_version(1);
    model.add_opset_import()->set_version(13);
    set_shape(*model.mutable_graph()->add_input(), "x", {1, 4});
    set_shape(*model.mutable_graph()->add_output(), "y", {1, 3});
    for (auto* const value : {model.mutable_graph()->mutable_input(0), model.mutable_graph()->mutable_output(0)})
        value->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::INT8);
    *model.mutable_graph()->add_initializer() = weights("scale", {});
    model.mutable_graph()->mutable_initializer(0)->set_float_data(0, 0.25f);
    *model.mutable_graph()->add_initializer() = integers("zero", {}, 0);
    *model.mutable_graph()->add_initializer() = integers("matrix", {4, 3}, -30);
    *model.mutable_graph()->add_initializer() = integers("constant", {3}, -8);
    add_node(model, "QLinearMatMul", "product", {"x", "scale", "zero", "matrix", "scale", "zero", "scale", "zero"},
             "a");
    add_node(model, "QLinearAdd", "sum", {"a", "scale", "zero", "constant", "scale", "zero", "scale", "zero"}, "y")
        .set_domain("com.microsoft");
    return model;
}

/// The importer's message about a model; empty if it accepts the model.
std::string said_of_bytes(const std::string& bytes, const read_options& options = {}) {
    try {
        write_options writing;
        writing.name = "model";
        const graph model = parse_model(bytes, "no-such-folder", options);
        const network imported = import_model(model);
        writing.rounding = "half_even_float";
        imported.quantized_input.exists() ? integer_header_text(imported, writing) : header_text(imported, writing);
        return {};
    } catch (const refusal& error) { return error.what(); }
}
std::string said_of(const std::function<void(onnx::ModelProto&)>& damage, const read_options& options = {}) {
    onnx::ModelProto model = small_model();
    damage(model);
    return said_of_bytes(model.SerializeAsString(), options);
}

void expect(const std::string& said, const std::string& text) {
    BOOST_TEST(said.find(text) != said.npos, "found \"" << said << "\", expected \"" << text << "\" in it");
    BOOST_TEST(said.find('\n') == said.npos);
}

}  // namespace

BOOST_AUTO_TEST_CASE(whole_models_are_taken) {
    BOOST_TEST(said_of([](auto&) {}) == "");
    BOOST_TEST(said_of_bytes(recurrent_model().SerializeAsString()) == "");
    BOOST_TEST(said_of_bytes(integer_model().SerializeAsString()) == "");
}

BOOST_AUTO_TEST_CASE(every_truncation) {
    for (const onnx::ModelProto& model : {small_model(), recurrent_model(), integer_model()}) {
        const std::string bytes = model.SerializeAsString();
        test_support::refuses_every_truncation("a model", bytes,
                                               [](const std::string& part) { return said_of_bytes(part); });
    }
}

// A changed byte may yield a valid model with other weights: what matters is that nothing crashes, and that an accepted
// model is imported correctly, which import_model() checks.
BOOST_AUTO_TEST_CASE(ten_thousand_corruptions) {
    using test_support::corrupted, test_support::corruptions;
    std::mt19937 engine(1);
    const std::string files[]{small_model().SerializeAsString(), recurrent_model().SerializeAsString(),
                              integer_model().SerializeAsString()};
    int refused = 0;
    for (int i = 0; i < corruptions; ++i) {
        const std::string bytes = corrupted(files[i % 3], engine);
        const std::string said = said_of_bytes(bytes);
        refused += !said.empty();
        BOOST_TEST(said.find('\n') == said.npos);
        BOOST_TEST(said.find("bug in the importer") == said.npos, "corruption " << i << ": " << said);
    }
    BOOST_TEST(refused > corruptions / 10);
}

BOOST_AUTO_TEST_CASE(constants_of_integers) {
    const auto said = [](const std::function<void(onnx::GraphProto&)>& damage) {
        onnx::ModelProto model = integer_model();
        damage(*model.mutable_graph());
        return said_of_bytes(model.SerializeAsString());
    };
    const auto with_scale = [&](float scale) {
        return said([scale](auto& graph) {
            *graph.add_initializer() = weights("other", {});
            graph.mutable_initializer(4)->set_float_data(0, scale);
            graph.mutable_node(1)->set_input(4, "other");
        });
    };
    const std::string sum = "node \"sum\" (ctnn::sum): the model is of integers, and the scale of an input is ";
    BOOST_TEST(with_scale(1) == "");
    BOOST_TEST(with_scale(64) == sum + "256 times that of its output");
    BOOST_TEST(with_scale(1e-9f) == sum + "4e-09 times that of its output");
    expect(with_scale(0), "a scale is 0");
    expect(said([](auto& graph) { graph.mutable_node(1)->set_input(5, "scale"); }), "its integers are not of 8 bits");
    expect(said([](auto& graph) { graph.mutable_node(1)->set_input(1, "zero"); }), "its scale is an integer");
    expect(with_scale(-1), "a scale is -1");
    expect(said([](auto& graph) { graph.mutable_initializer(3)->set_dims(0, 2); }), "\"constant\"");
    expect(said([](auto& graph) { *graph.mutable_initializer(3) = weights("constant", {3}); }), "node \"sum");
    expect(said([](auto& graph) { graph.mutable_node(1)->mutable_input()->RemoveLast(); }),
           "some of its integers are signed and others unsigned");
    expect(said([](auto& graph) { graph.mutable_node(1)->set_input(3, "y"); }), "node \"sum");
}

BOOST_AUTO_TEST_CASE(graphs) {
    expect(said_of([](auto& m) { *m.mutable_graph()->mutable_node(0)->mutable_input(0) = "y"; }),
           "node \"convolution\" (Conv): nothing before it computes its input \"y\"");
    expect(said_of([](auto& m) { m.mutable_graph()->mutable_initializer()->RemoveLast(); }),
           "node \"dense\" (Gemm): nothing before it computes its input \"bias\"");
    expect(said_of([](auto& m) { *m.mutable_graph()->mutable_node(1)->mutable_output(0) = "x"; }),
           "node \"rectifier\" (Relu): its output \"x\" is made twice");
    expect(said_of([](auto& m) { *m.mutable_graph()->mutable_output(0)->mutable_name() = "z"; }),
           "output \"z\": nothing computes it");
    expect(said_of([](auto& m) { m.mutable_graph()->clear_output(); }), "the model has no output");
    expect(said_of([](auto& m) { m.mutable_graph()->clear_input(); }), "the model has no input");
    expect(said_of([](auto& m) { m.clear_graph(); }), "not an ONNX model");
}

BOOST_AUTO_TEST_CASE(operators) {
    expect(said_of([](auto& m) { m.mutable_graph()->mutable_node(1)->set_op_type("Quark"); }),
           "node \"rectifier\" (Quark): opset 13 has no such operator");
    expect(said_of([](auto& m) { m.mutable_graph()->mutable_node(1)->set_op_type("Tan"); }),
           "node \"rectifier\" (Tan): the importer does not know this operator");
    expect(said_of([](auto& m) { m.mutable_graph()->mutable_node(1)->set_op_type("Floor"); }),
           "ctnn has no layer for this operator");
    expect(said_of([](auto& m) { m.mutable_graph()->mutable_node(1)->set_domain("com.example"); }),
           "its operator belongs to the domain \"com.example\"");
    expect(said_of([](auto& m) {
               auto& attribute = *m.mutable_graph()->mutable_node(1)->add_attribute();
               attribute.set_name("colour");
               attribute.set_type(onnx::AttributeProto::INT);
           }),
           "in opset 13 the operator has no attribute \"colour\"");
    expect(said_of([](auto& m) { m.mutable_opset_import(0)->set_version(99); }), "the model uses opset 99");
    expect(said_of([](auto& m) {
               m.mutable_graph()->mutable_node(3)->mutable_input()->RemoveLast();
               m.mutable_graph()->mutable_node(3)->mutable_input()->RemoveLast();
           }),
           "node \"dense\" (Gemm): it has 1 inputs");
}

BOOST_AUTO_TEST_CASE(shapes) {
    const auto shape = [](const std::vector<std::int64_t>& dims) {
        return [=](onnx::ModelProto& m) { set_shape(*m.mutable_graph()->mutable_input(0), "x", dims); };
    };
    const auto open = [](auto& m) {
        m.mutable_graph()
            ->mutable_input(0)
            ->mutable_type()
            ->mutable_tensor_type()
            ->mutable_shape()
            ->mutable_dim(0)
            ->set_dim_param("N");
    };
    expect(said_of(open), "input \"x\": its axis 0 is open (N); --batch 1 or --dim N=1 binds it");
    BOOST_TEST(said_of(open, {.batch = 1, .dims = {}, .shapes = {}, .output = {}, .bound = {}}) == "");
    expect(said_of(shape({1, 2, -1})), "input \"x\": its axis 2 is open");
    expect(
        said_of(shape({3, 2, 6})),
        "its input is a batch of 3 samples, and a network takes one: bind that axis to 1 by --batch, --dim or --shape");
    expect(said_of(shape({1, 2, std::int64_t{1} << 40})), "an extent is below 1 or above 2^26");
    expect(said_of(shape({1, 1 << 20, 1 << 20})), "it has more than 2^26 elements");
    expect(said_of(shape({1, 3, 6})), "node \"convolution\" (Conv)");
    expect(said_of([](auto& m) { m.mutable_graph()->mutable_initializer(1)->set_dims(0, std::int64_t{1} << 60); }),
           "initialiser \"matrix\": it has more than 2^26 elements");
    expect(said_of([](auto& m) { m.mutable_graph()->mutable_initializer(1)->set_dims(0, -8); }),
           "initialiser \"matrix\": it has a negative extent");
    expect(said_of([](auto& m) { m.mutable_graph()->mutable_initializer(1)->set_dims(0, 7); }),
           "it has 24 elements, and its extents say 21");
    expect(said_of([](auto& m) {
               m.mutable_graph()->mutable_initializer(1)->set_float_data(3, std::numeric_limits<float>::infinity());
           }),
           "element 3: the value inf is not a finite float");
}

BOOST_AUTO_TEST_CASE(external_data) {
    namespace fs = std::filesystem;
    fs::create_directories("models/inside");
    const auto outside = [](const std::string& location, const std::string& offset) {
        return [=](onnx::ModelProto& m) {
            auto& tensor = *m.mutable_graph()->mutable_initializer(1);
            tensor.clear_float_data();
            tensor.set_data_location(onnx::TensorProto::EXTERNAL);
            const std::pair<std::string, std::string> entries[]{{"location", location}, {"offset", offset}};
            for (const auto& [key, value] : entries) {
                auto& entry = *tensor.add_external_data();
                entry.set_key(key);
                entry.set_value(value);
            }
        };
    };
    const auto said = [&](const std::string& location, const std::string& offset = "0") {
        onnx::ModelProto model = small_model();
        outside(location, offset)(model);
        try {
            import_model(parse_model(model.SerializeAsString(), "models/inside"));
            return std::string{};
        } catch (const refusal& error) { return std::string(error.what()); }
    };
    std::ofstream("models/secret.bin") << std::string(200, '\0');
    std::ofstream("models/inside/weights.bin") << std::string(100, '\0');
    fs::remove("models/inside/link.bin");
    fs::create_symlink("../secret.bin", "models/inside/link.bin");
    BOOST_TEST(said("weights.bin") == "");
    BOOST_TEST(said("weights.bin", "4") == "");
    expect(said("weights.bin", "5"), "extends beyond the end of its file");
    expect(said("weights.bin", "-1"), "the offset or length of its external data is not a number");
    expect(said("../secret.bin"), "its external data is outside of the model's folder");
    expect(said("link.bin"), "its external data is outside of the model's folder");
    expect(said(fs::absolute("models/secret.bin").string()), "its external data is outside of the model's folder");
    expect(said("nothing.bin"), "its external data is missing");
    expect(said(""), "its external data has no location");
}
