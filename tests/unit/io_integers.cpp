// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// Networks of 8-bit integers in files: safetensors, headers of constants, summaries.
#define BOOST_TEST_MODULE io_integers
#include <boost/test/unit_test.hpp>

#include <ctnn.hpp>
#include <ctnn/io/header_file.hpp>
#include <ctnn/io/safetensors.hpp>
#include <ctnn/io/summary.hpp>
#include <ctnn/quantize.hpp>

#include "data/integers_header.hpp"
#include "io_support.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <ratio>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

using io_test::message_of;
using io_test::read_file;
using io_test::write_file;

using net_type = ctnn::network<float, ctnn::input<2, 4>, ctnn::conv1d<3, ctnn::window<2>, ctnn::tanh>, ctnn::flatten,
                               ctnn::residual<ctnn::dense<9, ctnn::relu>>, ctnn::prelu<>, ctnn::dense<2>>;
constexpr net_type net = ctnn::initialize<net_type>(ctnn::glorot_uniform{}, 7);
constexpr ctnn::tensor<float, ctnn::shape<2, 2, 4>> inputs{1, -1, 0.5f, 0.25f, 1, 2, -1};
constexpr auto ranges = ctnn::calibrate(net, inputs);
using q_type = ctnn::quantized<net_type, ctnn::rounding::twice, ctnn::weight_bits<4>, ctnn::ends_in_sums>;
constexpr q_type::parameters chosen = q_type::choose(net, ranges);
constexpr q_type q = ctnn::quantize<ctnn::rounding::twice, ctnn::weight_bits<4>>(net, ranges);
static_assert(q_type::from(chosen) == q);

/// Without white space, and without default arguments of types inside others, which g++ prints and clang does not.
std::string words_of(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    for (const std::string_view omitted : {",with_bias", "axis<0>"})
        for (std::size_t at; (at = text.find(omitted)) != text.npos;) text.erase(at, omitted.size());
    return text;
}

BOOST_AUTO_TEST_CASE(every_parameter_has_a_name) {
    std::string names;
    std::size_t elements = 0;
    ctnn::for_each_parameter(chosen, [&](const char* name, const auto& values) {
        names += std::string(name) + ' ';
        if constexpr (requires { values.size(); })
            elements += values.size();
        else
            ++elements;
    });
    BOOST_TEST(names ==
               "input.scale input.zero_point 0.weights 0.bias 0.scales 0.linear.scale 0.linear.zero_point "
               "0.output.scale 0.output.zero_point 2.1.0.weights 2.1.0.bias 2.1.0.scales 2.1.0.linear.scale "
               "2.1.0.linear.zero_point 2.1.0.output.scale 2.1.0.output.zero_point 2.output.scale 2.output.zero_point "
               "3.weights 3.output.scale 3.output.zero_point 4.weights 4.bias 4.scales ");
    BOOST_TEST(elements == 2u + (12 + 3 + 3 + 4) + (81 + 9 + 9 + 4) + 2 + (9 + 2) + (18 + 2 + 2));
}

BOOST_AUTO_TEST_CASE(a_file_has_the_same_integers) {
    ctnn::io::save_safetensors(chosen, "q.safetensors");
    q_type::parameters loaded{};
    ctnn::io::load_safetensors(loaded, "q.safetensors");
    BOOST_TEST((q_type::from(loaded) == q));
    const std::string file = read_file("q.safetensors");
    BOOST_TEST(file.find(R"("0.weights":{"dtype":"I8","shape":[2,2,3])") != file.npos);
    BOOST_TEST(file.find(R"("0.bias":{"dtype":"I32","shape":[3])") != file.npos);
    BOOST_TEST(file.find(R"("input.scale":{"dtype":"F32","shape":[])") != file.npos);
    BOOST_TEST(file.find(R"("3.weights":{"dtype":"F32","shape":[9])") != file.npos);
    // By any rule.
    using other = ctnn::quantized<net_type, ctnn::rounding::half_even, ctnn::weight_bits<4>, ctnn::ends_in_sums>;
    other::parameters same{};
    ctnn::io::load_safetensors(same, "q.safetensors");
    BOOST_TEST((other::from(same) == ctnn::quantize<ctnn::rounding::half_even, ctnn::weight_bits<4>>(net, ranges)));
}

