// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_command
#include "command/command.hpp"
#include "refusal.hpp"

#include <boost/test/unit_test.hpp>

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

// The command line: incompatible options, arrays that do not fit, contracts that a model breaks. Every refusal is one
// line that names the file, and nothing is written.

namespace {

using namespace ctnn_import;

void write(const std::string& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}
std::string read(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// A NumPy array file, version 1 of its format.
template <class T>
std::string npy(const std::string& type, const std::string& shape, const std::vector<T>& numbers,
                const std::string& order = "False") {
    std::string header = "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
    header.resize(118 - 1, ' ');
    header += '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size());
    bytes += '\0';
    bytes += header;
    bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T));
    return bytes;
}

onnx::ModelProto named_model(const char* name) {
    onnx::ModelProto model;
    model.set_ir_version(7);
    model.add_opset_import()->set_version(13);
    model.mutable_graph()->set_name(name);
    return model;
}
/// An input or an output of 1 x `size`.
void describe(onnx::ValueInfoProto& info, const char* name, std::int64_t size) {
    info.set_name(name);
    auto& type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    type.mutable_shape()->add_dim()->set_dim_value(1);
    type.mutable_shape()->add_dim()->set_dim_value(size);
}

/// y = x W + b: (x0 + bias, x1 + x2).
void write_model(const std::string& file, float bias = 1) {
    onnx::ModelProto model = named_model("small");
    onnx::GraphProto& graph = *model.mutable_graph();
    describe(*graph.add_input(), "x", 3);
    describe(*graph.add_output(), "y", 2);
    const auto tensor = [&](const char* name, const std::vector<std::int64_t>& dims,
                            const std::vector<float>& numbers) {
        onnx::TensorProto& one = *graph.add_initializer();
        one.set_name(name);
        one.set_data_type(onnx::TensorProto::FLOAT);
        for (const std::int64_t extent : dims) one.add_dims(extent);
        for (const float number : numbers) one.add_float_data(number);
    };
    tensor("w", {3, 2}, {1, 0, 0, 1, 0, 1});
    tensor("b", {2}, {bias, 0});
    onnx::NodeProto& node = *graph.add_node();
    node.set_op_type("Gemm");
    node.set_name("dense");
    for (const char* input : {"x", "w", "b"}) node.add_input(input);
    node.add_output("y");
    std::ofstream stream(file, std::ios::binary);
    model.SerializeToOstream(&stream);
}

/// A tree of one split: 10 if x1 <= 1/2, or another threshold, otherwise 20, and so if x1 is missing.
void write_tree(const std::string& file, float threshold = 0.5F) {
    onnx::ModelProto model = named_model("tree");
    onnx::OperatorSetIdProto& trees = *model.add_opset_import();
    trees.set_domain("ai.onnx.ml");
    trees.set_version(3);
    onnx::GraphProto& graph = *model.mutable_graph();
    describe(*graph.add_input(), "x", 2);
    describe(*graph.add_output(), "y", 1);
    onnx::NodeProto& node = *graph.add_node();
    node.set_op_type("TreeEnsembleRegressor");
    node.set_domain("ai.onnx.ml");
    node.add_input("x");
    node.add_output("y");
    const auto attribute = [&](const char* name, onnx::AttributeProto::AttributeType type) -> onnx::AttributeProto& {
        onnx::AttributeProto& one = *node.add_attribute();
        one.set_name(name);
        one.set_type(type);
        return one;
    };
    const std::pair<const char*, std::vector<std::int64_t>> lists[]{
        {"nodes_treeids", {0, 0, 0}},      {"nodes_nodeids", {0, 1, 2}},
        {"nodes_featureids", {1, 0, 0}},   {"nodes_truenodeids", {1, 0, 0}},
        {"nodes_falsenodeids", {2, 0, 0}}, {"target_treeids", {0, 0}},
        {"target_nodeids", {1, 2}},        {"target_ids", {0, 0}}};
    for (const auto& [name, numbers] : lists) {
        onnx::AttributeProto& one = attribute(name, onnx::AttributeProto::INTS);
        for (const std::int64_t number : numbers) one.add_ints(number);
    }
    onnx::AttributeProto& modes = attribute("nodes_modes", onnx::AttributeProto::STRINGS);
    for (const char* mode : {"BRANCH_LEQ", "LEAF", "LEAF"}) modes.add_strings(mode);
    onnx::AttributeProto& thresholds = attribute("nodes_values", onnx::AttributeProto::FLOATS);
    for (const float one : {threshold, 0.0F, 0.0F}) thresholds.add_floats(one);
    onnx::AttributeProto& weights = attribute("target_weights", onnx::AttributeProto::FLOATS);
    for (const float weight : {10.0F, 20.0F}) weights.add_floats(weight);
    std::ofstream stream(file, std::ios::binary);
    model.SerializeToOstream(&stream);
}

