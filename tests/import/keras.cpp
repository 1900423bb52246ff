// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_keras
#include "read/keras.hpp"

#include "command/import_model.hpp"
#include "refusal.hpp"
#include "write/write.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

// Configurations of Keras with weights in memory: what becomes of each, and what is refused. tests/import/keras/ has whole
// files, whose outputs are compared.

namespace {

using namespace ctnn_import;

array numbers(const extents& dims) {
    std::vector<double> all(static_cast<std::size_t>(count(dims)));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = 0.25 + 0.125 * static_cast<double>(i % 5);
    return {dims, std::move(all)};
}

hdf5_content weights(const std::vector<std::pair<std::string, extents>>& all) {
    hdf5_content result;
    for (const auto& [path, dims] : all) result.arrays["model_weights/" + path] = numbers(dims);
    return result;
}

/// A layer of Keras 2.
std::string entry(const std::string& type, const std::string& options = "", const std::string& name = "one") {
    return R"({"class_name":")" + type + R"(","config":{"name":")" + name + R"(","trainable":true,"dtype":"float32")" +
           (options.empty() ? "" : ",") + options + "}}";
}
std::string input(const std::string& shape) {
    return R"({"class_name":"InputLayer","config":{"name":"x","batch_input_shape":)" + shape +
           R"(,"dtype":"float32","sparse":false}})";
}
std::string sequence(const std::string& shape, const std::string& layers) {
    return R"({"class_name":"Sequential","config":{"name":"net","layers":[)" + input(shape) + "," + layers + "]}}";
}

graph read(const std::string& model, hdf5_content content = {}, const std::string& version = "2.9.0",
           const read_options& options = {}) {
    return graph_of_keras(model, std::move(content), false, version, options);
}
std::string refused(const std::function<void()>& call) {
    try {
        call();
    } catch (const refusal& error) { return error.what(); }
    return "it is not refused";
}
std::string refused(const std::string& shape, const std::string& layers, hdf5_content content = {}) {
    return refused([&] { import_model(read(sequence(shape, layers), std::move(content))); });
}

/// The layers that one layer becomes, without "ctnn::".
std::string becomes(const std::string& shape, const std::string& layers, hdf5_content content = {},
                    const std::string& version = "2.9.0") {
    std::string result;
    for (const auto& one : import_model(read(sequence(shape, layers), std::move(content), version)).layers)
        result += (result.empty() ? "" : " ") + spec_text(one);
    for (std::size_t at = 0; (at = result.find("ctnn::")) != result.npos;) result.erase(at, 6);
    return result;
}

const std::string dense = entry("Dense", R"("units":2,"activation":"relu","use_bias":true)");
const hdf5_content dense_weights = weights({{"one/one/kernel:0", {3, 2}}, {"one/one/bias:0", {2}}});

}  // namespace

