// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_weights
#include "evaluate_ctnn/interpret.hpp"
#include "read/header.hpp"
#include "read/import_weights.hpp"
#include "refusal.hpp"
#include "spec/spec_layer.hpp"
#include "spec/spec_text.hpp"

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// The messages about weights and headers that do not fit; tests/import/weights tests the outputs of those that do, with
// files of PyTorch.

namespace {

using namespace ctnn_import;

void write(const std::string& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// A safetensors file of zeros.
std::string safetensors(const std::map<std::string, extents>& tensors) {
    nlohmann::json header;
    std::size_t place = 0;
    for (const auto& [name, dims] : tensors) {
        const auto bytes = 4 * static_cast<std::size_t>(count(dims));
        header[name] = {{"dtype", "F32"}, {"shape", dims}, {"data_offsets", {place, place + bytes}}};
        place += bytes;
    }
    const std::string text = header.dump();
    const std::uint64_t length = text.size();
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, sizeof length);
    return file + text + std::string(place, '\0');
}

std::string said_by(const std::function<void()>& call) {
    try {
        call();
        return {};
    } catch (const refusal& error) { return error.what(); }
}
std::string said_of(const std::string& header, const std::string& file, const weights_options& options = {}) {
    write("net.hpp", header);
    write("weights.safetensors", file);
    return said_by([&] {
        std::string number;
        import_weights("weights.safetensors", network_of_header("net.hpp", "", number), options);
    });
}
void expect(const std::string& said, const std::string& text) {
    BOOST_TEST(said.find(text) != said.npos, "found \"" << said << "\", expected \"" << text << "\" in it");
    BOOST_TEST(said.find('\n') == said.npos);
}

const std::string two = "using net = ctnn::network<float, ctnn::input<4>, ctnn::dense<3, ctnn::relu>, ctnn::dense<2>>;";
const std::map<std::string, extents> fitting{
    {"0.weight", {3, 4}}, {"0.bias", {3}}, {"2.weight", {2, 3}}, {"2.bias", {2}}};

std::map<std::string, extents> changed(const std::function<void(std::map<std::string, extents>&)>& change) {
    auto tensors = fitting;
    change(tensors);
    return tensors;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_fits_is_taken) {
    BOOST_TEST(said_of(two, safetensors(fitting)) == "");
    weights_options named;
    named.map = {{"0", "first"}, {"1", "deep.second"}};
    BOOST_TEST(said_of(two,
                       safetensors({{"first.weight", {3, 4}},
                                    {"first.bias", {3}},
                                    {"deep.second.weight", {2, 3}},
                                    {"deep.second.bias", {2}}}),
                       named) == "");
}

BOOST_AUTO_TEST_CASE(tensors) {
    expect(said_of(two, safetensors(changed([](auto& t) {
                       t["0.weight"] = {4, 3};
                   }))),
           "layer 0, module \"0\": the tensor weight is 4 x 3, and the dense takes 3 x 4");
    expect(said_of(two, safetensors(changed([](auto& t) { t.erase("2.bias"); }))),
           "layer 1, module \"2\": there is no tensor bias");
    expect(said_of(two, safetensors(changed([](auto& t) { t["2.extra"] = {1}; }))),
           "no layer takes the tensor \"2.extra\"");
    expect(said_of(two, safetensors(changed([](auto& t) { t["3.weight"] = {1}; }))),
           "the file has 3 modules, and the network 2 layers");
    expect(said_of(two,
                   safetensors({{"fc1.weight", {3, 4}}, {"fc1.bias", {3}}, {"fc2.weight", {2, 3}}, {"fc2.bias", {2}}})),
           "the module \"fc1\" is not named by a number; --map");
    weights_options half, wrong;
    half.map = {{"0", "0"}};
    wrong.map = {{"7", "0"}};
    expect(said_of(two, safetensors(fitting), half), "--map does not say which module layer 1 (dense) takes");
    expect(said_of(two, safetensors(fitting), wrong), "the network has no layer 7 with parameters");
}

BOOST_AUTO_TEST_CASE(damaged_files) {
    const std::string whole = safetensors(fitting);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string said = said_of(two, whole.substr(0, size));
        BOOST_TEST(!said.empty(), "a file cut to " << size << " bytes is taken");
        BOOST_TEST(said.find('\n') == said.npos);
    }
}