/// h_next = tanh(x W + h U + b) and y = h_next V, for x of two elements and h of three.
void write_stateful(const std::string& file) {
    onnx::ModelProto model = named_model("stateful");
    onnx::GraphProto& graph = *model.mutable_graph();
    describe(*graph.add_input(), "x", 2);
    describe(*graph.add_input(), "h", 3);
    describe(*graph.add_output(), "y", 1);
    describe(*graph.add_output(), "h_next", 3);
    const auto product = [&](const char* in, const char* out, std::int64_t rows, std::int64_t columns) {
        onnx::TensorProto& one = *graph.add_initializer();
        one.set_name(std::string("of_") + out);
        one.set_data_type(onnx::TensorProto::FLOAT);
        one.add_dims(rows);
        one.add_dims(columns);
        for (std::int64_t i = 0; i < rows * columns; ++i) one.add_float_data(0.25F * static_cast<float>(i % 3 + 1));
        onnx::NodeProto& node = *graph.add_node();
        node.set_op_type("MatMul");
        node.add_input(in);
        node.add_input(one.name());
        node.add_output(out);
    };
    const auto add = [&](const char* op, const std::vector<const char*>& inputs, const char* out) {
        onnx::NodeProto& node = *graph.add_node();
        node.set_op_type(op);
        for (const char* input : inputs) node.add_input(input);
        node.add_output(out);
    };
    product("x", "from_x", 2, 3);
    product("h", "from_h", 3, 3);
    add("Add", {"from_x", "from_h"}, "sum");
    add("Tanh", {"sum"}, "h_next");
    product("h_next", "y", 3, 1);
    std::ofstream stream(file, std::ios::binary);
    model.SerializeToOstream(&stream);
}

struct files {
    files() {
        std::filesystem::remove("out.hpp");
        std::filesystem::remove("out.safetensors");
        write_model("small.onnx");
        write("x.npy", npy<float>("<f4", "(4, 3)", {1, 0, 0, 0, 1, 1, 2, 0, 1, 0, 3, 0}));
        write("y.npy", npy<double>("<f8", "(4, 2)", {2, 0, 1, 2, 3, 1, 1, 3}));
        write("labels.npy", npy<std::int64_t>("<i8", "(4,)", {0, 1, 0, 1}));
    }
    command what = [] {
        command small;
        small.model = "small.onnx";
        small.output = "out.hpp";
        small.name = "small";
        return small;
    }();

    /// Changes the command and checks the message about it.
    void refused(const std::function<void(command&)>& change, const std::string& why) const {
        command changed = what;
        change(changed);
        try {
            run(changed);
            BOOST_ERROR("it is not refused: " << why);
        } catch (const std::exception& error) { BOOST_TEST(error.what() == why); }
        BOOST_TEST(!std::filesystem::exists("out.hpp"));
        BOOST_TEST(!std::filesystem::exists("out.safetensors"));
    }
    /// The same for a file of inputs.
    void refused_inputs(const std::string& bytes, const std::string& why) const {
        write("bad.npy", bytes);
        refused([](command& c) { c.inputs = "bad.npy"; }, "bad.npy: " + why);
    }
};