/// The complaint about a file in which a parameter has another value; what was loaded before is then unchanged.
template <class Number>
std::string complaint_about(const char* parameter, Number value) {
    q_type::parameters wrong = chosen;
    ctnn::for_each_parameter(wrong, [&](const char* name, auto& values) {
        if constexpr (requires { values.size(); }) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(values[0])>, Number>)
                if (std::strcmp(name, parameter) == 0) values[values.size() - 1] = value;
        } else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(values)>, Number>) {
            if (std::strcmp(name, parameter) == 0) values = value;
        }
    });
    ctnn::io::save_safetensors(wrong, "wrong.safetensors");
    q_type::parameters loaded = chosen;
    const std::string message = message_of([&] { ctnn::io::load_safetensors(loaded, "wrong.safetensors"); });
    if (!message.empty()) BOOST_TEST((q_type::from(loaded) == q));
    return message;
}

BOOST_AUTO_TEST_CASE(integers_that_no_network_can_have_are_refused) {
    BOOST_TEST(complaint_about("0.scales", -0.5f) ==
               "wrong.safetensors: tensor \"0.scales\", element 2: found -0.5, expected a scale that is positive and "
               "finite");
    BOOST_TEST(complaint_about("input.scale", std::numeric_limits<float>::infinity()) ==
               "wrong.safetensors: tensor \"input.scale\", element 0: found inf, expected a scale that is positive and "
               "finite");
    BOOST_TEST(
        complaint_about("4.scales", std::numeric_limits<float>::quiet_NaN()) ==
        "wrong.safetensors: tensor \"4.scales\", element 1: found nan, expected a scale that is positive and finite");
    BOOST_TEST(
        complaint_about("2.1.0.output.zero_point", std::int32_t{128}) ==
        "wrong.safetensors: tensor \"2.1.0.output.zero_point\", element 0: found 128, expected a zero point from "
        "-128 to 127");
    BOOST_TEST(
        complaint_about("0.bias", std::int32_t{-(1 << 30)}) ==
        "wrong.safetensors: tensor \"0.bias\", element 2: found -1073741824, expected a bias from -1073741823 to "
        "1073741823");
    BOOST_TEST(complaint_about("0.bias", std::int32_t{(1 << 30) - 1}) == "");
    BOOST_TEST(complaint_about("0.weights", std::int8_t{-128}) == "");
    // Another network, and one of real numbers.
    q_type::parameters loaded = chosen;
    ctnn::io::save_safetensors(net, "real.safetensors");
    BOOST_TEST(message_of([&] {
                   ctnn::io::load_safetensors(loaded, "real.safetensors");
               }).starts_with("real.safetensors: tensor \""));
    const std::string file = read_file("q.safetensors");
    for (std::size_t size = 0; size < file.size(); ++size) {
        write_file("short.safetensors", file.substr(0, size));
        BOOST_TEST(!message_of([&] { ctnn::io::load_safetensors(loaded, "short.safetensors"); }).empty());
    }
    BOOST_TEST((q_type::from(loaded) == q));
}