BOOST_AUTO_TEST_CASE(headers_of_safetensors) {
    const auto said_of_entries = [](const std::string& header, std::size_t bytes) {
        const std::uint64_t length = header.size();
        std::string file(8, '\0');
        std::memcpy(file.data(), &length, sizeof length);
        return said_of(two, file + header + std::string(bytes, '\0'));
    };
    const std::string one = R"("0.bias": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]})";
    expect(said_of_entries("{" + one + ", " + one + "}", 12), "found the name \"0.bias\" twice");
    expect(said_of_entries("{" + one + "}", 16), "found 16 bytes of data, expected 12 bytes");
    expect(said_of_entries("{" + one + R"(, "a": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]}})", 12),
           "tensor \"a\": found the offsets 8 to 12, expected a tensor that begins at offset 12");
    expect(said_of_entries("[1]", 0), "expected a JSON object");
}

BOOST_AUTO_TEST_CASE(headers) {
    const std::string file = safetensors(fitting);
    expect(said_of("struct net;", file), "the header declares no network");
    expect(said_of(two + "\n" + "using other = ctnn::network<float, ctnn::input<1>, ctnn::dense<1>>;", file),
           "the header declares 2 networks");
    expect(said_of("\n\nusing net = ctnn::network<float, ctnn::input<4>, ctnn::quark<3>>;", file),
           "line 3, column 50: quark: the importer does not know this layer");
    expect(said_of("using net = ctnn::network<float, ctnn::input<4>, ctnn::dense<Units>>;", file),
           "line 1, column 62: dense: Units has to be a number here");
    expect(said_of("using net = ctnn::network<float, ctnn::input<4>, ctnn::reshape<3, 2>>;", file),
           "reshape: it has another number of elements than 4");
    expect(said_of("using net = ctnn::network<float, ctnn::input<4>, ctnn::conv2d<3, ctnn::window<3>>>;", file),
           "conv2d: it takes 3 dimensions, and is given 4");
    expect(said_of("using net = ctnn::network<int, ctnn::input<4>, ctnn::dense<3>>;", file),
           "the network's scalar type is int");
}

BOOST_AUTO_TEST_CASE(rtneural) {
    const auto said = [](const std::string& text) {
        write("model.json", text);
        return said_by([] { import_rtneural("model.json", 4); });
    };
    const auto layer = [](const std::string& text) {
        return R"({"in_shape": [null, null, 2], "layers": [)" + text + "]}";
    };
    BOOST_TEST(
        said(layer(
            R"({"type": "dense", "activation": "relu", "shape": [null, null, 1], "weights": [[[1], [2]], [3]]})")) ==
        "");
    expect(said("{"), "line 1, column 2: it is damaged there, or not JSON");
    expect(said("[]"), "the file is not an RTNeural model: it is damaged, or not a JSON object");
    expect(said("{}"), "the file is not an RTNeural model: in_shape is missing");
    expect(said(R"({"in_shape": [1], "layers": 3})"), "the file is not an RTNeural model: its layers are not a list");
    expect(said(layer("")), "the model has no layers");
    expect(said(layer(R"({"type": "conv2d", "activation": "", "shape": [1], "weights": []})")),
           "layer 0: the type \"conv2d\" is not supported");
    expect(said(layer(R"({"type": "dense", "activation": "sin", "shape": [1], "weights": []})")),
           "layer 0: its activation \"sin\" is not supported");
    expect(said(layer(R"({"type": "dense", "shape": [1], "weights": [[[1]], [3]]})")),
           "layer 0: the tensor kernel is 1 x 1, and the dense takes 2 x 1");
    expect(said(layer(R"({"type": "dense", "shape": [1], "weights": [[[1], [2, 3]], [3]]})")),
           "layer 0: its weights are lists of different lengths");
    expect(said(layer(R"({"type": "dense", "shape": [1], "weights": [[[1], [2]], [3], [4]]})")),
           "layer 0: it has 3 arrays of weights, and not 2");
    expect(said(layer(R"({"type": 5, "shape": [1]})")), "layer 0: a value has another type than RTNeural writes");
    // Additions of other programs to the format, such as a sum of input and output, are not ignored.
    const std::string dense = R"({"type": "dense", "shape": [1], "weights": [[[1], [2]], [3]])";
    expect(said(R"({"in_shape": [null, null, 2], "skip": 1, "layers": [)" + dense + "}]}"),
           "the meaning of \"skip\" is unknown");
    expect(said(layer(dense + R"(, "strides": [2]})")), "layer 0: the meaning of \"strides\" is unknown");
    expect(said(R"({"in_shape": [null, 8, 5, 2], "layers": [)" + dense + "}]}"), "in_shape has 4 extents");
    expect(said(layer(R"({"type": "prelu", "activation": "relu", "shape": [2], "weights": [[[1, 1]]]})")),
           "layer 0: a prelu with an activation is not supported");
    const std::string norm = R"({"type": "batchnorm", "shape": [2], "weights": [[1, 1], [0, 0], [0, 0], [1, 1]])";
    BOOST_TEST(said(layer(norm + R"(, "epsilon": 0.001})")) == "");
    expect(said(layer(norm + "}")), "layer 0: its epsilon is missing");
    expect(said(layer(norm + R"(, "epsilon": -1})")), "layer 0: its epsilon is missing, or not a number of at least 0");
}