void expect_in(const std::string& text, const std::string& part) {
    BOOST_TEST(text.find(part) != text.npos, "\"" << part << "\" is not in\n" << text);
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_header_with_a_contract, files) {
    what.inputs = "x.npy";
    what.expected = "y.npy";
    what.labels = "labels.npy";
    what.min_accuracy = 1;
    what.max_bytes = 32;
    what.max_macs = 6;
    what.check_vectors = 5;
    BOOST_TEST(run(what) == "out.hpp: 1 layers, 8 parameters, 6 multiply-accumulates\n");
    const std::string header = read("out.hpp");
    for (const char* part : {"namespace small {", "ctnn::dense<2>", "small.onnx", "static_assert"})
        expect_in(header, part);
    // A second run writes the same header.
    run(what);
    BOOST_TEST(read("out.hpp") == header);
}

BOOST_FIXTURE_TEST_CASE(missing_values_are_inputs, files) {
    const float none = std::numeric_limits<float>::quiet_NaN(), all = std::numeric_limits<float>::infinity();
    write_tree("tree.onnx");
    write("missing.npy", npy<float>("<f4", "(3, 2)", {1, none, none, 0.5F, 0, -all}));
    write("expected.npy", npy<float>("<f4", "(3, 1)", {20, 10, 10}));
    what.model = "tree.onnx";
    what.inputs = "missing.npy";
    what.expected = "expected.npy";
    what.check_vectors = 3;
    run(what);
    const std::string header = read("out.hpp");
    for (const char* part :
         {"check_input_0{0x1p+0f, std::numeric_limits<float>::quiet_NaN()};", "check_output_0{0x1.4p+4f}",
          "check_input_2{0x0p+0f, -std::numeric_limits<float>::infinity()};"})
        expect_in(header, part);
    // All numbers go one way, and what is missing the other.
    write_tree("tree.onnx", all);
    write("expected.npy", npy<float>("<f4", "(3, 1)", {20, 10, 10}));
    run(what);
    expect_in(read("out.hpp"), "0x1.3p+4f, std::numeric_limits<float>::infinity(), ");
    // Elsewhere they are outputs too, and no check can compare those.
    std::filesystem::remove("out.hpp");
    write("bad.npy", npy<float>("<f4", "(1, 3)", {1, none, 3}));
    files small;
    small.what.inputs = "bad.npy";
    small.refused([](command&) {},
                  "the output for sample 0 of --inputs, element 0: the value nan is not a finite float");
}

BOOST_FIXTURE_TEST_CASE(a_report, files) {
    what.output.clear();
    what.report = true;
    const std::string text = run(what);
    for (const char* part : {"dense<2>", "parameters", "total"}) expect_in(text, part);
    BOOST_TEST(!std::filesystem::exists("out.hpp"));
}

BOOST_FIXTURE_TEST_CASE(weights_beside_the_header, files) {
    what.weights_file = "out.safetensors";
    BOOST_TEST(run(what) == "out.hpp: 1 layers, 8 parameters, 6 multiply-accumulates; weights in out.safetensors\n");
    BOOST_TEST(read("out.safetensors").size() > 32);
    expect_in(read("out.hpp"), "out.safetensors");
    files again;
    again.refused(
        [](command& c) {
            c.weights_file = "out.safetensors";
            c.inputs = "x.npy";
            c.labels = "labels.npy";
            c.min_accuracy = 0.5;
        },
        "--min-accuracy needs the weights in the header, and not in out.safetensors");
}

// The check value that the generated load() requires is in the weights written with it, and differs if anything else
// does.
BOOST_FIXTURE_TEST_CASE(check_values, files) {
    const auto value_in = [](const std::string& text, const std::string& before) {
        const std::size_t at = text.find(before);
        BOOST_REQUIRE(at != text.npos);
        return text.substr(at + before.size(), 16);
    };
    const auto import = [&] {
        run(what);
        const std::string header = value_in(read("out.hpp"), "ctnn::io::load_safetensors(net, file, \"");
        BOOST_TEST(value_in(read("out.safetensors"), "\"ctnn_import_check_value\":\"") == header);
        return header;
    };
    what.weights_file = "out.safetensors";
    const std::string first = import();
    BOOST_TEST(import() == first);
    what.dtype = "double";
    BOOST_TEST(import() != first);
    what.dtype = "float";
    write_model("small.onnx", 0.5f);
    BOOST_TEST(import() != first);
    write_model("small.onnx");
    BOOST_TEST(import() == first);
}