BOOST_AUTO_TEST_CASE(layers) {
    BOOST_TEST(becomes("[null,3]", dense, dense_weights) == "dense<2, relu>");
    BOOST_TEST(becomes("[32,3]", dense, dense_weights) == "dense<2, relu>");
    const auto activation = [](const std::string& name, const std::string& version) {
        return becomes("[null,3]", entry("Activation", R"("activation":")" + name + "\""), {}, version);
    };
    // It changed between the versions.
    BOOST_TEST(activation("hard_sigmoid", "2.9.0") ==
               "activation<hard_sigmoid_with<std::ratio<1, 5>, std::ratio<1, 2>>>");
    BOOST_TEST(activation("hard_sigmoid", "3.1.0") == "activation<hard_sigmoid>");
    BOOST_TEST(activation("leaky_relu", "3.1.0") == "activation<leaky_relu_with<std::ratio<1, 5>>>");
    BOOST_TEST(activation("gelu", "3.1.0") == "activation<gelu>");
    BOOST_TEST(activation("relu6", "2.9.0") == "activation<relu6>");
    BOOST_TEST(activation("softplus", "2.9.0") == "activation<softplus>");
    BOOST_TEST(becomes("[null,3]", entry("ReLU", R"("max_value":2.0,"negative_slope":0.0,"threshold":0.0)")) ==
               "activation<clip<std::ratio<0>, std::ratio<2>>>");
    BOOST_TEST(becomes("[null,3]", entry("LeakyReLU", R"("alpha":{"type":"ndarray","value":0.25})")) ==
               "activation<leaky_relu_with<std::ratio<1, 4>>>");
    BOOST_TEST(becomes("[null,3]",
                       entry("Dense", R"("units":2,"activation":{"class_name":"LeakyReLU","config":{"alpha":0.5}})"),
                       dense_weights) == "dense<2, leaky_relu_with<std::ratio<1, 2>>>");
    // The channels of Keras are last.
    BOOST_TEST(becomes("[null,8,3]",
                       entry("Conv1D", R"("filters":2,"kernel_size":[3],"padding":"causal","dilation_rate":[2])"),
                       weights({{"one/one/kernel:0", {3, 3, 2}}, {"one/one/bias:0", {2}}})) ==
               "permute<1, 0> conv1d<2, window<3>, dilation<2>, causal> permute<1, 0>");
    BOOST_TEST(becomes("[null,8,3]", entry("GlobalMaxPooling1D")) == "permute<1, 0> global_max_pool");
    BOOST_TEST(
        becomes("[null,2,4,4]",
                entry("Conv2D", R"("filters":2,"kernel_size":3,"data_format":"channels_first","use_bias":false)"),
                weights({{"one/one/kernel:0", {3, 3, 2, 2}}})) == "conv2d<2, window<3>, no_bias>");
    BOOST_TEST(becomes("[null,4,5,3]", entry("Conv2D", R"("filters":2,"kernel_size":[1,1])"),
                       weights({{"one/one/kernel:0", {1, 1, 3, 2}}, {"one/one/bias:0", {2}}})) ==
               "permute<2, 0, 1> conv2d<2, window<1>> permute<1, 2, 0>");
    // What is flattened behind a convolution has its channels first, and the next matrix is in that order.
    BOOST_TEST(becomes("[null,4,2]",
                       entry("Conv1D", R"("filters":2,"kernel_size":[2])", "conv") + "," +
                           entry("Flatten", "", "flat") + "," + entry("Dropout", R"("rate":0.5)", "drop") + "," +
                           entry("Dense", R"("units":2)", "out"),
                       weights({{"conv/conv/kernel:0", {2, 2, 2}},
                                {"conv/conv/bias:0", {2}},
                                {"out/out/kernel:0", {6, 2}},
                                {"out/out/bias:0", {2}}})) == "permute<1, 0> conv1d<2, window<2>> flatten dense<2>");
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
    const auto says = [&](const std::string& shape, const std::string& layers, const std::string& reason,
                          hdf5_content content = {}) {
        BOOST_TEST(refused(shape, layers, std::move(content)) == reason);
    };
    const std::string one = "layer \"one\" ";
    says("[null,3]", entry("Lambda", R"("function":"4wEAAAA=")"),
         one + "(Lambda): the importer does not know this class");
    says("[null,3]", entry("Custom>Dense"), one + "(Custom>Dense): the importer does not know this class");
    says("[null,3]", entry("Dense", R"("units":2,"sparsity":0.5)"),
         one + "(Dense): the meaning of its option \"sparsity\" is unknown", dense_weights);
    says("[null,3]", entry("Dense", R"("units":2.5)"),
         one + "(Dense): its units is 2.5, and not a whole number from 1 to 67108864");
    says("[null,3]", entry("Dense", R"("units":2,"activation":"my_function")"),
         one + "(Dense): its activation \"my_function\" is unknown", dense_weights);
    says("[null,3]",
         entry("Dense",
               R"("units":2,"activation":{"class_name":"function","config":"swish2","registered_name":"function"})"),
         one +
             "(Dense): its activation is "
             "{\"class_name\":\"function\",\"config\":\"swish2\",\"registered_name\":\"function\"}, "
             "which the importer does not know",
         dense_weights);
    says("[null,4]", dense, one + "(Dense): its weights kernel are 3 x 2, and it takes 4 x 2", dense_weights);
    says("[null,3]", dense, one + "(Dense): the file has 0 weights for it, and it takes 2: kernel, bias");
    says("[null,3]", dense, "no layer takes the weights \"model_weights/two/kernel:0\"",
         weights({{"one/one/kernel:0", {3, 2}}, {"one/one/bias:0", {2}}, {"two/kernel:0", {1}}}));
    says("[null,null,3]", dense, "the input \"x\": its axis 1 is open; --shape x=1xNx3 binds it", dense_weights);
    says("[null,5]", entry("Embedding", R"("input_dim":4,"output_dim":2,"mask_zero":true)"),
         one + "(Embedding): its mask_zero is set");
    const hdf5_content lstm =
        weights({{"one/one/kernel:0", {3, 8}}, {"one/one/recurrent_kernel:0", {2, 8}}, {"one/one/bias:0", {8}}});
    const auto of_lstm = [&](const std::string& options) {
        return entry("LSTM", R"("units":2,"activation":"tanh","recurrent_activation":"sigmoid")" + options);
    };
    BOOST_TEST(becomes("[null,5,3]", of_lstm(""), lstm) == "lstm<2, last_step>");
    says("[null,5,3]", of_lstm(R"(,"stateful":true)"), one + "(LSTM): its stateful is set", lstm);
    says("[null,5,3]", of_lstm(R"(,"return_state":true)"), one + "(LSTM): its return_state is set", lstm);
    BOOST_TEST(becomes("[null,5,3]", entry("LSTM", R"("units":2,"activation":"relu","recurrent_activation":"sigmoid")"),
                       lstm) == "lstm<2, relu, last_step>");
    says("[null,5,3]", entry("LSTM", R"("units":2,"activation":"gelu","recurrent_activation":"sigmoid")"),
         one + "(LSTM): its activation is \"gelu\", and inside a step the importer knows tanh, sigmoid, relu, softsign, "
               "elu, hard_sigmoid and linear",
         lstm);
    says("[null,8,3]", entry("Conv1D", R"("filters":2,"kernel_size":[9])"),
         one + "(Conv1D): its window of 9 is larger than its input of 1 x 8 x 3");
    says("[null,8,3]", entry("Conv2D", R"("filters":2,"kernel_size":[9,9])"),
         one + "(Conv2D): its input is 1 x 8 x 3, and it takes 3 axes besides the batch");
    says("[null,8,8,3]", entry("UpSampling2D", R"("size":[2,2],"interpolation":"bicubic")"),
         one + "(UpSampling2D): its interpolation is \"bicubic\"");
    says("[null,3]", entry("ReLU", R"("threshold":0.5)"), one + "(ReLU): its threshold is not 0");
    says("[null,3]", entry("BatchNormalization", R"("axis":0,"epsilon":0.001)"),
         one + "(BatchNormalization): its axis is that of the batch");
    says("[null,3]", entry("Dense", R"("units":2,"dtype":"int8")"),
         "its configuration: line 1, column 270: the name \"dtype\" occurs twice");
    BOOST_TEST(refused([] { read("{"); }).find("its configuration: line 1, column 2: ") == 0u);
    BOOST_TEST(refused([] { read(R"({"class_name":"Mine","config":{"name":"net"}})"); }) ==
               "the model is of the class \"Mine\", and the importer reads Sequential and Functional ones");
    BOOST_TEST(refused([] { read(sequence("[null,3]", dense), dense_weights, "1.2.2"); }) ==
               "it is of Keras 1.2.2; 2 and 3 are read");
    // Registered classes, and operations that are no layers.
    std::string registered = entry("Dense", R"("units":2)");
    registered.insert(1, R"("registered_name":"Custom>Dense",)");
    says("[null,3]", registered, one + "(Dense): it is no layer of Keras: its class is registered as \"Custom>Dense\"",
         dense_weights);
    registered = entry("Matmul");
    registered.insert(1, R"("module":"keras.src.ops.numpy",)");
    says("[null,3]", registered, one + "(Matmul): it is no layer of Keras: its module is \"keras.src.ops.numpy\"");
    BOOST_TEST(refused([] {
                   read_options options;
                   options.shapes["y"] = {1, 3};
                   read(sequence("[null,3]", dense), dense_weights, "2.9.0", options);
               }) == "the model has no input \"y\"");
}

