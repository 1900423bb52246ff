// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_weights
#include "import_weights.hpp"
#include "refusal.hpp"
#include "spec_layer.hpp"

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <cstring>
#include <fstream>
#include <functional>
#include <string>

// What is said of weights and headers that do not fit; that those which fit give the right answers is tested with files
// of PyTorch, in tests/import/weights.

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
           "the module \"fc1\" has no number for a name; --map");
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
           "line 3: quark: the importer does not know this layer");
    expect(said_of("using net = ctnn::network<float, ctnn::input<4>, ctnn::dense<Units>>;", file),
           "line 1: dense: its argument 0 is no number");
    expect(said_of("using net = ctnn::network<float, ctnn::input<4>, ctnn::reshape<3, 2>>;", file),
           "reshape: it has another number of elements than 4");
    expect(said_of("using net = ctnn::network<float, ctnn::input<4>, ctnn::conv2d<3, ctnn::window<3>>>;", file),
           "conv2d: it takes 3 dimensions, and is given 4");
    expect(said_of("using net = ctnn::network<int, ctnn::input<4>, ctnn::dense<3>>;", file),
           "the network's number is int");
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
    expect(said("{"), "the file is no model of RTNeural");
    expect(said(layer("")), "the model has no layers");
    expect(said(layer(R"({"type": "conv2d", "activation": "", "shape": [1], "weights": []})")),
           "layer 0: the type \"conv2d\" is not known");
    expect(said(layer(R"({"type": "dense", "activation": "sin", "shape": [1], "weights": []})")),
           "layer 0: its activation is \"sin\"");
    expect(said(layer(R"({"type": "dense", "shape": [1], "weights": [[[1]], [3]]})")),
           "layer 0: the tensor kernel is 1 x 1, and the dense takes 2 x 1");
    expect(said(layer(R"({"type": "dense", "shape": [1], "weights": [[[1], [2, 3]], [3]]})")),
           "layer 0: its weights are lists of different lengths");
    expect(said(layer(R"({"type": "dense", "shape": [1], "weights": [[[1], [2]]]})")),
           "layer 0: it has 1 arrays of weights, and not 2");
    expect(said(layer(R"({"type": 5, "shape": [1]})")), "layer 0: a value has another type than RTNeural writes");
    // What other programs add to the format, such as a sum of input and output, is not passed over.
    const std::string dense = R"({"type": "dense", "shape": [1], "weights": [[[1], [2]], [3]])";
    expect(said(R"({"in_shape": [null, null, 2], "in_skip": 1, "layers": [)" + dense + "}]}"),
           "what \"in_skip\" means is not known");
    expect(said(layer(dense + R"(, "strides": [2]})")), "layer 0: what \"strides\" means is not known");
    expect(said(R"({"in_shape": [null, 8, 5, 2], "layers": [)" + dense + "}]}"), "in_shape has 4 extents");
    expect(said(layer(R"({"type": "prelu", "activation": "relu", "shape": [2], "weights": [[[1, 1]]]})")),
           "layer 0: a prelu with an activation is not known");
    const std::string norm = R"({"type": "batchnorm", "shape": [2], "weights": [[1, 1], [0, 0], [0, 0], [1, 1]])";
    BOOST_TEST(said(layer(norm + R"(, "epsilon": 0.001})")) == "");
    expect(said(layer(norm + "}")), "layer 0: its epsilon is missing");
    expect(said(layer(norm + R"(, "epsilon": 1e-300})")), "layer 0: its epsilon is missing, or not between");
}

BOOST_AUTO_TEST_CASE(rtneural_with_one_slope) {
    write("model.json", R"({"in_shape": [null, null, 2], "layers": [
        {"type": "prelu", "activation": "", "shape": [null, null, 2], "weights": [[[0.25]]]}]})");
    const network model = import_rtneural("model.json", 4);
    BOOST_REQUIRE(model.layers.size() == 1);
    BOOST_REQUIRE(model.layers[0].parameters.size() == 1);
    BOOST_TEST((model.layers[0].parameters[0].values == std::vector<double>{0.25, 0.25}));
}