BOOST_FIXTURE_TEST_CASE(outputs_that_are_something_else, files) {
    namespace fs = std::filesystem;
    const auto old = read("small.onnx");
    for (const char* link : {"hard.onnx", "soft.onnx", "soft.hpp"}) fs::remove(link);
    fs::create_hard_link("small.onnx", "hard.onnx");
    fs::create_symlink("small.onnx", "soft.onnx");
    for (const std::string place : {"small.onnx", "./small.onnx", "hard.onnx", "soft.onnx"}) {
        refused([&](command& c) { c.output = place; }, place + ": it is the model, which would be overwritten");
        refused([&](command& c) { c.weights_file = place; }, place + ": it is the model, which would be overwritten");
    }
    refused(
        [](command& c) {
            c.inputs = "x.npy";
            c.output = "x.npy";
        },
        "x.npy: it is the file of --inputs, which would be overwritten");
    BOOST_TEST(read("small.onnx") == old);
    refused([](command& c) { c.weights_file = "./out.hpp"; }, "out.hpp: header and weights would be the same file");
    fs::create_symlink("out.hpp", "soft.hpp");
    refused([](command& c) { c.weights_file = "soft.hpp"; }, "out.hpp: header and weights would be the same file");
}

BOOST_FIXTURE_TEST_CASE(outputs_that_are_data_of_the_model, files) {
    onnx::ModelProto model;
    BOOST_REQUIRE(model.ParseFromString(read("small.onnx")));
    onnx::TensorProto& weights = *model.mutable_graph()->mutable_initializer(0);
    const std::string data(reinterpret_cast<const char*>(weights.float_data().data()), 6 * sizeof(float));
    weights.clear_float_data();
    weights.set_data_location(onnx::TensorProto::EXTERNAL);
    onnx::StringStringEntryProto& location = *weights.add_external_data();
    location.set_key("location");
    location.set_value("small.bin");
    write("small.bin", data);
    write("external.onnx", model.SerializeAsString());
    what.model = "external.onnx";
    run(what);
    std::filesystem::remove("out.hpp");
    refused([](command& c) { c.output = "small.bin"; },
            "small.bin: it is data of the model, which would be overwritten");
    refused([](command& c) { c.weights_file = "./small.bin"; },
            "./small.bin: it is data of the model, which would be overwritten");
    BOOST_TEST(read("small.bin") == data);
    // The same with the weights in a Constant.
    onnx::TensorProto moved = weights;
    model.mutable_graph()->mutable_initializer()->DeleteSubrange(0, 1);
    onnx::NodeProto& constant = *model.mutable_graph()->add_node();
    constant.set_op_type("Constant");
    constant.add_output(moved.name());
    onnx::AttributeProto& value = *constant.add_attribute();
    value.set_name("value");
    value.set_type(onnx::AttributeProto::TENSOR);
    *value.mutable_t() = std::move(moved);
    auto& nodes = *model.mutable_graph()->mutable_node();
    for (int i = nodes.size() - 1; i > 0; --i) nodes.SwapElements(i, i - 1);
    write("external.onnx", model.SerializeAsString());
    run(what);
    std::filesystem::remove("out.hpp");
    refused([](command& c) { c.output = "small.bin"; },
            "small.bin: it is data of the model, which would be overwritten");
    BOOST_TEST(read("small.bin") == data);
}

BOOST_FIXTURE_TEST_CASE(outputs_together_or_not_at_all, files) {
    namespace fs = std::filesystem;
    fs::remove_all("together");
    fs::create_directory("together");
    what.output = "together/out.hpp";
    what.weights_file = "together/out.safetensors";
    run(what);
    const std::string header = read("together/out.hpp"), weights = read("together/out.safetensors");
    write_model("small.onnx", 0.5f);
    fs::permissions("together/out.hpp", fs::perms::owner_read);
    BOOST_CHECK_THROW(run(what), std::exception);
    BOOST_TEST(read("together/out.hpp") == header);
    BOOST_TEST(read("together/out.safetensors") == weights);
    BOOST_TEST(std::distance(fs::directory_iterator("together"), {}) == 2);
}

