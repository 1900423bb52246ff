// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_tflite_integers
#include "command/command.hpp"
#include "command/import_model.hpp"
#include "import/integers/operators/records.hpp"
#include "read/tflite.hpp"
#include "refusal.hpp"
#include "write/write.hpp"

#include "import/damaged_bytes.hpp"
#include "unit/io_counting_new.hpp"

#include <boost/test/unit_test.hpp>

#if defined(CTNN_TEST_OPERATORS)
#include "tflite_generated.h"
#endif

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

// Models of 8-bit integers with changes: what each is refused with, and that damage is noticed. What they compute is compared
// in tests/import/integers.

using namespace ctnn_import;

#if defined(CTNN_TEST_OPERATORS)

namespace {

std::string file_of(const std::string& name) {
    static const std::map<std::string, std::string> all = [] {
        std::map<std::string, std::string> result;
        for (auto& [file, bytes] : records_of(CTNN_TEST_OPERATORS)) result.emplace(file, std::move(bytes));
        return result;
    }();
    return all.at(name + ".tflite");
}

std::string header_of(const std::string& bytes) {
    write_options options;
    options.name = "model";
    options.rounding = "twice";
    const network imported = import_model(parse_tflite(bytes));
    return imported.quantized_input.exists() ? integer_header_text(imported, options) : header_text(imported, options);
}
std::string said_of(const std::string& bytes) {
    try {
        header_of(bytes);
    } catch (const refusal& error) { return error.what(); }
    return {};
}
using change = std::function<void(tflite_file::ModelT&)>;
std::string changed(const std::string& name, const change& by) {
    const std::string bytes = file_of(name);
    tflite_file::ModelT model;
    tflite_file::GetModel(bytes.data())->UnPackTo(&model);
    by(model);
    flatbuffers::FlatBufferBuilder builder;
    tflite_file::FinishModelBuffer(builder, tflite_file::Model::Pack(builder, &model));
    return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}
void check(const std::string& name, const change& by, const std::string& expected) {
    BOOST_TEST(said_of(changed(name, by)) == expected);
}

tflite_file::TensorT& tensor(tflite_file::ModelT& model, const std::string& name) {
    for (auto& one : model.subgraphs.at(0)->tensors)
        if (one->name == name) return *one;
    throw std::runtime_error("no tensor " + name);
}
tflite_file::QuantizationT& quantization_of(tflite_file::ModelT& model, const std::string& name) {
    return *tensor(model, name).quantization;
}

}  // namespace

BOOST_AUTO_TEST_CASE(scales_and_zero_points) {
    const float infinity = std::numeric_limits<float>::infinity();
    // The input, weights with a scale for each of 4 outputs, their bias, and the output.
    const std::pair<std::string, std::string> tensors[]{{"x", "tensor 0 (\"x\"): "},
                                                        {"w", "tensor 1 (\"w\"): "},
                                                        {"b", "tensor 2 (\"b\"): "},
                                                        {"y", "tensor 3 (\"y\"): "}};
    for (const auto& [name, about] : tensors) {
        const auto says = [&name = name, &about = about](float scale, const std::string& number) {
            check(
                "conv_per_channel", [&](auto& m) { quantization_of(m, name).scale[0] = scale; },
                about + "its scale 0 is " + number + ", and not a number above 0");
        };
        says(0, "0.000000");
        says(-0.5f, "-0.500000");
        says(infinity, "inf");
        says(std::abs(infinity - infinity), "nan");
        check(
            "conv_per_channel", [&name = name](auto& m) { quantization_of(m, name).zero_point.push_back(0); },
            about + "it has " + (name == "w" || name == "b" ? "4 scales and 5" : "1 scales and 2") + " zero points");
        check(
            "conv_per_channel", [&name = name](auto& m) { quantization_of(m, name).details_type = 1; },
            about + "its quantisation is of another kind than scales and zero points");
    }
    for (const std::int64_t zero : {std::int64_t{128}, std::int64_t{-129}, std::numeric_limits<std::int64_t>::max()})
        for (const char* const name : {"x", "y"})
            check(
                "conv_per_channel", [&](auto& m) { quantization_of(m, name).zero_point[0] = zero; },
                (name[0] == 'x' ? "tensor 0 (\"x\")" : "tensor 3 (\"y\")") + std::string(": its zero point 0 is ") +
                    std::to_string(zero) + ", and INT8 holds -128 to 127");
    check(
        "conv_per_channel", [](auto& m) { quantization_of(m, "w").zero_point[2] = 5; },
        "node \"y\" (ctnn::conv2d): the model is of integers, and its weights have the zero point 5");
    check(
        "conv_per_channel", [](auto& m) { quantization_of(m, "w").axis = 4; },
        "tensor 1 (\"w\"): its quantised dimension is 4, and it has 4 axes");
    check(
        "conv_per_channel", [](auto& m) { quantization_of(m, "w").axis = -1; },
        "tensor 1 (\"w\"): its quantised dimension is -1, and it has 4 axes");
    check(
        "conv_per_channel", [](auto& m) { quantization_of(m, "w").axis = 3; },
        "tensor 1 (\"w\"): it has 4 scales, and its quantised dimension 3 elements");
    check(
        "conv_per_channel", [](auto& m) { tensor(m, "w").sparsity = std::make_unique<tflite_file::SparsityT>(); },
        "tensor 1 (\"w\"): it is sparse");
    check(
        "conv_per_channel",
        [](auto& m) { quantization_of(m, "x").scale.assign(3, 0.5f), quantization_of(m, "x").zero_point.assign(3, 0); },
        "tensor 0 (\"x\"): it has 3 scales, and is no constant");
    check(
        "conv_per_channel", [](auto& m) { tensor(m, "y").quantization.reset(); },
        "operator 0 (CONV_2D, \"y\"): its output, tensor 3 (\"y\"), holds INT8");
    check(
        "conv_per_channel", [](auto& m) { tensor(m, "x").quantization.reset(); },
        "the input of the model, tensor 0 (\"x\"), holds INT8");
    check(
        "conv_per_channel", [](auto& m) { tensor(m, "y").type = 7; },
        "tensor 3 (\"y\"): it holds INT16 numbers that are computed, and ctnn computes with integers of 8 bits");
}