/// A model of RTNeural that is imported for `length` steps, and its output.
network rtneural_of(const std::string& text, std::optional<std::int64_t> length) {
    write("model.json", text);
    return import_rtneural("model.json", length);
}
void answers(const network& model, const std::vector<double>& input, const std::vector<double>& expected) {
    const std::vector<double> found = interpret(model.layers, input).back();
    BOOST_REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        BOOST_TEST(std::abs(found[i] - expected[i]) <= 1e-12 * std::max(1.0, std::abs(expected[i])),
                   "output " << i << " is " << found[i] << " and not " << expected[i]);
}

BOOST_AUTO_TEST_CASE(rtneural_activation_layers_and_no_bias) {
    const network model = rtneural_of(R"({"in_shape": [null, 1], "layers": [
        {"type": "dense", "activation": "", "shape": [null, 2], "weights": [[[2, -3]]]},
        {"type": "activation", "activation": "relu", "shape": [null, 2], "weights": []},
        {"type": "activation", "activation": "", "shape": [null, 2], "weights": []},
        {"type": "activation", "activation": "linear", "shape": [null, 2]},
        {"type": "dense", "activation": "tanh", "shape": [null, 1], "weights": [[[0.5], [1]], [0.25]]}]})",
                                      2);
    BOOST_TEST(model.layers.size() == 3);
    BOOST_TEST(model.layers[0].parameters.size() == 1);
    answers(model, {1, -1}, {std::tanh(1.25), std::tanh(3.25)});
    const network softmax = rtneural_of(R"({"in_shape": [null, 2], "layers": [
        {"type": "activation", "activation": "softmax", "shape": [null, 2], "weights": []}]})",
                                        2);
    answers(softmax, {0, std::log(3.0), 5, 5}, {0.25, 0.75, 0.5, 0.5});
    const network line = rtneural_of(R"({"in_shape": [null, null, 1], "layers": [
        {"type": "conv1d", "activation": "", "shape": [null, null, 1], "kernel_size": [2], "dilation": [1],
         "weights": [[[[1]], [[10]]]]}]})",
                                     3);
    answers(line, {1, 2, 3}, {10, 21, 32});
}