// Only the header is written there, and the device is kept.
BOOST_FIXTURE_TEST_CASE(an_output_that_is_no_file, files) {
    what.output = "/dev/null";
    BOOST_TEST(run(what) == "");
    BOOST_TEST(std::filesystem::is_character_file("/dev/null"));
    what.report = true;
    expect_in(run(what), "total");
}

BOOST_FIXTURE_TEST_CASE(options_that_do_not_go_together, files) {
    refused([](command& c) { c.name = "7"; }, "\"7\" cannot be the name of a namespace");
    refused([](command& c) { c.name = "my::double"; }, "\"my::double\" cannot be the name of a namespace");
    refused([](command& c) { c.name.clear(); }, "--output needs --name as well");
    refused([](command& c) { c.output.clear(); }, "there is nothing to do without --output or --report");
    refused([](command& c) { c.min_accuracy = 0.5; }, "--min-accuracy needs --inputs and --labels");
    refused([](command& c) { c.expected = "y.npy"; }, "--expected needs --inputs");
    refused([](command& c) { c.tolerance = 0; }, "--tolerance has to be above 0");
    refused([](command& c) { c.tolerance = std::numeric_limits<double>::quiet_NaN(); },
            "--tolerance has to be above 0");
    refused([](command& c) { c.model = "w.safetensors"; },
            "w.safetensors: weights need the network that takes them: --into HEADER");
    refused([](command& c) { c.model = "absent.onnx"; }, "absent.onnx: the file cannot be opened");
    std::filesystem::create_directory("folder.onnx");
    refused([](command& c) { c.model = "folder.onnx"; },
            "folder.onnx: it is a folder, a pipe or a device, and no file");
    refused([](command& c) { c.length = 3; }, "--length is for RTNeural models and captures");
    refused([](command& c) { c.channels = 3; }, "--channels is for captures");
    refused([](command& c) { c.type = "net"; }, "--layout, --type and --map need --into");
    refused([](command& c) { c.layout = "keras"; }, "--layout, --type and --map need --into");
    refused([](command& c) { c.labels = "labels.npy"; }, "--labels needs --inputs");
    const auto json = [](command& c) {
        c.model = "model.json";
        c.read.batch = 1;
    };
    refused(json, "--batch, --dim, --shape and --take are for models of ONNX and Keras");
}

// A state that goes in and out: the header has a type that runs it.
BOOST_FIXTURE_TEST_CASE(state_in_and_out, files) {
    write_stateful("stateful.onnx");
    what.model = "stateful.onnx";
    const auto with = [](std::vector<std::pair<std::string, std::string>> states) {
        return [states](command& changed) { changed.states = states; };
    };
    refused(with({{"x", "h_next"}}), "stateful.onnx: --state makes the output \"h_next\" of 3 the input \"x\" of 2");
    refused(with({{"c", "h_next"}}), "stateful.onnx: --state names \"c\", which is none of its several inputs");
    refused(with({{"h", "h"}}), "stateful.onnx: --state names \"h\", which is none of its several outputs");
    refused(
        [](command& changed) {
            changed.model = "small.onnx";
            changed.states = {{"x", "y"}};
        },
        "small.onnx: --state names \"x\", which is none of its several inputs");
    command parsed;
    bind_state("h=h_next", parsed);
    BOOST_TEST((parsed.states == std::vector<std::pair<std::string, std::string>>{{"h", "h_next"}}));
    BOOST_CHECK_THROW(bind_state("h", parsed), refusal);
    BOOST_CHECK_THROW(bind_state("=h", parsed), refusal);

    what.states = {{"h", "h_next"}};
    run(what);
    const std::string header = read("out.hpp");
    BOOST_TEST(header.find("ctnn::outputs<\"y\", \"h_next\">") != header.npos, header);
    BOOST_TEST(
        header.find("using stream_type = ctnn::stateful<model_type, ctnn::carry<\"h\", \"h_next\">>;") != header.npos,
        header);
}