BOOST_AUTO_TEST_CASE(recurrent_layers) {
    using gated =
        ctnn::network<float, ctnn::input<3, 2>, ctnn::lstm<2>, ctnn::gru<1>, ctnn::gru<1, ctnn::reset_before>>;
    using integers = ctnn::quantized<gated, ctnn::rounding::twice, ctnn::per_tensor, ctnn::ends_in_integers>;
    constexpr gated layers = ctnn::initialize<gated>(ctnn::glorot_uniform{}, 3);
    constexpr ctnn::tensor<float, ctnn::shape<1, 3, 2>> samples{1, -1, 0.5f, 2, -2, 0};
    const integers::parameters p = integers::choose(layers, ctnn::calibrate(layers, samples));
    std::string names;
    ctnn::for_each_parameter(p, [&](const char* name, const auto&) { names += std::string(name) + ' '; });
    BOOST_TEST(
        names ==
        "input.scale input.zero_point 0.weights 0.bias 0.scales 0.recurrent_weights 0.recurrent_scales "
        "0.output.scale 0.output.zero_point 0.cell.scale 0.cell.zero_point 0.cell_limit 1.weights 1.bias 1.scales "
        "1.recurrent_weights 1.recurrent_bias 1.recurrent_scales 1.output.scale 1.output.zero_point 2.weights "
        "2.bias 2.scales 2.recurrent_weights 2.recurrent_scales 2.candidate_weights 2.candidate_scales "
        "2.output.scale 2.output.zero_point ");
    ctnn::io::save_safetensors(p, "gated.safetensors");
    integers::parameters loaded{};
    ctnn::io::load_safetensors(loaded, "gated.safetensors");
    BOOST_TEST((integers::from(loaded) == integers::from(p)));
    loaded.layers.layers[boost::hana::size_c<0>].recurrent_scales[3] = -1;
    ctnn::io::save_safetensors(loaded, "gated.safetensors");
    BOOST_TEST(
        message_of([&] { ctnn::io::load_safetensors(loaded, "gated.safetensors"); }) ==
        "gated.safetensors: tensor \"0.recurrent_scales\", element 3: found -1, expected a scale that is positive "
        "and finite");
    ctnn::io::header_file header("gated.hpp", "my");
    header.add("gated", p);
    const std::string text = header.text();
    BOOST_TEST(text.find(".cell = {0x1p-15f, 0},") != text.npos);
    BOOST_TEST(text.find(".cell_limit = 32768}") != text.npos);
    BOOST_TEST(text.find("static_assert(gated_answers()") != text.npos);
    header.save();
}

BOOST_AUTO_TEST_CASE(a_header_of_constants) {
    using small = ctnn::network<float, ctnn::input<2>, ctnn::dense<2, ctnn::relu>>;
    using integers = ctnn::quantized<small, ctnn::rounding::once, ctnn::per_tensor, ctnn::ends_in_integers>;
    integers::parameters p{};
    p.input = {0.5f, -3};
    auto& dense = boost::hana::at_c<0>(p.layers.layers);
    dense = {.matrix = {.weights = {1, -2, 3, 127}, .bias = {100, -5}, .scales = {0.25f}},
             .linear = {1, -128},
             .output = {1, -128}};
    ctnn::io::header_file header("integers.hpp", "my");
    header.add("q", p);
    // A kept header, which is compiled above.
    BOOST_TEST(header.text() == read_file(CTNN_TEST_DATA "/integers_header.hpp"));
    static_assert(std::is_same_v<my::q_type, integers>);
    BOOST_TEST((my::q == integers::from(p)));
    // A layer that runs in float may give another integer where multiply-adds are fused.
    ctnn::io::header_file with_float("with_float.hpp", "my");
    with_float.add("q", chosen);
    BOOST_TEST(with_float.text().find("constexpr bool q_answers()") != std::string::npos);
    BOOST_TEST(with_float.text().find("static_assert(q_answers()") == std::string::npos);
    BOOST_CHECK_EXCEPTION(with_float.add("q_type", chosen), std::invalid_argument, [](const auto& error) {
        return std::string(error.what()) == "ctnn::io::header_file: \"q_type\" is already in the header";
    });
}