BOOST_AUTO_TEST_CASE(rtneural_batch_normalisation) {
    const std::string begin = R"({"in_shape": [null, null, 2], "layers": [
        {"type": "batchnorm", "activation": "", "shape": [null, null, 2], "weights": )";
    // (x - mean) / sqrt(variance + epsilon)
    answers(rtneural_of(begin + R"([[1, 2], [4, 11]], "epsilon": 5.0}]})", 1), {4, 10}, {1, 2});
    answers(rtneural_of(begin + R"([[3, 0.5], [1, -1], [1, 2], [4, 11]], "epsilon": 5}]})", 1), {4, 10}, {4, 0});
    answers(rtneural_of(begin + R"([[1, 2], [4, 16]], "epsilon": 0}]})", 1), {5, 6}, {2, 1});
    const double epsilon = 0.0123456789;
    answers(rtneural_of(begin + R"([[1, 2], [4, 16]], "epsilon": 0.0123456789}]})", 1), {5, 6},
            {4 / std::sqrt(4 + epsilon), 4 / std::sqrt(16 + epsilon)});
    expect(said_by([&] { rtneural_of(begin + R"([[1, 2], [-1, 11]], "epsilon": 0.5}]})", 1); }),
           "layer 0: a variance plus epsilon is not above 0");
    expect(said_by([&] { rtneural_of(begin + R"([[1, 2], [1, 2], [3, 4]], "epsilon": 0.5}]})", 1); }),
           "layer 0: it has 3 arrays of weights, and not 4");
    expect(said_by([&] { rtneural_of(begin + R"([[1, 2, 3], [1, 2]], "epsilon": 0.5}]})", 1); }),
           "layer 0: its array moving_mean is 3, and it takes 2");
}

// Shapes that become shorter mean convolutions without padding.
BOOST_AUTO_TEST_CASE(rtneural_convolutions_without_padding) {
    const auto model = [](const std::string& steps) {
        return R"({"in_shape": [null, 4, 1], "layers": [
            {"type": "conv1d", "activation": "", "shape": [null, )" +
               steps + R"(, 1], "kernel_size": [2], "dilation": [2], "weights": [[[[1]], [[10]]], [0]]}]})";
    };
    const network valid = rtneural_of(model("2"), std::nullopt);
    BOOST_TEST(valid.input == (extents{4, 1}), boost::test_tools::per_element());
    answers(valid, {1, 2, 3, 4}, {31, 42});
    const network causal = rtneural_of(model("4"), std::nullopt);
    BOOST_TEST(causal.input == (extents{1, 1}), boost::test_tools::per_element());
    answers(rtneural_of(model("4"), 4), {1, 2, 3, 4}, {10, 20, 31, 42});
    answers(rtneural_of(model("null"), 4), {1, 2, 3, 4}, {10, 20, 31, 42});
    expect(
        said_by([&] { rtneural_of(model("3"), std::nullopt); }),
        "layer 0: its shape has 3 steps, which neither a causal convolution nor one without padding computes from 4");
    expect(said_by([&] { rtneural_of(model("2"), 2); }), "layer 0: conv1d: its window is larger than its input");
    expect(said_by([&] { rtneural_of(model("-1"), 2); }),
           "layer 0: element 1 of shape is -1, and not a positive number");
}

BOOST_AUTO_TEST_CASE(rtneural_with_what_aida_x_adds) {
    const auto model = [](const std::string& more) {
        return R"({"in_shape": [null, null, 1], "metadata": {"name": "any"}, )" + more + R"("layers": [
            {"type": "dense", "activation": "", "shape": [null, null, 1], "weights": [[[3]], [0.5]]}]})";
    };
    answers(rtneural_of(model(R"("in_skip": 0, "in_gain": 0, "out_gain": null, )"), 2), {1, 2}, {3.5, 6.5});
    answers(rtneural_of(model(R"("in_skip": 1, )"), 2), {1, 2}, {4.5, 8.5});
    // 20 decibels are a factor of 10.
    answers(rtneural_of(model(R"("in_gain": 20, )"), 2), {1, 2}, {30.5, 60.5});
    answers(rtneural_of(model(R"("in_skip": 1, "in_gain": 20, "out_gain": -20, )"), 2), {1, 2}, {4.05, 8.05});
    answers(rtneural_of(model(R"("out_gain": -90, )"), 1), {1}, {0});
    // Samples and the expected outputs.
    answers(rtneural_of(model(R"("input_batch": [1, 2, 0], "output_batch": [3.5, 6.5, 0.5], )"), 1), {1}, {3.5});
    answers(rtneural_of(model(R"("in_skip": 1, "input_batch": [[1], [2]], "output_batch": [[4.5], [8.5]], )"), 1), {1},
            {4.5});
    const auto said = [&](const std::string& more) { return said_by([&] { rtneural_of(model(more), 1); }); };
    expect(said(R"("input_batch": [1, 2], "output_batch": [3.5, 6.6], )"),
           "element 1 of output_batch is 6.600000, and the network computes 6.500000");
    expect(said(R"("input_batch": [1, 2], "output_batch": [3.5], )"),
           "output_batch has 1 values, and input_batch 2 steps, for which the network computes 2 x 1");
    expect(said(R"("input_batch": [], "output_batch": [], )"), "input_batch is empty");
    expect(said(R"("in_skip": 2, )"), "in_skip is neither 0 nor 1");
    expect(said(R"("in_gain": "loud", )"), "in_gain is not a number");
    // A second input in addition to the sample, such as a knob, is not added to the output.
    expect(said_by([&] {
               rtneural_of(R"({"in_shape": [null, null, 2], "in_skip": 1, "layers": [
                   {"type": "dense", "shape": [null, null, 1], "weights": [[[1], [2]], [0]]}]})",
                           1);
           }),
           "in_skip adds the input of 1 x 2 to an output of 1 x 1");
}