// Files of other programs are identified by their extension, whatever their content, or by their first bytes.
BOOST_FIXTURE_TEST_CASE(files_of_other_programs, files) {
    const auto said = [&](const std::string& file, const std::string& bytes) {
        write(file, bytes);
        command changed = what;
        changed.model = file;
        try {
            run(changed);
        } catch (const refusal& error) { return std::string(error.what()); }
        return std::string("it is not refused");
    };
    expect_in(said("amp.nam", "{}"), "amp.nam: ");
    // With FlatBuffers, or without.
    expect_in(said("net.TFLite", "x"), "net.TFLite: it is ");
    expect_in(said("net.bin", std::string("\x1c\0\0\0TFL3 and more", 17)), "net.bin: it is ");
    expect_in(said("net.keras", "x"), "net.keras: it is damaged, or no file of Keras");
    expect_in(said("net.H5", "x"), "net.H5: it is damaged, or no file of Keras");
    // With HDF5's library, or without.
    expect_in(said("net.weights", "\x89HDF\r\n\x1a\n and more"), "HDF5");
    expect_in(said("net.pt", "x"), "net.pt: it is a PyTorch file, which the importer does not read");
    expect_in(said("net.zip", "PK\x03\x04 and more"), "net.zip: it is a zip archive");
    // None of these.
    expect_in(said("net.onnx", "x"), "net.onnx: the file is damaged, or not an ONNX model");
    expect_in(said("TFL3", "TFL3"), "TFL3: the file is damaged, or not an ONNX model");
    std::filesystem::remove("absent.h5");
    what.model = "absent.h5";
    refused([](command&) {}, "absent.h5: the file cannot be opened");
}

BOOST_FIXTURE_TEST_CASE(contracts_that_are_broken, files) {
    refused([](command& c) { c.max_bytes = 31; },
            "small.onnx: its parameters take 32 bytes, and its contract allows 31");
    refused([](command& c) { c.max_macs = 5; },
            "small.onnx: it takes 6 multiply-accumulates, and its contract allows 5");
    write("other.npy", npy<std::int64_t>("<i8", "(4,)", {0, 1, 1, 1}));
    refused(
        [](command& c) {
            c.inputs = "x.npy";
            c.labels = "other.npy";
            c.min_accuracy = 0.8;
        },
        "small.onnx: the model's accuracy is 0.750000, and its contract requires 0.800000");
    write("other.npy", npy<double>("<f8", "(4, 2)", {2, 0, 1, 2, 3, 1.5, 1, 3}));
    refused(
        [](command& c) {
            c.inputs = "x.npy";
            c.expected = "other.npy";
        },
        "other.npy: sample 2, output 1: found 1.500000, and the model computes 1.000000");
    write("other.npy", npy<double>("<f8", "(4, 2)", {2, 0, 1, 2, 3, std::numeric_limits<double>::quiet_NaN(), 1, 3}));
    refused(
        [](command& c) {
            c.inputs = "x.npy";
            c.expected = "other.npy";
        },
        "other.npy: sample 2, output 1: found nan, and the model computes 1.000000");
}

BOOST_FIXTURE_TEST_CASE(arrays_that_do_not_fit, files) {
    refused_inputs(npy<float>("<f4", "(4, 2)", std::vector<float>(8)),
                   "found an array of 4 x 2, expected 3 values per sample");
    refused_inputs(npy<float>("<f4", "(0, 3)", {}), "found an array of 0 x 3, expected 3 values per sample");
    write("labels.npy", npy<float>("<f4", "(4,)", {0, 1, 0, 1}));
    const auto with_labels = [](command& c) {
        c.inputs = "x.npy";
        c.labels = "labels.npy";
    };
    refused(with_labels, "labels.npy: found an array of 4, expected an integer for each of 4 samples");
    write("labels.npy", npy<std::uint8_t>("|u1", "(3,)", {0, 1, 0}));
    refused(with_labels, "labels.npy: found an array of 3, expected an integer for each of 4 samples");
    write("labels.npy", npy<std::uint8_t>("|u1", "(4,)", {0, 1, 2, 0}));
    refused(with_labels, "labels.npy: found the label 2, expected a class from 0 to 1");
    write("y.npy", npy<double>("<f8", "(3, 2)", std::vector<double>(6)));
    refused(
        [](command& c) {
            c.inputs = "x.npy";
            c.expected = "y.npy";
        },
        "y.npy: found 3 samples, expected as many as inputs, 4");
}