BOOST_AUTO_TEST_CASE(factors_beyond_32_bits) {
    const std::string conv = "node \"y\" (ctnn::conv2d): the model is of integers, and ";
    check(
        "conv", [](auto& m) { quantization_of(m, "y").scale[0] = 1e-30f; },
        conv + "the scale of its sums is 3e+26 times that of its output");
    check(
        "conv", [](auto& m) { quantization_of(m, "y").scale[0] = 1e-6f; },
        conv + "the scale of its sums is 300 times that of its output");
    check(
        "conv", [](auto& m) { quantization_of(m, "y").scale[0] = 1e30f; }, "");
    // 2^30 as a bias, and the factor 4.
    check(
        "dense_large_bias", [](auto& m) { quantization_of(m, "y").scale[0] = 0.000125f; },
        "node \"y/add\" (ctnn::dense): the model is of integers, and its sums, with the factor 4, may have more "
        "than "
        "32 bits");
    check(
        "add_scales", [](auto& m) { quantization_of(m, "y").scale[0] = 1e-5f; },
        "node \"y\" (ctnn::sum): the model is of integers, and the scale of an input is 5000 times that of its "
        "output");
    check(
        "add_scales", [](auto& m) { quantization_of(m, "y").scale[0] = 1e5f; },
        "node \"y\" (ctnn::sum): the model is of integers, and the scale of an input is 5e-07 times that of its "
        "output");
    check(
        "mean", [](auto& m) { quantization_of(m, "y").scale[0] = 1e-5f; },
        "node \"y\" (ctnn::global_average_pool): the model is of integers, and the scale of an input is 5000 "
        "times that "
        "of its output");
    check(
        "leaky_relu", [](auto& m) { quantization_of(m, "y").scale[0] = 1e-30f; },
        "node \"y\" (ctnn::activation): the model is of integers, and the scale of an input is "
        "5e+28 times that of its output");
    check(
        "mean",
        [](auto& m) {
            tensor(m, "x").shape = {1, 200, 200, 3};
        },
        "node \"y\" (ctnn::global_average_pool): the model is of integers, and it takes means of more than 32768 "
        "integers");
}

BOOST_AUTO_TEST_CASE(every_truncation) {
    for (const char* const name : {"conv_per_channel", "add_scales", "add_after_conv", "mean", "softmax"}) {
        const std::string bytes = file_of(name);
        BOOST_TEST(said_of(bytes) == "");
        test_support::refuses_every_truncation(name, bytes, [](const std::string& part) { return said_of(part); });
    }
}

// A changed byte may yield a valid model with other weights: what matters is that nothing crashes or takes long, and that
// what is refused is refused in one line, with nothing written.
BOOST_AUTO_TEST_CASE(ten_thousand_corruptions) {
    using test_support::corrupted, test_support::corruptions;
    std::vector<std::string> files;
    for (const char* const name :
         {"conv_per_channel", "dense", "depthwise_multiplier", "add_scales", "add_after_conv", "average", "mean",
          "logistic", "leaky_relu", "hard_swish", "softmax", "pad", "concat"})
        files.push_back(file_of(name));
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
        std::int64_t size = 0;
        for (const auto& [name, dims] : model.shapes) size += count(dims);
        if (said.empty() && size <= 4000) {
            said = said_of(bytes);
            imported += said.empty();
            BOOST_TEST(said.find("bug in the importer") == said.npos, "corruption " << i << ": " << said);
        }
        for (const char c : said) BOOST_TEST((c >= 0x20 && c < 0x7f));
        refused += !said.empty();
        if (i % 50 != 0 || size > 4000) continue;
        // The same by the command.
        std::ofstream("damaged.tflite", std::ios::binary) << bytes;
        std::filesystem::remove("damaged.hpp");
        command what;
        what.model = "damaged.tflite", what.output = "damaged.hpp", what.name = "damaged";
        std::string of_command;
        try {
            run(what);
        } catch (const refusal& error) { of_command = error.what(); }
        BOOST_TEST(std::filesystem::exists("damaged.hpp") == of_command.empty());
        BOOST_TEST((said.empty() || of_command == "damaged.tflite: " + said), of_command);
    }
    BOOST_TEST(refused > corruptions / 10);
    BOOST_TEST(imported > corruptions / 20);
}

#else

BOOST_AUTO_TEST_CASE(without_flatbuffers) {
    BOOST_CHECK_THROW(parse_tflite("\x1c..TFL3"), refusal);
}

#endif