BOOST_AUTO_TEST_CASE(json_of_other_programs) {
    expect(said_by([] { rtneural_of(R"({"architecture": "LSTM", "config": {}, "weights": []})", 1); }),
           "the file is not an RTNeural model: in_shape is missing");
}

// Keras' slopes have extents of 1 along the axes that share them.
BOOST_AUTO_TEST_CASE(keras_shared_slopes_and_depthwise_kernels) {
    const auto filled = [](const std::string& spec, const extents& input, const std::map<std::string, array>& tensors) {
        layer what = layer_of_spec(parse_spec(spec), input);
        fill_layer(what, framework::keras, [&](const std::string& name) -> const array* {
            const auto found = tensors.find(name);
            return found == tensors.end() ? nullptr : &found->second;
        });
        return what.parameters[0].values;
    };
    using numbers = std::vector<double>;
    const numbers slopes{1, 2, 3};
    BOOST_TEST(filled("ctnn::prelu<ctnn::axis<1>>", {5, 3}, {{"alpha", {{1, 3}, slopes}}}) == slopes);
    BOOST_TEST(filled("ctnn::prelu<ctnn::axis<1>>", {5, 3}, {{"alpha", {{3}, slopes}}}) == slopes);
    BOOST_TEST(filled("ctnn::prelu<>", {3, 4, 4}, {{"alpha", {{1, 1, 3}, slopes}}}) == slopes);
    BOOST_TEST(filled("ctnn::prelu<>", {3, 4, 4}, {{"alpha", {{1, 1, 1}, numbers{7}}}}) == (numbers{7, 7, 7}));
    expect(said_by([&] {
               filled("ctnn::prelu<ctnn::axis<1>>", {2, 3}, {{"alpha", {{2, 3}, numbers{1, 2, 3, 4, 5, 6}}}});
           }),
           "the tensor alpha is 2 x 3, and the prelu takes 3");
    const std::string depthwise = "ctnn::conv2d<4, ctnn::window<1, 2>, ctnn::groups<2>, ctnn::no_bias>";
    const numbers kernel{1, 2, 3, 4, 5, 6, 7, 8};
    for (const char* name : {"depthwise_kernel", "kernel"})
        BOOST_TEST(filled(depthwise, {2, 3, 3}, {{name, {{1, 2, 2, 2}, kernel}}}) == kernel);
}

BOOST_AUTO_TEST_CASE(rtneural_with_one_slope) {
    write("model.json", R"({"in_shape": [null, null, 2], "layers": [
        {"type": "prelu", "activation": "", "shape": [null, null, 2], "weights": [[[0.25]]]}]})");
    const network model = import_rtneural("model.json", 4);
    BOOST_REQUIRE(model.layers.size() == 1);
    BOOST_REQUIRE(model.layers[0].parameters.size() == 1);
    BOOST_TEST((model.layers[0].parameters[0].values == std::vector<double>{0.25, 0.25}));
}