BOOST_FIXTURE_TEST_CASE(arrays_that_are_none, files) {
    const std::string none = "the file is not a NumPy array that the importer reads: ";
    refused([](command& c) { c.inputs = "absent.npy"; }, "absent.npy: the file cannot be opened");
    refused_inputs("", none + "it does not begin as one");
    refused_inputs("PK\x03\x04 a zip of several arrays", none + "it does not begin as one");
    refused_inputs(std::string("\x93NUMPY\x04\x00\x00\x00\x00\x00", 12), none + "its version is not known");
    refused_inputs(std::string("\x93NUMPY\x01\x00\xff\x00{'descr'", 18), none + "its header ends early");
    refused_inputs(npy<float>("<f4", "(1, 3)", {1, 2}), none + "it has another number of bytes than its shape says");
    refused_inputs(npy<float>("<f4", "(1, 3)", {1, 2, 3, 4}),
                   none + "it has another number of bytes than its shape says");
    const std::string types = " is not a little-endian float, integer or bool";
    refused_inputs(npy<float>(">f4", "(1, 3)", {1, 2, 3}), none + "its type \">f4\"" + types);
    refused_inputs(npy<float>("<c8", "(1, 3)", {1, 2, 3}), none + "its type \"<c8\"" + types);
    refused_inputs(npy<float>("<f45", "(1, 3)", {1, 2, 3}), none + "its type \"<f45\"" + types);
    refused_inputs(npy<float>("|O", "(1, 3)", {1, 2, 3}), none + "its type \"|O\"" + types);
    refused_inputs(npy<float>("\x1b[2J", "(1, 3)", {1, 2, 3}), none + "its type \"\\x1b[2J\"" + types);
    refused_inputs(npy<float>("<f4", "(1, 3)", {1, 2, 3}, "None"),
                   none + "byte 44: 'fortran_order' is neither True nor False");
    refused_inputs(npy<float>("<f4", "(1, 3), 'shape': (1, 3)", {1, 2, 3}),
                   none + "byte 68: the name \"shape\" is unknown or occurs twice");
    refused_inputs(npy<float>("<f4", "(1, 3), 'more': 1", {1, 2, 3}),
                   none + "byte 68: the name \"more\" is unknown or occurs twice");
    refused_inputs(npy<float>("<f4", "(3)", {1, 2, 3}), none + "its shape is not a tuple of extents");
    refused_inputs(npy<float>("<f4", "(1, 3)}", {1, 2, 3}), none + "byte 67: something follows the header");
    refused_inputs(npy<float>("<f4", "[1, 3]", {1, 2, 3}), none + "its shape is not a tuple of extents");
    refused_inputs(npy<float>("<f4", "(1, -3)", {1, 2, 3}), none + "its shape is not a tuple of extents");
    refused_inputs(npy<float>("<f4", "(999999999,)", {1, 2, 3}), none + "its shape is too large");
    refused_inputs(npy<float>("<f4", "(99999, 99999)", {1, 2, 3}), none + "it has more than 2^28 elements");
    // Every truncation of a valid file.
    const std::string whole = npy<float>("<f4", "(1, 3)", {1, 2, 3});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        write("bad.npy", whole.substr(0, size));
        command changed = what;
        changed.inputs = "bad.npy";
        BOOST_CHECK_THROW(run(changed), refusal);
    }
}