BOOST_AUTO_TEST_CASE(open_extents) {
    read_options options;
    options.shapes["x"] = {1, 7, 3};
    const graph model = read(sequence("[null,null,3]", dense), dense_weights, "2.9.0", options);
    BOOST_TEST(model.inputs[0].dims == (extents{1, 7, 3}), boost::test_tools::per_element());
    options.shapes["x"] = {1, 7, 4};
    BOOST_TEST(refused([&] { read(sequence("[null,null,3]", dense), dense_weights, "2.9.0", options); }) ==
               "--shape x: the model fixes axis 2 at 3");
    options.shapes["x"] = {2, 7, 3};
    BOOST_TEST(refused([&] { read(sequence("[null,null,3]", dense), dense_weights, "2.9.0", options); }) ==
               "--shape x: the input of the model has 3 extents, and the first, the batch, has to be 1");
}

BOOST_AUTO_TEST_CASE(graphs) {
    const auto node = [](const std::string& text, const std::string& of) {
        return text.substr(0, text.size() - 1) + R"(,"inbound_nodes":[)" + of + "]}";
    };
    const auto model = [&](const std::string& layers, const std::string& outputs) {
        return R"({"class_name":"Model","config":{"name":"net","layers":[)" + node(input("[null,3]"), "") + "," +
               layers + R"(],"input_layers":[["x",0,0]],"output_layers":)" + outputs + "}}";
    };
    const hdf5_content shared = weights({{"one/one/kernel:0", {3, 3}}, {"one/one/bias:0", {3}}});
    const std::string both = node(entry("Dense", R"("units":3)"), R"([["x",0,0,{}]],[["one",0,0,{}]])") + "," +
                             node(entry("Add", "", "sum"), R"([["one",0,0,{}],["one",1,0,{}]])");
    // A layer that is called twice, and two outputs.
    const graph twice = read(model(both, R"([["sum",0,0],["one",1,0]])"), shared);
    BOOST_TEST(twice.outputs.size() == 2u);
    BOOST_TEST(twice.outputs[0].name == "sum");
    BOOST_TEST(twice.outputs[1].name == "one");
    import_model(twice);
    read_options options;
    options.output = "sum";
    BOOST_TEST(read(model(both, R"([["sum",0,0],["one",1,0]])"), shared, "2.9.0", options).outputs.size() == 1u);
    options.output = "absent";
    BOOST_TEST(refused([&] { read(model(both, R"([["sum",0,0]])"), shared, "2.9.0", options); }) ==
               "the model has no output \"absent\"; it has \"sum\"");
    BOOST_TEST(refused([&] { read(model(both, R"([["absent",0,0]])"), shared); }) ==
               "nothing computes the output \"absent\"");
    // A single tensor without a list around it.
    const std::string single = node(entry("Dropout", "", "a"), R"(["x",0,0,{}])");
    BOOST_TEST(read(model(single, R"(["a",0,0])")).outputs[0].name == "a");
    // A cycle.
    const std::string cycle = node(entry("Dropout", "", "a"), R"([["b",0,0,{}]])") + "," +
                              node(entry("Dropout", "", "b"), R"([["a",0,0,{}]])");
    BOOST_TEST(refused([&] { read(model(cycle, R"([["b",0,0]])")); }) == "nothing computes the output \"b\"");
    const std::string called = node(entry("Dropout", "", "a"), R"([["x",0,0,{"mask":["x",0,0]}]])");
    BOOST_TEST(refused([&] { read(model(called, R"([["a",0,0]])")); }) ==
               "layer \"a\" (Dropout): it is called with the argument \"mask\"");
}

