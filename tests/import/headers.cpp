// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_headers
#include "read/header.hpp"
#include "refusal.hpp"
#include "spec/spec_options.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>

// Headers for --into that declare invalid networks: the message is one line that begins with line and column of the
// error.

namespace {

using namespace ctnn_import;

std::string said_of(const std::string& header, std::int64_t room = most_parameters) {
    std::ofstream("net.hpp", std::ios::binary) << header;
    try {
        std::string number;
        network_of_header("net.hpp", "", number, room);
        return {};
    } catch (const refusal& error) { return error.what(); }
}

/// Checks that a network of these layers after `ctnn::input<`input`>` is refused for this reason, at `part`.
void refused(const std::string& input, const std::string& layers, const std::string& part, const std::string& why) {
    const std::string header =
        "// first\nusing n = ctnn::network<float, ctnn::input<" + input + ">, " + layers + ">;\n";
    BOOST_TEST_CONTEXT(header) {
        const std::size_t at = header.find(part, header.find("ctnn::input"));
        BOOST_REQUIRE(at != header.npos);
        BOOST_TEST(said_of(header) == "line 2, column " + std::to_string(at - 8) + ": " + why);
    }
}
void taken(const std::string& input, const std::string& layers) {
    BOOST_TEST(said_of("using n = ctnn::network<float, ctnn::input<" + input + ">, " + layers + ">;") == "");
}

std::string times(int count, const std::string& text) {
    std::string result;
    for (int i = 0; i < count; ++i) result += text;
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(numbers) {
    const std::string range = " is not from 1 to 4194304";
    refused("2", "ctnn::dense<-2>", "-2", "dense: -2" + range);
    refused("2", "ctnn::dense<0>", "0>", "dense: 0" + range);
    refused("2", "ctnn::dense<4194305>", "4194305", "dense: 4194305" + range);
    refused("2", "ctnn::dense<99999999999999999999>", "9", "the number 99999999999999999999 is too large");
    refused("2", "ctnn::dense<-9223372036854775808>", "-9", "dense: -9223372036854775808" + range);
    refused("2", "ctnn::dense<units>", "units", "dense: units has to be a number here");
    refused("2", "ctnn::dense<0x10>", "0x10", "\"0x10\" is not a decimal integer");
    refused("2", "ctnn::dense<4u>", "4u", "\"4u\" is not a decimal integer");
    refused("2", "ctnn::dense<2 * 3>", "*", "found \"*\", expected ',' or '>'");
    refused("2", "ctnn::dense<>", "ctnn::dense", "dense: it has 0 values, and takes 1");
    refused("2", "ctnn::dense<2, 3>", "3", "dense: it takes no 3 here");
    refused("1, 2", "ctnn::conv1d<0, ctnn::window<1>>", "0, ", "conv1d: 0" + range);
    refused("1, 2", "ctnn::conv1d<1, ctnn::window<0>>", "0>>", "conv1d: 0" + range);
    refused("1, 2", "ctnn::conv1d<1, ctnn::window<-1>>", "-1", "conv1d: -1" + range);
    refused("1, 2", "ctnn::conv1d<1>", "ctnn::conv1d", "conv1d: it has no window");
    refused("1, 2", "ctnn::conv1d<1, ctnn::window<1, 2, 3>>", "ctnn::window",
            "conv1d: window has 3 arguments, and takes 1 to 2");
    refused("1, 9", "ctnn::conv1d<1, ctnn::window<2>, ctnn::stride<0>>", "0>>", "conv1d: 0" + range);
    refused("1, 9", "ctnn::conv1d<1, ctnn::window<2>, ctnn::padding<ctnn::pad<-1>>>", "-1",
            "conv1d: -1 is not from 0 to 4194304");
    refused("1, 9", "ctnn::conv1d<1, ctnn::window<2>, ctnn::padding<2>>", "2>>",
            "conv1d: padding takes pads, and not 2");
    refused("2, 2", "ctnn::permute<-1, 7>", "-1", "permute: -1 is not from 0 to 7");
    refused("2, 2", "ctnn::permute<1, 7>", "ctnn::permute",
            "permute: each dimension from 0 on has to occur exactly once in its order");
    refused("2, 2", "ctnn::permute<1, 1>", "ctnn::permute",
            "permute: each dimension from 0 on has to occur exactly once in its order");
    refused("2, 2", "ctnn::permute<0>", "ctnn::permute",
            "permute: its order has another number of dimensions than 2 x 2");
    refused("4", "ctnn::slice<ctnn::axis<0>, -1, 2>", "-1", "slice: -1 is not from 0 to 4194304");
    refused("4", "ctnn::slice<ctnn::axis<0>, 3, 2>", "ctnn::slice", "slice: its indices are not in 4");
    refused("4", "ctnn::slice<ctnn::axis<9>, 0, 2>", "9", "slice: 9 is not from 0 to 7");
    refused("4", "ctnn::slice<ctnn::axis<1>, 0, 2>", "ctnn::slice", "slice: there is no axis 1 in 4");
    refused("4", "ctnn::layer_norm<ctnn::identity, ctnn::epsilon<std::ratio<1, 0>>>", "std::ratio",
            "layer_norm: a ratio has the denominator 0");
    refused("2, 3", "ctnn::embedding<5, 2>", "ctnn::embedding", "embedding: it takes 1 dimensions, and is given 2 x 3");
    refused("2, 3", "ctnn::decision_trees<1, 1, 2>", "ctnn::decision_trees",
            "decision_trees: it takes 1 dimensions, and is given 2 x 3");
    refused("2", "ctnn::decision_trees<1, 1>", "ctnn::decision_trees", "decision_trees: it has 2 values, and takes 3");
    refused("2", "ctnn::decision_trees<1, 3, 2>", "ctnn::decision_trees",
            "decision_trees: it has fewer splits than trees");
    refused("2", "ctnn::decision_trees<2, 3, 4, ctnn::one_output_per_tree>", "ctnn::decision_trees",
            "decision_trees: its outputs do not divide its trees");
    refused("2", "ctnn::decision_trees<1, 3, 4, ctnn::sum_of_trees, ctnn::average_of_trees>", "ctnn::decision_trees",
            "decision_trees: it combines its trees in two ways");
    refused("3, 4", "ctnn::multi_head_attention<0>", "0>>;", "multi_head_attention: 0" + range);
}

BOOST_AUTO_TEST_CASE(sizes) {
    refused("", "ctnn::dense<2>", "ctnn::input", "an input has 1 to 8 dimensions");
    refused("0", "ctnn::dense<2>", "0", "an input has from 1 to 4194304 elements");
    refused("-3", "ctnn::dense<2>", "-3", "an input has from 1 to 4194304 elements");
    refused("4194304, 2", "ctnn::flatten", "2>", "an input has from 1 to 4194304 elements");
    refused("1, 1, 1, 1, 1, 1, 1, 1, 1", "ctnn::flatten", "ctnn::input", "an input has 1 to 8 dimensions");
    refused("x", "ctnn::flatten", "x>", "\"x\" is not a number");
    refused("4000", "ctnn::upsample<4000>", "ctnn::upsample",
            "upsample: it has more than 4194304 elements along a dimension");
    refused("2000, 4", "ctnn::zero_pad<ctnn::pad<4194304>>", "ctnn::zero_pad",
            "zero_pad: it has more than 4194304 elements in its output");
    refused("4", "ctnn::linear_resize<8>", "ctnn::linear_resize", "linear_resize: it has no argument");
    refused("4", "ctnn::linear_resize<ctnn::axis<0>, 0>", "0>>", "linear_resize: 0 is not from 1 to 4194304");
    refused("4", "ctnn::linear_resize<ctnn::axis<1>, 8>", "ctnn::linear_resize",
            "linear_resize: there is no axis 1 in 4");
    refused("4", "ctnn::linear_resize<ctnn::axis<0>, 8, ctnn::asymmetric, ctnn::half_pixel>", "ctnn::linear_resize",
            "linear_resize: it has its coordinates twice");
    refused("3, 4", "ctnn::reflect_pad<ctnn::pad<0, 3>, ctnn::pad<1>>", "ctnn::reflect_pad",
            "reflect_pad: a pad is longer than its dimension has elements for it");
    refused("3", "ctnn::wrap_pad<ctnn::pad<4, 0>>", "ctnn::wrap_pad",
            "wrap_pad: a pad is longer than its dimension has elements for it");
    refused("2000, 4", "ctnn::lstm<4194304, ctnn::last_step>", "ctnn::lstm",
            "lstm: its parameter recurrent_weights has 70368744177664 elements, more than the file has");
    refused("20000", "ctnn::dense<20000>", "ctnn::dense",
            "dense: its parameter weights has 400000000 elements, more than the file has");
    refused("1048576, 4", "ctnn::lstm<1024, ctnn::last_step>", "ctnn::lstm",
            "lstm: it has more than 68719476736 multiply-accumulates");
    refused("2, 3", "ctnn::reshape<7>", "ctnn::reshape", "reshape: it has another number of elements than 2 x 3");
    refused("6", "ctnn::reshape<>, ctnn::dense<2>", "ctnn::reshape",
            "reshape: it has another number of elements than 6");
    refused("1", "ctnn::reshape<>, ctnn::dense<2>", "ctnn::dense", "dense: its input is a scalar");
    // Both layers together have at most as many parameters as the file.
    BOOST_TEST(said_of("using n = ctnn::network<float, ctnn::input<4>, ctnn::dense<4>, ctnn::dense<4>>;", 40) == "");
    BOOST_TEST(said_of("using n = ctnn::network<float, ctnn::input<4>, ctnn::dense<4>, ctnn::dense<4>>;", 39) ==
               "line 1, column 64: dense: its parameter bias has 4 elements, more than the file has");
    BOOST_TEST(said_of("using n = ctnn::network<float, ctnn::input<4, 2>, ctnn::bidirectional<ctnn::lstm<1>>>;", 31) ==
               "line 1, column 51: bidirectional: it has more parameters than the file");
    BOOST_TEST(said_of("using n = ctnn::network<float, ctnn::input<4, 2>, ctnn::bidirectional<ctnn::lstm<1>>>;", 32) ==
               "");
}

BOOST_AUTO_TEST_CASE(unknown_names) {
    refused("2", "ctnn::dense<2, ctnn::quick>", "ctnn::quick", "dense: it takes no quick here");
    refused("2", "ctnn::dense<2, my::swish>", "my::swish", "dense: it takes no my::swish here");
    refused("2", "ctnn::dense<2, ctnn::activation>", "ctnn::activation", "dense: it takes no activation here");
    refused("2", "ctnn::dense<2, ctnn::relu, ctnn::tanh>", "ctnn::tanh", "dense: an activation is given twice");
    refused("2", "ctnn::dense<2, ctnn::relu, ctnn::no_bias, ctnn::no_bias>", "ctnn::no_bias>",
            "dense: no_bias is given twice");
    refused("2", "ctnn::dense<2, ctnn::relu<3>>", "ctnn::relu", "dense: relu has 1 arguments, and takes 0");
    refused("2", "ctnn::dense<2, ctnn::identity, ctnn::no_bias<1>>", "ctnn::no_bias",
            "dense: no_bias takes no arguments");
    refused("2", "ctnn::dense<2, ctnn::stride<2>>", "ctnn::stride", "dense: it takes no stride here");
    refused("2", "ctnn::activation<ctnn::clip<std::ratio<0>, 6>>", "6>", "activation: clip takes bounds, and not 6");
    refused("2", "ctnn::activation<ctnn::quick>", "ctnn::quick", "activation: it takes no quick here");
    refused("2", "ctnn::activation<>", "ctnn::activation", "activation: it has no argument");
    refused("2", "ctnn::flatten<2>", "2>>", "flatten: it takes no 2 here");
    refused("2", "my::layer<2>", "my::layer", "my::layer: the importer does not know this layer");
    refused("2", "7", "7", "7: the importer does not know this layer");
    refused("4, 2", "ctnn::gru<2, ctnn::cell_activation<ctnn::tanh>>", "ctnn::cell_activation",
            "gru: it takes no cell_activation here");
    refused("4, 2", "ctnn::lstm<2, ctnn::gate_activation<ctnn::reverse>>", "ctnn::reverse",
            "lstm: gate_activation takes an activation, and not reverse");
    refused("4, 2", "ctnn::lstm<2, ctnn::clipped<ctnn::tanh, ctnn::tanh>>", "ctnn::tanh>",
            "lstm: clipped takes ratios, and not tanh");
    refused("4, 2", "ctnn::bidirectional<ctnn::dense<2>>", "ctnn::bidirectional",
            "bidirectional: its argument is a recurrent layer");
    refused("4, 2", "ctnn::bidirectional<>", "ctnn::bidirectional", "bidirectional: its argument is a recurrent layer");
    refused("4", "ctnn::sum<ctnn::dense<4>>", "ctnn::dense", "sum: it takes no dense here");
    refused("4", "ctnn::sum<>", "ctnn::sum", "sum: it has no branches");
    refused("4", "ctnn::residual<ctnn::dense<3>>", "ctnn::residual",
            "residual: the outputs of its branches have different shapes");
    refused("4", "ctnn::concatenate<ctnn::axis<1>, ctnn::branch<>, ctnn::branch<>>", "ctnn::concatenate",
            "concatenate: there is no axis 1 in the output of branch 0");
    refused("4, 2", "ctnn::concatenate<ctnn::branch<>, ctnn::branch<ctnn::dense<3>>>", "ctnn::concatenate",
            "concatenate: the outputs of its branches have different shapes");
    refused("4, 2", "ctnn::matmul<ctnn::branch<>, ctnn::branch<>>", "ctnn::matmul",
            "matmul: the outputs of its branches, 4 x 2 and 4 x 2, cannot be multiplied");
}

BOOST_AUTO_TEST_CASE(texts) {
    refused("2", "ctnn::dense<2, foo(){evil}>", "(", "found \"(\", expected ',' or '>'");
    refused("2", "ctnn::dense<2, \x1b[31mred>", "\x1b", "found \"\\x1b\", expected a name or a number");
    refused("2", "ctnn::dense<2,>", ">>;", "found \">\", expected a name or a number");
    refused("2", "ctnn::dense<2 3>", "3", "found \"3\", expected ',' or '>'");
    refused("2", "ctnn::dense<->", ">>;", "found \">\", expected a name or a number");
    BOOST_TEST(said_of("using n = ctnn::network<float, ctnn::input<2>, ctnn::dense<2") ==
               "line 1, column 61: it ends where ',' or '>' is expected");
    BOOST_TEST(said_of("using n = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>>") ==
               "line 1, column 63: there is no ; after the network");
    BOOST_TEST(said_of("using n = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>> evil;") ==
               "line 1, column 64: there is no ; after the network");
    BOOST_TEST(said_of("using n = ctnn::network<int, ctnn::input<2>, ctnn::dense<2>>;") ==
               "line 1, column 25: the network's scalar type is int, and not float or double");
    BOOST_TEST(said_of("using n = ctnn::network<float, ctnn::input<2>>;") ==
               "line 1, column 11: a network has a scalar type, an input and layers");
    for (const char* none : {"", "using", "using n", "using n =", "using n = ", "using ctnn::network<", "/*",
                             "/* using", "//using n = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>>;",
                             "/* using n = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>>; */"})
        BOOST_TEST(said_of(none) == "the header declares no network: using NAME = ctnn::network<...>;", none);
    // Every prefix of a valid one.
    const std::string whole =
        "using n=::ctnn::network < double ,\n\tctnn::input<2,3> , ctnn::conv1d<4, ctnn::window<2>, ctnn::padding< "
        "ctnn::pad<1, 0> >, ctnn::elu_with<std::ratio<1, 2>>> , /* , */ ctnn::flatten // >\n , dense<1> > ;";
    BOOST_TEST(said_of(whole) == "");
    for (std::size_t size = 0; size < whole.size(); ++size) BOOST_TEST(said_of(whole.substr(0, size)) != "");
}

BOOST_AUTO_TEST_CASE(nested_layers) {
    const auto nested = [](int depth) {
        return "using n = ctnn::network<float, ctnn::input<2>, " + times(depth, "ctnn::residual<") + "ctnn::dense<2>" +
               times(depth, ">") + ">;";
    };
    BOOST_TEST(said_of(nested(60)) == "");
    BOOST_TEST(said_of(nested(4000)) == "line 1, column 1008: it is nested more than 64 deep");
    BOOST_TEST(said_of("using n = ctnn::network" + std::string(100000, '<')).find("line 1, column 25: ") == 0u);
    taken("2", "ctnn::dense<2>" + times(4000, ", ctnn::dense<2>"));
    BOOST_TEST(said_of(std::string((1 << 20) + 1, ' ')) ==
               "it has more than 1 MiB, and a header with a network has less");
}

BOOST_AUTO_TEST_CASE(what_is_taken) {
    taken("2", "ctnn::dense<2, ctnn::identity, ctnn::with_bias>");
    taken("3, 8, 8",
          "ctnn::conv2d<4, ctnn::window<3>, ctnn::relu, ctnn::same>, ctnn::max_pool2d<ctnn::window<2, 2>>, "
          "ctnn::average_pool2d<ctnn::window<3>, ctnn::stride<1>, ctnn::padding<ctnn::pad<1>>, "
          "ctnn::count_include_pad>, ctnn::global_max_pool");
    taken("4, 2",
          "ctnn::gru<3, ctnn::reset_after, ctnn::every_step, ctnn::truncation<2>>, "
          "ctnn::bidirectional<ctnn::simple_rnn<2, ctnn::relu, ctnn::last_step>>");
    taken(
        "4, 2",
        "ctnn::lstm<3, ctnn::elu, ctnn::gate_activation<ctnn::clipped<ctnn::sigmoid, std::ratio<2>>>, "
        "ctnn::cell_activation<ctnn::relu>, ctnn::initial_state>, ctnn::gru<2, ctnn::gate_activation<ctnn::identity>>");
    taken("4, 6",
          "ctnn::batch_norm<ctnn::relu, ctnn::axis<1>, std::ratio<1, 100>, ctnn::epsilon<std::ratio<1, 1000>>>, "
          "ctnn::layer_norm<ctnn::identity, ctnn::epsilon<>, ctnn::no_affine>, ctnn::dropout<std::ratio<1, 4>>, "
          "ctnn::multi_head_attention<2, ctnn::causal_mask>, ctnn::positional_encoding, "
          "ctnn::activation<ctnn::clip<std::ratio<-1, 2>, ctnn::unbounded>>");
}