// NumPy writes x.T in Fortran order; a one-dimensional array is in both orders.
BOOST_FIXTURE_TEST_CASE(arrays_in_the_order_of_fortran, files) {
    const auto same = [](const std::string& columns, const std::string& rows) {
        const array a = parse_npy(columns), b = parse_npy(rows);
        BOOST_TEST(a.dims == b.dims, boost::test_tools::per_element());
        BOOST_TEST((a.values == b.values));
    };
    same(npy<float>("<f4", "(2, 3)", {1, 4, 2, 5, 3, 6}, "True"), npy<float>("<f4", "(2, 3)", {1, 2, 3, 4, 5, 6}));
    same(npy<std::uint8_t>("|u1", "(2, 2, 3)", {1, 7, 4, 10, 2, 8, 5, 11, 3, 9, 6, 12}, "True"),
         npy<std::uint8_t>("|u1", "(2, 2, 3)", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    same(npy<float>("<f4", "(3,)", {1, 2, 3}, "True"), npy<float>("<f4", "(3,)", {1, 2, 3}));
    same(npy<float>("<f4", "()", {1}, "True"), npy<float>("<f4", "()", {1}));
    same(npy<float>("<f4", "(0, 3)", {}, "True"), npy<float>("<f4", "(0, 3)", {}));
    what.inputs = "x.npy";
    run(what);
    const std::string expected = read("out.hpp");
    write("x.npy", npy<float>("<f4", "(4, 3)", {1, 0, 2, 0, 0, 1, 0, 3, 0, 1, 1, 0}, "True"));
    run(what);
    BOOST_TEST(read("out.hpp") == expected);
}

// The same three samples in every type that is read.
BOOST_FIXTURE_TEST_CASE(arrays_of_every_type, files) {
    what.inputs = "typed.npy";
    what.check_vectors = 2;
    const auto header_of = [&](const std::string& bytes) {
        write("typed.npy", bytes);
        run(what);
        return read("out.hpp");
    };
    const std::string shape = "(2, 3)", expected = header_of(npy<float>("<f4", shape, {1, 0, 1, 0, 1, 1}));
    BOOST_TEST(header_of(npy<double>("<f8", shape, {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<std::uint8_t>("|b1", shape, {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<std::int8_t>("|i1", shape, {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<std::uint8_t>("|u1", shape, {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<std::int16_t>("<i2", shape, {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<std::uint16_t>("<u2", shape, {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<std::int32_t>("<i4", shape, {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<std::uint32_t>("<u4", shape, {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<std::int64_t>("<i8", shape, {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<float>("<f4", "(2, 1, 3)", {1, 0, 1, 0, 1, 1})) == expected);
    BOOST_TEST(header_of(npy<float>("<f4", shape, {1, 0, 1, 0, 1, 2})) != expected);
    what.check_vectors = 1;
    BOOST_TEST(header_of(npy<float>("<f4", "(3,)", {1, 0, 1})) == header_of(npy<float>("<f4", "(1, 3)", {1, 0, 1})));
}

BOOST_AUTO_TEST_CASE(bindings) {
    read_options options;
    bind_dim("steps=12", options);
    BOOST_TEST(options.dims.at("steps") == 12);
    bind_shape("x=1x3x8", options);
    BOOST_TEST(options.shapes.at("x") == (extents{1, 3, 8}), boost::test_tools::per_element());
    bind_shape("a=b=7", options);
    BOOST_TEST(options.shapes.at("a=b") == (extents{7}), boost::test_tools::per_element());
    weights_options weights;
    bind_module("2.1.0=block.conv", weights);
    BOOST_TEST(weights.map.at("2.1.0") == "block.conv");

    const auto said = [](const std::function<void()>& call) -> std::string {
        try {
            call();
            return "it is not refused";
        } catch (const refusal& reason) { return reason.what(); }
    };
    for (const char* bad : {"steps", "steps=", "steps=-1", "steps=1.5", "steps=9999999999"})
        BOOST_TEST(said([&] { bind_dim(bad, options); }) == std::string("--dim ") + bad + ": expected NAME=N");
    for (const char* bad : {"x", "x=", "x=1x", "x=x1", "x=1xx2", "x=1,2", "x=-1"})
        BOOST_TEST(said([&] { bind_shape(bad, options); }) ==
                   std::string("--shape ") + bad + ": expected INPUT=1x3x8x8");
    for (const char* bad : {"conv", "=conv"})
        BOOST_TEST(said([&] { bind_module(bad, weights); }) == std::string("--map ") + bad + ": expected LAYER=MODULE");
}