// Sums of tensors, as Keras 3 writes them.
BOOST_AUTO_TEST_CASE(operations_between_layers) {
    const std::string tensor =
        R"({"class_name":"__keras_tensor__","config":{"shape":[null,3],"dtype":"float32","keras_history":["x",0,0]}})";
    const auto model = [&](const std::string& arguments) {
        return R"({"module":"keras.src.models.functional","class_name":"Functional","registered_name":"Functional",)"
               R"("config":{"name":"net","layers":[{"module":"keras.layers","class_name":"InputLayer","config":)"
               R"({"batch_shape":[null,3],"dtype":"float32","sparse":false,"name":"x"},"registered_name":null,)"
               R"("name":"x","inbound_nodes":[]},{"module":"keras.src.ops.numpy","class_name":"Add","config":)"
               R"({"name":"add"},"registered_name":"Add","name":"add","inbound_nodes":[{"args":[)" +
               arguments + R"(],"kwargs":{}}]}],"input_layers":["x",0,0],"output_layers":["add",0,0]}})";
    };
    const graph sum = graph_of_keras(model(tensor + "," + tensor), {}, true, "3.8.0");
    BOOST_TEST(sum.outputs.at(0).name == "add");
    import_model(sum);
    BOOST_TEST(refused([&] { graph_of_keras(model(tensor + ",2.0"), {}, true, "3.8.0"); }) ==
               "layer \"add\" (Add): it is called with something else than tensors");
}

