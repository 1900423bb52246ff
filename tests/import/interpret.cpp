// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_interpret
#include "evaluate_ctnn/interpret.hpp"
#include "refusal.hpp"
#include "spec/spec_layer.hpp"

#include <boost/test/unit_test.hpp>

#include <ctnn.hpp>
#include <ctnn/io/type_name.hpp>

#include <cmath>
#include <cstdint>
#include <random>
#include <ratio>
#include <string>
#include <type_traits>
#include <vector>

// The importer's interpreter and its descriptions of specs against ctnn's networks. The importer checks a model with
// the interpreter before it writes a header, so the interpreter has to agree with the library.

namespace {

using namespace ctnn;
using ctnn_import::chain;
using ctnn_import::extents;
using ctnn_import::layer;

class numbers {
  public:
    explicit numbers(std::uint64_t seed) : engine_(seed) {}
    /// At least `low` and below `high`.
    double operator()(double low, double high) {
        return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
    }

  private:
    std::mt19937_64 engine_;
};

/// Fills a layer of a network and its description with the same values.
template <class Layer>
void fill(Layer& real, layer& described, numbers& draw) {
    if constexpr (is_composite<Layer>) {
        Layer::for_each_chain(
            [&](auto branch, auto chain_of_branch, auto& storage) {
                decltype(chain_of_branch)::type::for_each(
                    [&](auto index, auto& inside) { fill(inside, described.branches.at(branch()).at(index()), draw); },
                    storage);
            },
            real);
    } else {
        std::size_t next = 0;
        for_each_named_member(
            [&](const std::string& name, auto& values) {
                BOOST_REQUIRE(next < described.parameters.size());
                ctnn_import::parameter& beside = described.parameters[next++];
                BOOST_TEST(beside.name == name);
                BOOST_REQUIRE(beside.values.size() == values.size());
                const bool is_variance = name == "running_variance";
                for (std::size_t i = 0; i < values.size(); ++i)
                    beside.values[i] = values[i] = is_variance ? draw(0.25, 2) : draw(-1, 1);
            },
            real);
        BOOST_TEST(next == described.parameters.size());
    }
}

std::int64_t multiply_accumulates(const chain& layers) {
    std::int64_t sum = 0;
    for (const layer& one : layers) {
        sum += one.multiply_accumulates;
        for (const chain& branch : one.branches) sum += multiply_accumulates(branch);
    }
    return sum;
}

template <std::size_t... Extents>
extents extents_of(shape<Extents...>) {
    return {static_cast<std::int64_t>(Extents)...};
}

/// The layers of a network, described as the importer does for its spec.
template <class Net>
chain described() {
    const auto spec = ctnn_import::parse_spec(io::type_name<Net>());
    chain layers;
    extents at = spec.arguments.at(1).numbers();
    for (std::size_t i = 2; i < spec.arguments.size(); ++i) {
        layers.push_back(ctnn_import::layer_of_spec(spec.arguments[i], at));
        at = layers.back().output;
    }
    return layers;
}

/// Whether description and network have the same shapes and parameters, and compute the same from values between `low`
/// and `high`; integers for symbols.
template <class Net>
void compare(chain layers, double low = -2, double high = 2) {
    const std::string name = io::type_name<Net>();
    BOOST_TEST_CONTEXT(name) {
        BOOST_REQUIRE(!layers.empty());
        BOOST_TEST(layers.back().output == extents_of(typename Net::output_shape{}), boost::test_tools::per_element());
        BOOST_TEST(multiply_accumulates(layers) == static_cast<std::int64_t>(Net::multiply_accumulates));
        const bool symbols = layers.front().kind == "embedding";
        numbers draw(name.size());
        for (int round = 0; round < 3; ++round) {
            Net net{};
            Net::chain_type::for_each([&](auto index, auto& real) { fill(real, layers.at(index()), draw); },
                                      net.layers);
            tensor<double, typename Net::input_shape> x{};
            for (double& number : x) number = symbols ? std::floor(draw(low, high)) : draw(low, high);
            const auto y = net(x);
            const auto outputs = ctnn_import::interpret(layers, {x.begin(), x.end()});
            BOOST_REQUIRE(outputs.size() == layers.size());
            BOOST_REQUIRE(outputs.back().size() == y.size());
            for (std::size_t i = 0; i < y.size(); ++i)
                BOOST_TEST(std::abs(outputs.back()[i] - y[i]) <= 1e-12 * std::max(1.0, std::abs(y[i])),
                           "output " << i << " is " << outputs.back()[i] << " and not " << y[i]);
        }
    }
}
template <class Net>
void compare(double low = -2, double high = 2) {
    compare<Net>(described<Net>(), low, high);
}

template <class Input, class... Specs>
using net = network<double, Input, Specs...>;

/// The message about a network that the importer does not accept, or about invalid layers.
template <class F>
std::string said_by(F&& call) {
    try {
        call();
        return "it is not refused";
    } catch (const ctnn_import::refusal& reason) { return reason.what(); }
}

layer of_kind(const std::string& kind, const std::vector<std::string>& arguments = {}) {
    layer result;
    result.kind = kind;
    result.arguments = arguments;
    result.input = result.output = {4};
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(dense_layers) {
    compare<net<input<3>, dense<4>>>();
    compare<net<input<3>, dense<4, sigmoid, no_bias>, dense<1, identity>>>();
    compare<net<input<5, 3>, dense<2, relu>>>();
    compare<net<input<5, 3>, dense<2, softmax, no_bias>>>();
}

BOOST_AUTO_TEST_CASE(every_activation) {
    compare<net<input<40>, activation<identity>>>();
    compare<net<input<40>, activation<sigmoid>>>(-40, 40);
    compare<net<input<40>, activation<ctnn::tanh>>>(-20, 20);
    compare<net<input<40>, activation<relu>>>();
    compare<net<input<40>, activation<relu6>>>(-10, 10);
    compare<net<input<40>, activation<leaky_relu>>>();
    compare<net<input<40>, activation<leaky_relu_with<std::ratio<1, 3>>>>>();
    compare<net<input<40>, activation<elu>>>();
    compare<net<input<40>, activation<elu_with<std::ratio<3, 2>>>>>();
    compare<net<input<40>, activation<selu>>>();
    compare<net<input<40>, activation<selu_with<std::ratio<3, 2>, std::ratio<5, 4>>>>>();
    compare<net<input<40>, activation<gelu>>>(-6, 6);
    compare<net<input<40>, activation<gelu_tanh>>>(-6, 6);
    compare<net<input<40>, activation<silu>>>(-20, 20);
    compare<net<input<40>, activation<softplus>>>(-40, 40);
    compare<net<input<40>, activation<softsign>>>();
    compare<net<input<40>, activation<hard_sigmoid>>>(-5, 5);
    compare<net<input<40>, activation<hard_sigmoid_with<std::ratio<1, 5>, std::ratio<2, 5>>>>>(-5, 5);
    compare<net<input<40>, activation<hard_swish>>>(-5, 5);
    compare<net<input<40>, activation<reciprocal>>>(0.25, 4);
    compare<net<input<40>, activation<ctnn::exp>>>(-4, 4);
    compare<net<input<40>, activation<ctnn::log>>>(0.25, 4);
    compare<net<input<40>, activation<ctnn::sqrt>>>(0.25, 4);
    compare<net<input<40>, activation<ctnn::sin>>>(-20, 20);
    compare<net<input<40>, activation<ctnn::cos>>>(-20, 20);
    compare<net<input<40>, activation<clip<std::ratio<-1, 2>, std::ratio<3, 4>>>>>();
    compare<net<input<40>, activation<clip<unbounded, std::ratio<3, 4>>>>>();
    compare<net<input<40>, activation<clip<std::ratio<-1, 2>, unbounded>>>>();
    compare<net<input<4, 10>, activation<softmax>>>(-8, 8);
    compare<net<input<2, 3, 4>, activation<log_softmax>>>(-8, 8);
}

BOOST_AUTO_TEST_CASE(factors_and_normalisations) {
    compare<net<input<3>, scale<>, prelu<>>>();
    compare<net<input<3, 2, 4>, scale<relu>, prelu<axis<2>>>>();
    compare<net<input<3, 4>, scale<identity, axis<1>>, prelu<axis<1>>>>();
    compare<net<input<3, 2, 4>, batch_norm<>>>();
    compare<net<input<3, 4>, batch_norm<relu, axis<1>, std::ratio<1, 100>>>>();
    compare<net<input<3, 4>, batch_norm<identity, axis<0>, std::ratio<1, 10>, epsilon<std::ratio<1, 4>>>>>();
    compare<net<input<3, 4>, layer_norm<>>>();
    compare<net<input<3, 4>, layer_norm<sigmoid, epsilon<std::ratio<1, 2>>>>>();
    compare<net<input<6>, layer_norm<identity, epsilon<>, no_affine>>>();
    compare<net<input<6>, layer_norm<relu, epsilon<std::ratio<1, 8>>, no_affine>, dropout<std::ratio<1, 4>>>>();
}

BOOST_AUTO_TEST_CASE(rearrangements) {
    compare<net<input<2, 3, 4>, flatten>>();
    compare<net<input<2, 3, 4>, reshape<4, 6>>>();
    compare<net<input<2, 3, 4>, permute<2, 0, 1>>>();
    compare<net<input<2, 3, 4>, permute<1, 2, 0>>>();
    compare<net<input<5, 3>, permute<1, 0>>>();
    compare<net<input<5, 3>, reverse>>();
    compare<net<input<2, 5, 3>, slice<axis<1>, 1, 3>>>();
    compare<net<input<5, 3>, slice<axis<0>, 4, 1>>>();
    compare<net<input<2, 3, 4>, zero_pad<pad<1>, pad<0, 2>>>>();
    compare<net<input<3, 4>, zero_pad<pad<2, 1>>>>();
    compare<net<input<2, 3, 4>, linear_resize<axis<1>, 7>, linear_resize<axis<2>, 3>>>();
    compare<net<input<2, 3, 4>, linear_resize<axis<0>, 5, align_corners>, linear_resize<axis<1>, 1, align_corners>>>();
    compare<net<input<2, 3, 4>, linear_resize<axis<2>, 9, asymmetric>, linear_resize<axis<0>, 4, half_pixel>>>();
    compare<net<input<2, 3, 4>, reflect_pad<pad<2, 1>, pad<0, 3>>>>();
    compare<net<input<2, 3, 4>, edge_pad<pad<5, 0>, pad<1, 7>>>>();
    compare<net<input<2, 3, 4>, wrap_pad<pad<1, 3>, pad<4, 2>>>>();
    compare<net<input<2, 3, 4>, upsample<2, 3>>>();
    compare<net<input<2, 3>, upsample<4>>>();
    compare<net<input<6, 4>, positional_encoding>>();
    compare<net<input<3, 5>, positional_encoding>>();
    compare<net<input<7>, embedding<5, 3>, dense<2>>>(0, 5);
}

BOOST_AUTO_TEST_CASE(branches) {
    compare<net<input<3>, residual<dense<4, ctnn::tanh>, dense<3>>>>();
    compare<net<input<3>, sum<branch<dense<4>>, branch<dense<4>, activation<relu>>, branch<dense<2>, dense<4>>>>>();
    compare<net<input<3>, ctnn::product<branch<>, branch<dense<3, sigmoid>>, branch<>>>>();
    compare<net<input<2, 3>, concatenate<branch<dense<3>>, branch<>>>>();
    compare<net<input<2, 3>, concatenate<axis<1>, branch<dense<2>>, branch<>, branch<dense<1>>>>>();
    compare<net<input<2, 3, 4>, concatenate<axis<2>, branch<>, branch<slice<axis<2>, 1, 2>>>>>();
    compare<net<input<4, 3>, matmul<branch<dense<5>>, branch<flatten, dense<20>, reshape<5, 4>>>>>();
    compare<net<input<2, 3, 4>, matmul<branch<>, branch<permute<0, 2, 1>>>>>();
    compare<net<input<3>, residual<residual<dense<3, relu>>, concatenate<branch<dense<1>>, branch<dense<2>>>>>>();
}

BOOST_AUTO_TEST_CASE(convolutions) {
    compare<net<input<3, 9>, conv1d<4, window<3>>>>();
    compare<net<input<3, 9>, conv1d<4, window<3>, stride<2>, same, relu>>>();
    compare<net<input<3, 8>, conv1d<4, window<4>, stride<3>, same, no_bias>>>();
    compare<net<input<4, 9>, conv1d<4, window<3>, dilation<2>, causal, groups<2>>>>();
    compare<net<input<4, 9>, conv1d<8, window<2>, stride<2>, causal, groups<4>, ctnn::tanh>>>();
    compare<net<input<2, 9>, conv1d<3, window<3>, padding<pad<2, 1>>, dilation<2>, stride<2>>>>();
    compare<net<input<2, 5, 7>, conv2d<3, window<3>>>>();
    compare<net<input<2, 5, 7>, conv2d<3, window<3, 2>, stride<2, 1>, padding<pad<1>, pad<0, 2>>, gelu>>>();
    compare<net<input<2, 5, 7>, conv2d<4, window<2, 3>, dilation<2, 1>, groups<2>, no_bias>>>();
    compare<net<input<2, 6, 7>, conv2d<2, window<4, 3>, stride<2>, same>>>();
    compare<net<input<2, 5, 7>, conv2d<3, window<1>, softmax>>>();
    compare<net<input<3, 5>, conv1d_transpose<2, window<3>>>>();
    compare<net<input<4, 5>, conv1d_transpose<6, window<4>, stride<3>, padding<pad<1, 2>>, groups<2>, relu>>>();
    compare<net<input<3, 5>, conv1d_transpose<2, window<3>, stride<3>, dilation<2>, output_padding<2>, no_bias>>>();
    compare<net<input<3, 2, 4>, conv2d_transpose<2, window<3, 2>>>>();
    compare<net<input<4, 3, 2>, conv2d_transpose<6, window<2, 3>, stride<2, 1>, padding<pad<1>, pad<0, 2>>, groups<2>,
                                                 output_padding<1, 0>, dilation<1, 2>, no_bias>>>();
}

BOOST_AUTO_TEST_CASE(pools) {
    compare<net<input<2, 9>, max_pool1d<window<2>>>>();
    compare<net<input<2, 9>, max_pool1d<window<2>, ceil_mode>>>();
    compare<net<input<2, 9>, average_pool1d<window<4>, stride<3>, ceil_mode>>>();
    compare<net<input<2, 9>, average_pool1d<window<3>, padding<pad<1>>>>>();
    compare<net<input<2, 9>, average_pool1d<window<3>, padding<pad<1, 2>>, count_include_pad>>>();
    compare<net<input<2, 5, 7>, max_pool2d<window<3, 2>, stride<2, 1>, padding<pad<1>, pad<0, 1>>>>>();
    compare<net<input<2, 5, 7>, max_pool2d<window<2>, same>>>();
    compare<net<input<2, 5, 7>, average_pool2d<window<3>, stride<2>, same>>>();
    compare<net<input<2, 5, 7>, average_pool2d<window<3>, stride<2>, same, count_include_pad>>>();
    compare<net<input<2, 5, 7>, average_pool2d<window<2, 3>, ceil_mode>>>();
    compare<net<input<2, 5, 7>, global_average_pool>>();
    compare<net<input<2, 9>, global_max_pool>>();
}

BOOST_AUTO_TEST_CASE(recurrent_layers) {
    compare<net<input<5, 3>, simple_rnn<4>>>();
    compare<net<input<5, 3>, simple_rnn<4, relu, last_step>>>();
    compare<net<input<5, 3>, simple_rnn<4, every_step, softsign>, lstm<2, truncation<2>>>>();
    compare<net<input<5, 3>, simple_rnn<4, truncation<2>, last_step>>>();
    compare<net<input<5, 3>, gru<4>>>();
    compare<net<input<5, 3>, gru<4, last_step>>>();
    compare<net<input<5, 3>, gru<4, reset_after, every_step>>>();
    compare<net<input<5, 3>, gru<4, reset_before>>>();
    compare<net<input<5, 3>, gru<4, last_step, reset_before>>>();
    compare<net<input<5, 3>, lstm<4>>>();
    compare<net<input<5, 3>, lstm<4, last_step>>>();
    compare<net<input<5, 3>, bidirectional<simple_rnn<4>>>>();
    compare<net<input<5, 3>, bidirectional<gru<4, last_step>>>>();
    compare<net<input<5, 3>, bidirectional<gru<4, reset_before>>>>();
    compare<net<input<5, 3>, bidirectional<lstm<4>>, bidirectional<lstm<2, last_step>>, dense<2>>>();
}

BOOST_AUTO_TEST_CASE(attention) {
    compare<net<input<5, 6>, multi_head_attention<2>>>();
    compare<net<input<5, 6>, multi_head_attention<3, causal_mask>>>();
    compare<net<input<5, 6>, multi_head_attention<1, no_mask>>>();
    compare<net<input<4>, embedding<9, 6>, positional_encoding, residual<layer_norm<>, multi_head_attention<2>>>>(0, 9);
}

// Accepted from models only, not from specs: with padding, the pools of ONNX and of ctnn do not always begin their last
// window at the same position.
BOOST_AUTO_TEST_CASE(what_is_taken_from_models_alone) {
    using pool = net<input<2, 9>, max_pool1d<window<3>, stride<2>, padding<pad<1>>, ceil_mode>>;
    BOOST_TEST(said_by(described<pool>) == "max_pool1d: the importer takes ceil_mode only without padding");
    layer by_hand = of_kind("max_pool1d", {"ctnn::window<3>"});
    by_hand.options = {"ctnn::stride<2>", "ctnn::padding<ctnn::pad<1>>", "ctnn::ceil_mode"};
    by_hand.input = {2, 9};
    by_hand.output = {2, 5};
    compare<pool>({by_hand});

    using means = net<input<2, 6, 7>, average_pool2d<window<3>, stride<2>, padding<pad<1>>, ceil_mode>>;
    by_hand.kind = "average_pool2d";
    by_hand.input = {2, 6, 7};
    by_hand.output = extents_of(means::output_shape{});
    compare<means>({by_hand});
    by_hand.options.push_back("ctnn::count_include_pad");
    compare<net<input<2, 6, 7>, average_pool2d<window<3>, stride<2>, padding<pad<1>>, ceil_mode, count_include_pad>>>(
        {by_hand});
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
    using transposed = net<input<2, 9>, conv1d_transpose<3, window<3>, same>>;
    BOOST_TEST(said_by(described<transposed>) == "conv1d_transpose: the importer takes it only with padding<...>");

    const auto said_of = [](const layer& one, std::vector<double> x = {1, 2, 3, 4}) {
        return said_by([&] { ctnn_import::interpret({one}, x); });
    };
    BOOST_TEST(said_of(of_kind("capsule")) == "layer capsule: the interpreter does not know it");
    BOOST_TEST(said_of(of_kind("dense", {"2"})) == "layer dense: it has no parameter weights");
    BOOST_TEST(said_of(of_kind("flatten"), {1, 2, 3}) == "layer flatten: it is given another number of inputs");
    BOOST_TEST(said_of(of_kind("activation", {"ctnn::mish"})) == "the interpreter does not know the activation mish");
    layer shorter = of_kind("reverse");
    shorter.output = {3};
    BOOST_TEST(said_of(shorter) == "layer reverse: it gives another number of outputs");
    layer table = of_kind("embedding", {"3", "1"});
    table.parameters = {{"weights", {3, 1}, {1, 2, 3}}};
    BOOST_TEST(said_of(table, {0, 1, 2, 3}) == "layer embedding: a symbol is not in its table");
    BOOST_TEST(said_of(table, {0, -1, 2, 1}) == "layer embedding: a symbol is not in its table");
    layer trees = of_kind("decision_trees", {"1", "1", "2"});
    trees.output = {1};
    trees.parameters = {
        {"splits", {2, 4}, {3, 0, 0, 4, 3, 1, 1, 2}}, {"weights", {3, 1}, {5, 6, 7}}, {"bias", {1}, {1}}};
    BOOST_TEST(ctnn_import::interpret({trees}, {1, 2, 3, 4}).back() == std::vector<double>{7});
    for (const auto& [place, number] :
         {std::pair{std::size_t{0}, 64.0}, {0, -1.0}, {0, std::nan("")}, {3, 5.0}, {3, 3.0}, {6, 4.0}, {6, -1.0}}) {
        layer damaged = trees;
        damaged.parameters[0].values[place] = number;
        BOOST_TEST(said_of(damaged) == "layer decision_trees: its tables are not those of trees");
    }
    layer halves = of_kind("sum");
    halves.branches = {{}, {of_kind("slice", {"ctnn::axis<0>", "0", "2"})}};
    halves.branches[1][0].output = {2};
    BOOST_TEST(said_of(halves) == "layer sum: its branches differ in size");
    BOOST_TEST(said_of(of_kind("sum")) == "layer sum: it has no branches");
}
