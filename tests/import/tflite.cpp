// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_tflite
#include "read/tflite.hpp"

#include "command/import_model.hpp"
#include "read/tflite_model.hpp"
#include "refusal.hpp"
#include "spec/spec_text.hpp"
#include "write/write.hpp"

#include "import/damaged_bytes.hpp"
#include "unit/io_counting_new.hpp"

#include <boost/test/unit_test.hpp>

#if defined(CTNN_TEST_TFLITE)
#include "tflite_generated.h"
#endif

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

// Models of tests/import/tflite with changes: what each is refused with, and that damage is noticed. The outputs of whole
// models are compared there.

using namespace ctnn_import;

#if defined(CTNN_TEST_TFLITE)

namespace {

std::string file_of(const std::string& name) {
    return whole_file(std::filesystem::path(CTNN_TEST_TFLITE) / (name + ".tflite"));
}

/// The bytes of a model that has been changed.
std::string changed(const std::string& name, const std::function<void(tflite_file::ModelT&)>& change) {
    const std::string bytes = file_of(name);
    tflite_file::ModelT model;
    tflite_file::GetModel(bytes.data())->UnPackTo(&model);
    change(model);
    flatbuffers::FlatBufferBuilder builder;
    tflite_file::FinishModelBuffer(builder, tflite_file::Model::Pack(builder, &model));
    return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

std::string said_of(const std::string& bytes, const read_options& options = {}) {
    try {
        write_options writing;
        writing.name = "model";
        header_text(import_model(parse_tflite(bytes, options)), writing);
    } catch (const refusal& error) { return error.what(); }
    return {};
}
std::string said_of(const std::string& name, const std::function<void(tflite_file::ModelT&)>& change) {
    return said_of(changed(name, change));
}

tflite_file::SubgraphT& graph_of(tflite_file::ModelT& model) {
    return *model.subgraphs.at(0);
}
tflite_file::TensorT& tensor(tflite_file::ModelT& model, std::size_t which) {
    return *graph_of(model).tensors.at(which);
}
tflite_file::OperatorT& step(tflite_file::ModelT& model, std::size_t which) {
    return *graph_of(model).operators.at(which);
}
tflite_file::QuantizationT& quantization_of(tflite_file::ModelT& model, std::size_t which) {
    auto& made = tensor(model, which).quantization;
    if (!made) made = std::make_unique<tflite_file::QuantizationT>();
    return *made;
}

void check(const std::string& said, const std::string& expected) {
    BOOST_TEST(said == expected);
}

/// The layers of a model, without "ctnn::".
std::string layers_of(const std::string& name) {
    std::string result;
    for (const auto& one : import_model(parse_tflite(file_of(name))).layers)
        result += (result.empty() ? "" : " ") + spec_text(one);
    for (std::size_t at = 0; (at = result.find("ctnn::")) != result.npos;) result.erase(at, 6);
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(layers) {
    BOOST_TEST(layers_of("mlp") ==
               "dense<5, relu> dense<4, tanh, no_bias> dense<6, clip<std::ratio<-1>, std::ratio<1>>> "
               "scale<softmax>");
}

BOOST_AUTO_TEST_CASE(quantised_tensors) {
    const std::string bytes = file_of("dynamic");
    const tflite_model model = checked_tflite(bytes);
    const tflite_tensor& kernel = model.tensors.at(static_cast<std::size_t>(model.operators.at(0).inputs.at(1)));
    BOOST_TEST((kernel.type == tflite_type::int8));
    BOOST_TEST(text_of(kernel.type) == "INT8");
    BOOST_TEST(kernel.quantized.scales.size() == 3u);
    BOOST_TEST(kernel.quantized.zero_points == std::vector<std::int64_t>(3, 0), boost::test_tools::per_element());
    BOOST_TEST(kernel.quantized.axis == 0u);
    // The axis of a depthwise convolution is another one.
    const tflite_tensor& depthwise = model.tensors.at(static_cast<std::size_t>(model.operators.at(1).inputs.at(1)));
    BOOST_TEST(depthwise.quantized.axis == 3u);
    const array whole = integers_of(depthwise), real = elements_of(depthwise);
    BOOST_TEST(whole.holds_integers());
    BOOST_TEST((whole.dims == extents{1, 3, 3, 3}));
    for (std::size_t i = 0; i < real.size(); ++i)
        BOOST_TEST(real.reals()[i] == depthwise.quantized.scales[i % 3] * static_cast<double>(whole.integers()[i]));
    BOOST_TEST(parse_tflite(bytes).notes.at(0) ==
               "weights of 3 operators are INT8 in the file, and here the real numbers that they stand for");
}

BOOST_AUTO_TEST_CASE(command_line) {
    const std::string bytes = file_of("mlp");
    const auto with = [&](const std::function<void(read_options&)>& set) {
        read_options options;
        set(options);
        return said_of(bytes, options);
    };
    const std::string shapes = "--dim, --shape, and --batch other than 1 are not for TensorFlow Lite's models";
    check(with([](auto& o) { o.batch = 2; }), shapes);
    check(with([](auto& o) { o.dims["n"] = 1; }), shapes);
    check(with([](auto& o) { o.shapes["x"] = {1, 6}; }), shapes);
    check(with([](auto& o) { o.batch = 1; }), "");
    check(with([](auto& o) { o.output = "y"; }), "");
    check(with([](auto& o) { o.output = "z"; }), "the model has no output \"z\"");
}

BOOST_AUTO_TEST_CASE(structure) {
    check(said_of(std::string("TFL3")), "it is no TensorFlow Lite model");
    check(said_of(std::string("\x1c\0\0\0TFL3 and more", 17)),
          "it is damaged: its tables do not lie in the file as FlatBuffers writes them");
    check(said_of("mlp", [](auto& m) { m.version = 2; }), "it is of the version 2 of the format, and 3 is read");
    check(said_of("mlp", [](auto& m) { m.subgraphs.clear(); }), "it has 0 subgraphs, and not one");
    check(said_of("mlp", [](auto& m) { m.subgraphs.push_back(std::make_unique<tflite_file::SubgraphT>()); }),
          "it has 2 subgraphs, and not one");
    check(said_of("mlp", [](auto& m) { graph_of(m).outputs.clear(); }), "the model has no output");
    check(said_of("mlp", [](auto& m) { graph_of(m).inputs[0] = 99; }),
          "the inputs of the model have the tensor 99, and it has 11");
    check(said_of("mlp", [](auto& m) { graph_of(m).outputs[0] = -1; }),
          "the outputs of the model have the tensor -1, and it has 11");
    check(
        said_of("mlp", [](auto& m) { graph_of(m).inputs.clear(); }),
        "operator 0 (FULLY_CONNECTED, \"fully_connected_0\"): nothing before it computes its input, tensor 0 (\"x\")");
    check(said_of("mlp", [](auto& m) { graph_of(m).inputs[0] = 1; }),
          "tensor 1 (\"w0\"): it is an input of the model, and has another origin");
    check(said_of("mlp", [](auto& m) { graph_of(m).outputs[0] = 1; }),
          "the output of the model, tensor 1 (\"w0\"), is a constant");
    // A cycle, and two origins.
    check(said_of("mlp", [](auto& m) { step(m, 0).inputs[0] = step(m, 3).outputs[0]; }),
          "operator 0 (FULLY_CONNECTED, \"fully_connected_0\"): nothing before it computes its input, tensor 9 "
          "(\"fully_connected_3\")");
    check(said_of("mlp", [](auto& m) { step(m, 1).outputs[0] = step(m, 0).outputs[0]; }),
          "operator 1 (FULLY_CONNECTED, \"fully_connected_0\"): its output, tensor 3 (\"fully_connected_0\"), has "
          "another "
          "origin");
}

BOOST_AUTO_TEST_CASE(tensors) {
    const std::string w = "tensor 1 (\"w0\"): ";
    const auto says = [&](const std::string& reason, const std::function<void(tflite_file::ModelT&)>& change) {
        check(said_of("mlp", change), w + reason);
    };
    says("it has more than 2^26 elements", [](auto& m) { tensor(m, 1).shape = {1 << 20, 1 << 20}; });
    says("its axis 0 is -5", [](auto& m) { tensor(m, 1).shape[0] = -5; });
    says("it has 9 axes, and at most 8 are read", [](auto& m) { tensor(m, 1).shape.assign(9, 1); });
    says("its buffer has 120 bytes, and its extents of 5 x 7 take 140", [](auto& m) { tensor(m, 1).shape[1] = 7; });
    says("its buffer has 120 bytes, and its extents of 0 x 6 take 0", [](auto& m) { tensor(m, 1).shape[0] = 0; });
    says("its buffer is 77, and the file has 6", [](auto& m) { tensor(m, 1).buffer = 77; });
    says("it is sparse", [](auto& m) { tensor(m, 1).sparsity = std::make_unique<tflite_file::SparsityT>(); });
    says("it holds COMPLEX64, which the importer does not read", [](auto& m) { tensor(m, 1).type = 8; });
    says("it holds type 99, which the importer does not read", [](auto& m) { tensor(m, 1).type = 99; });
    says("its buffer has data in two places", [](auto& m) { m.buffers[1]->offset = 20; });
    says("its buffer is from byte 1000000 on, 120 bytes, outside of the file", [](auto& m) {
        m.buffers[1]->data.clear();
        m.buffers[1]->offset = 1000000, m.buffers[1]->size = 120;
    });
    says("its buffer is from byte 20 on, 18446744073709551615 bytes, outside of the file", [](auto& m) {
        m.buffers[1]->data.clear();
        m.buffers[1]->offset = 20, m.buffers[1]->size = std::numeric_limits<std::uint64_t>::max();
    });
    // Data behind the tables.
    std::string bytes = changed("mlp", [](auto& m) { m.buffers[1]->offset = 4096, m.buffers[1]->size = 120; });
    {
        tflite_file::ModelT original;
        const std::string whole = file_of("mlp");
        tflite_file::GetModel(whole.data())->UnPackTo(&original);
        bytes = changed("mlp", [](auto& m) {
            m.buffers[1]->data.clear();
            m.buffers[1]->offset = 4096, m.buffers[1]->size = 120;
        });
        bytes.resize(4096, '\0');
        bytes.append(original.buffers[1]->data.begin(), original.buffers[1]->data.end());
        const auto sample = std::vector<double>{1, -1, 0.5, 0.25, -2, 3};
        BOOST_TEST(answer(parse_tflite(bytes), sample) == answer(parse_tflite(whole), sample),
                   boost::test_tools::per_element());
    }
    check(said_of("mlp", [](auto& m) { tensor(m, 0).type = 1; }),
          "the input of the model, tensor 0 (\"x\"), holds FLOAT16");
    check(said_of("mlp", [](auto& m) { tensor(m, 0).shape = {1, 0}; }), "tensor 0 (\"x\"): it is empty, 1 x 0");
    check(said_of("mlp",
                  [](auto& m) {
                      tensor(m, 3).shape = {1, 4};
                  }),
          "operator 0 (FULLY_CONNECTED, \"fully_connected_0\"): its output, tensor 3 (\"fully_connected_0\"), is 1 x 4 "
          "in "
          "the file, and it computes 1 x 5");
    check(said_of("mlp", [](auto& m) { tensor(m, 3).type = 1; }),
          "operator 0 (FULLY_CONNECTED, \"fully_connected_0\"): its output, tensor 3 (\"fully_connected_0\"), holds "
          "FLOAT16");
    check(said_of("mlp", [](auto& m) { tensor(m, 1).is_variable = true; }),
          "operator 0 (FULLY_CONNECTED, \"fully_connected_0\"): its input, tensor 1 (\"w0\"), is a variable, which "
          "keeps its "
          "value from call to call");
}

BOOST_AUTO_TEST_CASE(quantisation) {
    // A kernel of 3 x 3 x 3 x 2 with a scale for each output.
    const std::string k = "tensor 1 (\"k0\"): ";
    const auto says = [&](const std::string& reason, const std::function<void(tflite_file::ModelT&)>& change) {
        check(said_of("dynamic", change), k + reason);
    };
    const float infinity = std::numeric_limits<float>::infinity();
    says("its scale 1 is 0.000000, and not a number above 0", [](auto& m) { quantization_of(m, 1).scale[1] = 0; });
    says("its scale 2 is -1.000000, and not a number above 0", [](auto& m) { quantization_of(m, 1).scale[2] = -1; });
    says("its scale 0 is inf, and not a number above 0", [&](auto& m) { quantization_of(m, 1).scale[0] = infinity; });
    says("its scale 0 is nan, and not a number above 0",
         [&](auto& m) { quantization_of(m, 1).scale[0] = std::abs(infinity - infinity); });
    says("its zero point 1 is 128, and INT8 holds -128 to 127",
         [](auto& m) { quantization_of(m, 1).zero_point[1] = 128; });
    says("its zero point 0 is -9223372036854775808, and INT8 holds -128 to 127",
         [](auto& m) { quantization_of(m, 1).zero_point[0] = std::numeric_limits<std::int64_t>::min(); });
    says("it has 3 scales and 2 zero points", [](auto& m) { quantization_of(m, 1).zero_point.pop_back(); });
    says("it has 0 scales and 3 zero points", [](auto& m) { quantization_of(m, 1).scale.clear(); });
    says("its quantised dimension is 4, and it has 4 axes", [](auto& m) { quantization_of(m, 1).axis = 4; });
    says("its quantised dimension is -1, and it has 4 axes", [](auto& m) { quantization_of(m, 1).axis = -1; });
    says("it has 3 scales, and its quantised dimension 2 elements", [](auto& m) { quantization_of(m, 1).axis = 3; });
    says("its quantisation is of another kind than scales and zero points",
         [](auto& m) { quantization_of(m, 1).details_type = 1; });
    check(said_of("dynamic",
                  [](auto& m) { quantization_of(m, 1).scale.clear(), quantization_of(m, 1).zero_point.clear(); }),
          "operator 0 (CONV_2D, \"conv_2d_0\"): its input 1 holds INT8 numbers without a scale");
    // Integers that are computed.
    const auto integer = [](tflite_file::ModelT& m, std::size_t scales) {
        tensor(m, 0).type = 9;
        quantization_of(m, 0).scale.assign(scales, 0.5f), quantization_of(m, 0).zero_point.assign(scales, -3);
    };
    check(said_of("dynamic", [&](auto& m) { integer(m, 1); }),
          "node \"conv_2d_0/relu\" (ctnn::conv2d): the model is of integers, and its outputs are no integers");
    check(said_of("dynamic", [&](auto& m) { integer(m, 1), tensor(m, 0).type = 7; }),
          "tensor 0 (\"x\"): it holds INT16 numbers that are computed, and ctnn computes with integers of 8 bits");
    check(said_of("dynamic",
                  [&](auto& m) {
                      integer(m, 2);
                      quantization_of(m, 0).axis = 3;
                  }),
          "tensor 0 (\"x\"): it has 2 scales, and is no constant");
}

BOOST_AUTO_TEST_CASE(operators) {
    const std::string conv = "operator 0 (CONV_2D, \"conv_2d_0\"): ";
    const auto says = [&](const std::string& reason, const std::function<void(tflite_file::ModelT&)>& change) {
        check(said_of("cnn", change), reason);
    };
    // Another operator for the first one.
    const auto becomes = [](std::int32_t number) {
        return [number](tflite_file::ModelT& m) {
            auto code = std::make_unique<tflite_file::OperatorCodeT>();
            code->byte_code = static_cast<std::int8_t>(std::min(number, 127));
            code->code = number;
            step(m, 0).code_index = static_cast<std::uint32_t>(m.operator_codes.size());
            m.operator_codes.push_back(std::move(code));
            step(m, 0).options.Reset();
        };
    };
    says("operator 0 (SVDF, \"conv_2d_0\"): the importer does not know this operator", becomes(27));
    says("operator 0 (VAR_HANDLE, \"conv_2d_0\"): the importer does not know this operator", becomes(142));
    says("operator 0 (number 127, \"conv_2d_0\"): the importer does not know this operator", becomes(127));
    says("operator 0 (number 162, \"conv_2d_0\"): the importer does not know this operator", becomes(162));
    says("operator 0 (number 2147483647, \"conv_2d_0\"): the importer does not know this operator",
         becomes(std::numeric_limits<std::int32_t>::max()));
    says("operator 0 (CUSTOM): it is the custom operator \"My\\x1bOp\"", [&](auto& m) {
        becomes(32)(m);
        m.operator_codes.back()->custom_code = "My\x1bOp";
    });
    says("operator 0 (MUL, \"conv_2d_0\"): it has 3 inputs, and takes 2", becomes(18));
    says("operator 0 (MUL, \"conv_2d_0\"): its options are those of another operator",
         [](auto& m) { m.operator_codes[0]->byte_code = 18, m.operator_codes[0]->code = 18; });
    says("operator 0: its kind is number 9, and the file has 7", [](auto& m) { step(m, 0).code_index = 9; });
    says("operator 0 (CONV_2D): it has the tensor 1000, and the model has 18",
         [](auto& m) { step(m, 0).inputs[1] = 1000; });
    says("operator 0 (CONV_2D): it has the tensor -2, and the model has 18",
         [](auto& m) { step(m, 0).inputs[1] = -2; });
    says("operator 0 (CONV_2D): it has the tensor -1, and the model has 18",
         [](auto& m) { step(m, 0).outputs[0] = -1; });
    says("operator 0 (CONV_2D): it has no output", [](auto& m) { step(m, 0).outputs.clear(); });
    says(conv + "it has custom options", [](auto& m) { step(m, 0).custom_options = {1}; });
    says(conv + "it has custom options", [](auto& m) { step(m, 0).large_custom_offset = 8; });
    says(conv + "it has options of StableHLO", [](auto& m) { step(m, 0).more_options_type = 3; });
    says(conv + "its input 1 is left out", [](auto& m) { step(m, 0).inputs[1] = -1; });
    says(conv + "its weights is computed", [](auto& m) { step(m, 0).inputs[1] = 0; });
    // Options.
    const auto with = [](const std::function<void(tflite_file::ConvolutionT&)>& change) {
        return [change](tflite_file::ModelT& m) { change(*step(m, 0).options.AsConvolution()); };
    };
    says(conv + "its stride_h is 0", with([](auto& o) { o.stride_h = 0; }));
    says(conv + "its stride_w is -1", with([](auto& o) { o.stride_w = -1; }));
    says(conv + "its stride_w is 2147483647", with([](auto& o) { o.stride_w = std::numeric_limits<int>::max(); }));
    says(conv + "its dilation_h is 0", with([](auto& o) { o.dilation_h = 0; }));
    says(conv + "its padding is number 7", with([](auto& o) { o.padding = 7; }));
    says(conv + "its window of 1048575 is larger than its input of 7", with([](auto& o) {
             o.dilation_w = 524287;
             o.padding = 1;
         }));
    says(conv + "its activation is number 4, and TensorFlow Lite computes 0 to 3: none, RELU, RELU_N1_TO_1 and RELU6",
         with([](auto& o) { o.activation = 4; }));
    says(conv + "its output, tensor 3 (\"conv_2d_0\"), is 1 x 5 x 4 x 4 in the file, and it computes 1 x 9 x 4 x 4",
         with([](auto& o) { o.stride_h = 1; }));
    says(conv + "its weights are 4 x 3 x 9 x 1, and its input has 3 channels", [](auto& m) {
        tensor(m, 1).shape = {4, 3, 9, 1};
    });
    says(conv + "its bias is 2 x 2, and it takes 4", [](auto& m) { tensor(m, 2).shape = {2, 2}; });
    says(
        "operator 1 (DEPTHWISE_CONV_2D, \"depthwise_conv_2d_1\"): its weights are 1 x 2 x 3 x 8, its input has 4 "
        "channels, "
        "and its multiplier is 3",
        [](auto& m) { step(m, 1).options.AsDepthwiseConvolution()->multiplier = 3; });
    says("operator 2 (AVERAGE_POOL_2D, \"average_pool_2d_2\"): its window_h is 0",
         [](auto& m) { step(m, 2).options.AsPool()->window_h = 0; });
    const std::string reshape = "operator 5 (RESHAPE, \"reshape_5\"): ";
    const auto shape = [](std::int32_t first, std::int32_t second) {
        return [first, second](tflite_file::ModelT& m) {
            auto& data = m.buffers.at(tensor(m, static_cast<std::size_t>(step(m, 5).inputs[1])).buffer)->data;
            std::memcpy(data.data(), &first, 4), std::memcpy(data.data() + 4, &second, 4);
        };
    };
    says(reshape + "its input of 1 x 2 x 2 x 6 does not become 1 x 23", shape(1, 23));
    says(reshape + "its input of 1 x 2 x 2 x 6 does not become its new shape", shape(-1, -1));
    says(reshape + "its input of 1 x 2 x 2 x 6 does not become its new shape", shape(-1, 23));
    says(reshape + "its new shape has the extent 0", shape(0, 24));
    says(reshape + "its new shape has the extent -2147483648", shape(std::numeric_limits<std::int32_t>::min(), 1));
    says(reshape + "its new shape has more than 2^26 elements", shape(1 << 26, 1 << 26));
    // What a runtime does between calls.
    check(said_of("steps", [](auto& m) { step(m, 0).options.AsSequenceLstm()->cell_clip = 5.5f; }),
          "operator 0 (UNIDIRECTIONAL_SEQUENCE_LSTM, \"unidirectional_sequence_lstm_0\"): its cell_clip is 5.500000, "
          "which the "
          "state could reach in 6 steps, and ctnn's lstm does not clip its state");
    check(said_of("steps", [](auto& m) { step(m, 0).options.AsSequenceLstm()->cell_clip = 6; }), "");
    check(said_of("steps", [](auto& m) { step(m, 0).inputs[9] = step(m, 0).inputs[12]; }),
          "operator 0 (UNIDIRECTIONAL_SEQUENCE_LSTM, \"unidirectional_sequence_lstm_0\"): it has peepholes");
}

BOOST_AUTO_TEST_CASE(recurrent_layers_of_integers) {
    // The integers that it computes are compared with a runtime's in tests/import/integers.
    const std::string gates = "../integers/gates", lstm = "operator 0 (UNIDIRECTIONAL_SEQUENCE_LSTM, \"y\"): ";
    write_options writing;
    writing.name = "model";
    writing.rounding = "twice";
    const auto has = [&](const std::function<void(tflite_file::ModelT&)>& change, const std::string& text) {
        const std::string header = integer_header_text(import_model(parse_tflite(changed(gates, change))), writing);
        BOOST_TEST(header.find(text) != header.npos, text);
    };
    const auto clip = [](float at) { return [at](auto& m) { step(m, 0).options.AsSequenceLstm()->cell_clip = at; }; };
    // The scale is 2^-12.
    has(clip(0.5f), ".cell_limit = 2048}");
    has(clip(10), ".cell_limit = 32767}");
    has(clip(0), ".cell_limit = 32768}");
    has(clip(0), ".cell = {0x1p-12f, 0},");
    const auto input = [](auto& m, std::size_t which) { return static_cast<std::size_t>(step(m, 0).inputs[which]); };
    const auto says = [&](const std::string& expected, std::size_t which, const auto& change) {
        check(said_of(gates, [&](auto& m) { change(m, input(m, which)); }), lstm + expected);
    };
    const auto scale = [](float to) {
        return [to](auto& m, std::size_t which) { quantization_of(m, which).scale[0] = to; };
    };
    const auto zero = [](auto& m, std::size_t which) { quantization_of(m, which).zero_point[0] = 1; };
    says("its outputs do not stand for the same numbers as its state", 18, scale(0.5f));
    says("its outputs do not stand for the same numbers as its state", 18, zero);
    says("the scale of its cell is 0.300000, and no power of two from 2^-15 to 4", 19, scale(0.3f));
    says("the scale of its cell is 8.000000, and no power of two from 2^-15 to 4", 19, scale(8));
    says("its cell is INT16, and of integers it is INT16 with one scale and the zero point 0", 19, zero);
    says("its weights are INT8, and of integers they are INT8 with one scale and the zero point 0", 2, zero);
    says("its recurrent weights are INT8, and of integers they are INT8 with one scale and the zero point 0", 8, zero);
}

BOOST_AUTO_TEST_CASE(unknown_fields) {
    // The table of the second operator's options (FULLY_CONNECTED, five fields) says one more.
    std::string bytes = changed("mlp", [](auto& m) {
        auto& o = *step(m, 0).options.AsFullyConnected();
        o.bias_type = 1, o.asymmetric_inputs = true;
    });
    const auto* const options =
        tflite_file::GetModel(bytes.data())->subgraphs()->Get(0)->operators()->Get(0)->options();
    const auto* const start = static_cast<const std::uint8_t*>(options);
    const auto* const fields = start - flatbuffers::ReadScalar<flatbuffers::soffset_t>(start);
    BOOST_TEST(flatbuffers::ReadScalar<flatbuffers::voffset_t>(fields) == 14);
    check(said_of(bytes), "");
    // The number of the field that follows the last known one: its vtable is made longer by what lies behind it.
    const std::size_t at = static_cast<std::size_t>(reinterpret_cast<const char*>(fields) - bytes.data());
    bytes[at] = 16;
    const std::string said = said_of(bytes);
    BOOST_TEST(said ==
               "operator 0 (FULLY_CONNECTED, \"fully_connected_0\"): its options have a field that the importer does "
               "not know: number 5");
}

BOOST_AUTO_TEST_CASE(unknown_options) {
    // A table of a kind that the schema does not name, which nothing may read, even one that is none.
    std::string bytes = file_of("mlp");
    const auto* const first = reinterpret_cast<const flatbuffers::Table*>(
        tflite_file::GetModel(bytes.data())->subgraphs()->Get(0)->operators()->Get(0));
    const auto at = [&](const std::uint8_t* place) {
        return static_cast<std::size_t>(reinterpret_cast<const char*>(place) - bytes.data());
    };
    const std::size_t kind = at(first->GetAddressOf(tflite_file::Operator::VT_OPTIONS_TYPE)),
                      offset = at(first->GetAddressOf(tflite_file::Operator::VT_OPTIONS));
    for (const int number : {3, 115, 117, 255}) {
        bytes[kind] = static_cast<char>(number);
        check(said_of(bytes),
              "operator 0 (FULLY_CONNECTED, \"fully_connected_0\"): its options are those of another operator");
    }
    bytes[offset] = static_cast<char>(bytes[offset] + 1);
    check(said_of(bytes),
          "operator 0 (FULLY_CONNECTED, \"fully_connected_0\"): its options are those of another operator");
    bytes[kind] = 8;
    check(said_of(bytes), "it is damaged: its tables do not lie in the file as FlatBuffers writes them");
}

// Files that claim more than they hold take no more memory than others before they are refused.
BOOST_AUTO_TEST_CASE(absurd_claims) {
    const auto said = [](const std::string& bytes) {
        std::string result;
        const std::size_t peak = io_test::peak_of([&] {
            try {
                parse_tflite(bytes);
            } catch (const refusal& error) { result = error.what(); }
        });
        BOOST_TEST(peak <= 4 * bytes.size() + (std::size_t{64} << 20), peak << " bytes for " << bytes.size());
        return result;
    };
    // An image of 2^26 pixels through a convolution.
    check(said(changed("cnn",
                       [](auto& m) {
                           tensor(m, 0).shape = {1, 4096, 4096, 3};
                           tensor(m, 3).shape = {1, 2048, 2048, 4};
                       })),
          "operator 1 (DEPTHWISE_CONV_2D, \"depthwise_conv_2d_1\"): its output, tensor 6 (\"depthwise_conv_2d_1\"), is "
          "1 x 5 "
          "x 4 x 8 in the file, and it computes 1 x 2048 x 2048 x 8");
    check(said(changed("cnn",
                       [](auto& m) {
                           tensor(m, 0).shape = {1, 8192, 4096, 1};
                           tensor(m, 1).shape = {108, 1, 1, 1}, tensor(m, 3).shape = {1, 8192, 4096, 2};
                           step(m, 0).inputs.pop_back();
                           auto& o = *step(m, 0).options.AsConvolution();
                           o.stride_h = o.stride_w = 1;
                       })),
          "operator 0 (CONV_2D, \"conv_2d_0\"): its output would be 1 x 108 x 8192 x 4096");
    // Thousands of operators that take the same large constant.
    const std::string many = changed("mlp", [](auto& m) {
        m.buffers[1]->data.assign(4 << 20, 0);
        tensor(m, 1).shape = {1 << 10, 1 << 10};
        tensor(m, 0).shape = tensor(m, 3).shape = {1, 1 << 10};
        step(m, 0).inputs = {0, 1};
        auto& all = graph_of(m);
        const auto first = *all.operators[0];
        all.operators.resize(1);
        std::int32_t last = 3;
        for (int i = 0; i < 200; ++i) {
            all.tensors.push_back(std::make_unique<tflite_file::TensorT>(tensor(m, 3)));
            all.operators.push_back(std::make_unique<tflite_file::OperatorT>(first));
            all.operators.back()->inputs = {last, 1};
            last = static_cast<std::int32_t>(all.tensors.size() - 1);
            all.operators.back()->outputs = {last};
        }
        all.outputs = {last};
    });
    BOOST_TEST(said(many).find("take more numbers from constants than the file has bytes") != std::string::npos);
    // One table for many tensors, with a long list and a long name.
    const auto shared = [](bool has_scales) {
        flatbuffers::FlatBufferBuilder to;
        const auto name = to.CreateString(std::string(1 << 20, 'n'));
        const auto scales = to.CreateVector(std::vector<float>(1 << 16, 1.0f));
        tflite_file::QuantizationBuilder quantized(to);
        quantized.add_scale(scales);
        const auto how = quantized.Finish();
        const auto dims = to.CreateVector(std::vector<std::int32_t>{1 << 16});
        const auto data = to.CreateVector(std::vector<std::uint8_t>(1 << 16));
        const auto buffers = to.CreateVector(std::vector{tflite_file::CreateBuffer(to, data)});
        tflite_file::TensorBuilder tensor(to);
        tensor.add_shape(dims), tensor.add_name(name), tensor.add_type(9);
        if (has_scales) tensor.add_quantization(how);
        const auto tensors = to.CreateVector(std::vector(19000, tensor.Finish()));
        tflite_file::SubgraphBuilder graph(to);
        graph.add_tensors(tensors);
        const auto graphs = to.CreateVector(std::vector{graph.Finish()});
        tflite_file::ModelBuilder model(to);
        model.add_version(3), model.add_subgraphs(graphs), model.add_buffers(buffers);
        tflite_file::FinishModelBuffer(to, model.Finish());
        return std::string(reinterpret_cast<const char*>(to.GetBufferPointer()), to.GetSize());
    };
    check(said(shared(true)), "its tables share lists, and together claim more than the file holds");
    check(said(shared(false)), "the model has no output");
}

BOOST_AUTO_TEST_CASE(every_truncation) {
    for (const char* const name : {"mlp", "dynamic"}) {
        const std::string bytes = file_of(name);
        test_support::refuses_every_truncation(name, bytes, [](const std::string& part) { return said_of(part); });
    }
}

// A changed byte may yield a valid model with other weights: what matters is that nothing crashes or takes long, and that
// an accepted model is imported correctly, which import_model() checks.
BOOST_AUTO_TEST_CASE(ten_thousand_corruptions) {
    using test_support::corrupted, test_support::corruptions;
    const std::vector<std::string> files{file_of("mlp"),  file_of("cnn"),   file_of("parts"), file_of("dynamic"),
                                         file_of("half"), file_of("words"), file_of("steps")};
    std::mt19937 engine(1);
    int refused = 0, imported = 0;
    for (int i = 0; i < corruptions; ++i) {
        const std::string bytes = corrupted(files[static_cast<std::size_t>(i) % files.size()], engine);
        std::string said;
        graph model;
        const std::size_t peak = io_test::peak_of([&] {
            try {
                model = parse_tflite(bytes);
            } catch (const refusal& error) { said = error.what(); }
        });
        BOOST_TEST(peak <= 4 * bytes.size() + (std::size_t{64} << 20), "corruption " << i << ": " << peak);
        for (const char c : said) BOOST_TEST((c >= 0x20 && c < 0x7f));
        refused += !said.empty();
        std::int64_t size = 0;
        for (const auto& [name, dims] : model.shapes) size += count(dims);
        if (!said.empty() || size > 4000 || i % 8 != 0) continue;
        try {
            import_model(model);
            ++imported;
        } catch (const refusal& error) {
            said = error.what();
            BOOST_TEST(said.find("bug in the importer") == said.npos, "corruption " << i << ": " << said);
        }
    }
    BOOST_TEST(refused > corruptions / 10);
    BOOST_TEST(imported > corruptions / 100);
}

#else

BOOST_AUTO_TEST_CASE(without_flatbuffers) {
    BOOST_CHECK_THROW(parse_tflite("\x1c..TFL3"), refusal);
}

#endif