#if defined(CTNN_TEST_KERAS)

BOOST_AUTO_TEST_CASE(damaged_files) {
    const auto survives = [](const std::string& bytes) {
        try {
            parse_keras(bytes);
        } catch (const refusal& error) {
            const std::string said = error.what();
            BOOST_TEST(!said.empty());
            for (const char c : said) BOOST_TEST((c >= 0x20 && c < 0x7f));
            return said;
        }
        return std::string("it is not refused");
    };
    for (const char* const name : {"/line.h5", "/mlp.keras", "/windows.keras"}) {
        const std::string whole = whole_file(std::string(CTNN_TEST_KERAS) + name);
        BOOST_TEST(survives(whole) == "it is not refused");
        for (std::size_t i = 0; i < 24; ++i)
            BOOST_TEST(survives(whole.substr(0, i * whole.size() / 24)) != "it is not refused");
        std::mt19937 engine(1);
        for (int i = 0; i < 60; ++i) {
            std::string bytes = whole;
            for (std::size_t k = 0; k <= engine() % 4; ++k)
                bytes[engine() % bytes.size()] = static_cast<char>(engine());
            survives(bytes);
        }
    }
    // The beginning and the tables of the HDF5 file, where its library stumbles most.
    const std::string whole = whole_file(std::string(CTNN_TEST_KERAS) + "/line.h5");
    std::mt19937 engine(2);
    for (int i = 0; i < 120; ++i) {
        std::string bytes = whole;
        bytes[engine() % 2048] ^= static_cast<char>(1 << engine() % 8);
        survives(bytes);
    }
}

BOOST_AUTO_TEST_CASE(kinds_of_files) {
    BOOST_TEST(is_keras(std::string(CTNN_TEST_KERAS) + "/line.h5"));
    BOOST_TEST(is_keras(std::string(CTNN_TEST_KERAS) + "/mlp.keras"));
    BOOST_TEST(!is_keras(std::string(CTNN_TEST_KERAS) + "/README.md"));
    BOOST_TEST(refused([] { parse_keras("PK\x03\x04 and more"); }) == "the zip archive is damaged");
    BOOST_TEST(refused([] { parse_keras("\x89HDF\r\n\x1a\n and more"); }) == "the HDF5 file is damaged");
    BOOST_TEST(refused([] { parse_keras(""); }) == "it is damaged, or no file of Keras");
}

#endif