BOOST_AUTO_TEST_CASE(layers_that_run_in_float_in_files) {
    // One without parameters, and branches.
    using mixed = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>, ctnn::dropout<std::ratio<1, 4>>,
                                ctnn::product<ctnn::branch<ctnn::dense<2>>, ctnn::branch<>>>;
    using integers = ctnn::quantized<mixed, ctnn::rounding::once, ctnn::per_channel, ctnn::ends_in_integers>;
    integers::parameters p{};
    boost::hana::at_c<0>(p.layers.layers) = {
        .matrix = {.weights = {1, -2, 3, 127}, .bias = {100, -5}, .scales = {1, 2}},
        .linear = {1, 0},
        .output = {1, 0}};
    std::string names;
    ctnn::for_each_parameter(p, [&](const char* name, const auto&) { names += std::string(name) + ' '; });
    BOOST_TEST(
        names ==
        "input.scale input.zero_point 0.weights 0.bias 0.scales 0.linear.scale 0.linear.zero_point 0.output.scale "
        "0.output.zero_point 1.output.scale 1.output.zero_point 2.0.0.weights 2.0.0.bias 2.output.scale "
        "2.output.zero_point ");
    ctnn::io::save_safetensors(p, "mixed.safetensors");
    integers::parameters loaded{};
    ctnn::io::load_safetensors(loaded, "mixed.safetensors");
    BOOST_TEST((integers::from(loaded) == integers::from(p)));

    ctnn::io::header_file header("mixed.hpp", "my");
    header.add("q", p);
    const std::string text = header.text();
    BOOST_TEST(text.find(".layer = {},") != text.npos);
    BOOST_TEST(text.find("decltype(q_type::quantized_layers::parameters::layer<2>::layer)::chain_at<0>::storage{") !=
               text.npos);
    using inside = ctnn::network<float, ctnn::input<2>, ctnn::residual<ctnn::prelu<>>, ctnn::dense<2>>;
    std::ostringstream summary;
    ctnn::io::summary<ctnn::quantized<inside, ctnn::rounding::once, ctnn::per_channel, ctnn::ends_in_sums>>(summary);
    BOOST_TEST(words_of(summary.str()).find("residual<prelu<>>,partlyinfloat") != text.npos);
    // Messages have the names of files.
    boost::hana::at_c<0>(p.layers.layers).matrix.scales[1] = std::numeric_limits<float>::infinity();
    BOOST_TEST(message_of([&] { ctnn::io::header_file("mixed.hpp", "my").add("q", p); }) ==
               "mixed.hpp: tensor \"0.scales\", element 1: found infinity, expected a finite number");
}

BOOST_AUTO_TEST_CASE(a_header_of_a_network_in_training) {
    using small = ctnn::network<float, ctnn::input<2>, ctnn::dense<1>>;
    ctnn::io::header_file header("training.hpp", "my");
    header.add("model", ctnn::fake_quantize<ctnn::weight_bits<4>>(small{{{{{1, 2}}, {3}}}}));
    const std::string text = header.text();
    BOOST_TEST(text.find("#include <ctnn.hpp>\n#include <ctnn/quantize.hpp>\n") != text.npos);
    // The members of a base class are in braces of their own.
    BOOST_TEST(text.find("ctnn::layer_t<0, model_type>{{\n        .weights = {0x1p+0f, 0x1p+1f},\n"
                         "        .bias = {0x1.8p+1f}}}}};") != text.npos);
}

BOOST_AUTO_TEST_CASE(a_summary) {
    std::ostringstream text;
    ctnn::io::summary(q, text);
    BOOST_TEST(words_of(text.str()) ==
               words_of("Layer                       Output shape     Parameters        MACs       Bytes\n"
                        "===============================================================================\n"
                        "input<2, 4>                 (2, 4)                    0           0           0\n"
                        "conv1d<3, window<2>, tanh>  (3, 3)                   15          36         316\n"
                        "flatten                     (9)                       0           0           0\n"
                        "residual<dense<9, relu, with_bias>>\n"
                        "                            (9)                      90          81         228\n"
                        "prelu<>, in float           (9)                       9           9          52\n"
                        "dense<2>                    (2)                      20          18          36\n"
                        "-------------------------------------------------------------------------------\n"
                        "Total (8-bit integers)                              134         144         648\n"));
}

}  // namespace
