// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE network
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using core_support::numbers;
using core_support::opaque;
using core_support::same;

// The network of the introductions: every neuron has w = [0, 1], b = 0 and a sigmoid; the input is [2, 3].
using three_neurons =
    ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::sigmoid>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr ctnn::neuron<2> neuron{.weights = {0, 1}, .bias = 0};
constexpr three_neurons layered = [] {
    three_neurons net{};
    ctnn::get<0>(net).weights = {0, 0, 1, 1};
    ctnn::get<1>(net).weights = {0, 1};
    return net;
}();

constexpr double by_neurons(const ctnn::neuron<2>& n, const ctnn::tensor<double, ctnn::shape<2>>& x) {
    return n({n(x), n(x)});
}

constexpr bool introduction() {
    const double expected = 0.7216325609518421;
    return ctnn::near(by_neurons(neuron, {2, 3}), expected, 1e-15) && ctnn::near(layered({2, 3})[0], expected, 1e-15) &&
           by_neurons(neuron, {2, 3}) == layered({2, 3})[0];
}

// 2-2-1 without activations, by hand: hidden = [1*1 + 2*3 + 10, 1*2 + 2*4 + 20] = [17, 30], out = 17*5 + 30*6 + 7.
using linear = ctnn::network<double, ctnn::input<2>, ctnn::dense<2>, ctnn::dense<1>>;
constexpr linear by_hand = [] {
    linear net{};
    ctnn::get<0>(net).weights = {1, 2, 3, 4};
    ctnn::get<0>(net).bias = {10, 20};
    ctnn::get<1>(net).weights = {5, 6};
    ctnn::get<1>(net).bias = {7};
    return net;
}();

constexpr bool weights_are_inputs_by_outputs() {
    return by_hand({1, 2})[0] == 272 && ctnn::get<0>(by_hand).weights(0, 1) == 2;
}

constexpr bool no_bias_is_a_bias_of_zero() {
    using bare = ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::identity, ctnn::no_bias>>;
    bare net{};
    ctnn::get<0>(net).weights = {1, 2, 3, 4};
    return net({1, 2}) == ctnn::tensor<double, ctnn::shape<2>>{7, 10};
}

constexpr bool zeros_by_value_initialisation() {
    return linear{}({3, 4})[0] == 0 && linear{} == linear{} && ctnn::get<1>(linear{}).bias[0] == 0;
}

constexpr bool one_parameter_makes_a_difference() {
    for (std::size_t which = 0; which < linear::parameter_count; ++which) {
        linear other = by_hand;
        std::size_t at = 0;
        ctnn::for_each_tensor(
            [&](auto& parameter) {
                for (double& element : parameter)
                    if (at++ == which) element += 1;
            },
            other);
        if (other == by_hand || at != linear::parameter_count) return false;
    }
    return true;
}

constexpr bool a_batch_of_one_is_a_sample() {
    const ctnn::tensor<double, ctnn::shape<1, 2>> x{1, 2};
    return by_hand(x)[0] == 272;
}

constexpr bool predicts() {
    using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<3>>;
    net_type net{};
    ctnn::get<0>(net).weights = {1, 0, 0, 0, 1, 2};
    return ctnn::predict(net, {1, 0}) == 0 && ctnn::predict(net, {0, 1}) == 2 && ctnn::predict(net, {0, 0}) == 0;
}

template <class Net, std::size_t Batch>
void check_batches(std::uint64_t seed) {
    using T = typename Net::value_type;
    const Net net = ctnn::initialize<Net>(ctnn::glorot_normal{}, seed);
    const auto x = numbers<T, ctnn::batch_of<Batch, typename Net::input_shape>>(seed + 1);
    const auto y = net(x);
    for (std::size_t row = 0; row < Batch; ++row) {
        ctnn::tensor<T, typename Net::input_shape> sample;
        for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = x[row * sample.size() + i];
        const auto single = net(sample);
        for (std::size_t i = 0; i < single.size(); ++i) BOOST_TEST(same(single[i], y[row * single.size() + i]));
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(known_values) {
    BOTH_PHASES(introduction);
    BOTH_PHASES(weights_are_inputs_by_outputs);
    BOTH_PHASES(no_bias_is_a_bias_of_zero);
    BOTH_PHASES(zeros_by_value_initialisation);
    BOTH_PHASES(one_parameter_makes_a_difference);
    BOTH_PHASES(a_batch_of_one_is_a_sample);
    BOTH_PHASES(predicts);
    // The same with arguments that are not constants.
    const ctnn::tensor<double, ctnn::shape<2>> x = opaque(ctnn::tensor<double, ctnn::shape<2>>{2, 3});
    BOOST_TEST(same(opaque(layered)(x)[0], layered({2, 3})[0]));
    BOOST_TEST(same(by_neurons(opaque(neuron), x), opaque(layered)(x)[0]));
}

BOOST_AUTO_TEST_CASE(a_batch_is_its_samples) {
    using small = ctnn::network<double, ctnn::input<2>, ctnn::dense<3, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
    using medium =
        ctnn::network<float, ctnn::input<19>, ctnn::dense<33, ctnn::gelu>, ctnn::dense<7, ctnn::log_softmax>>;
    check_batches<small, 1>(1);
    check_batches<small, 5>(2);
    check_batches<medium, 3>(3);
    check_batches<medium, 18>(4);
}

// More layers than one function has (ctnn/chain/blocks.hpp): 33 is a block of one at the end.
template <class Indices>
struct layers_alike;
template <std::size_t... Index>
struct layers_alike<std::index_sequence<Index...>> {
    template <std::size_t>
    using layer = ctnn::dense<2, ctnn::tanh>;
    using net = ctnn::network<double, ctnn::input<2>, layer<Index>...>;
};
template <std::size_t Layers>
using deep = typename layers_alike<std::make_index_sequence<Layers>>::net;

// A network and its two parts, by whose derivatives it is trained too: those of the parameters and of the inputs.
template <std::size_t First, std::size_t Second>
constexpr bool is_its_parts() {
    using whole_type = deep<First + Second>;
    const auto whole = ctnn::initialize<whole_type>(ctnn::glorot_uniform{}, 3);
    deep<First> first{};
    deep<Second> second{};
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        ((ctnn::get<Index>(first) = ctnn::get<Index>(whole)), ...);
    }
    (std::make_index_sequence<First>{});
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        ((ctnn::get<Index>(second) = ctnn::get<First + Index>(whole)), ...);
    }
    (std::make_index_sequence<Second>{});
    const ctnn::tensor<double, ctnn::shape<2>> x{0.5, -0.25};
    bool same = whole(x) == second(first(x));

    // The chains alone: forward and backward, with the gradient of the inputs.
    using chain = typename whole_type::chain_type;
    using first_chain = typename deep<First>::chain_type;
    using second_chain = typename deep<Second>::chain_type;
    const auto run = [&]<class Chain>(std::type_identity<Chain>, const auto& layers, const double* from, double* to,
                                      const double* dy, double* dx, auto& gradient) {
        constexpr auto& plan = Chain::template plan<1, true>;
        double kept[plan.kept_size]{}, scratch[plan.scratch_size]{};
        ctnn::training_context context{};
        Chain::template forward_training<1>(layers, from, kept, context);
        for (int i = 0; i < 2; ++i) to[i] = kept[Chain::template output<1> + static_cast<std::size_t>(i)];
        for (int i = 0; i < 2; ++i) scratch[plan.dy[Chain::count - 1] + static_cast<std::size_t>(i)] = dy[i];
        Chain::template backward<1, true>(layers, from, dx, kept, scratch, gradient);
    };
    const double dy[]{1, -0.5};
    double y[2], dx[2], between[2], parts_y[2], between_dx[2], parts_dx[2], unused[2];
    whole_type gradient{};
    deep<First> first_gradient{};
    deep<Second> second_gradient{};
    run(std::type_identity<chain>{}, whole.layers, x.values, y, dy, dx, gradient.layers);
    run(std::type_identity<first_chain>{}, first.layers, x.values, between, dy, unused, first_gradient.layers);
    run(std::type_identity<second_chain>{}, second.layers, between, parts_y, dy, between_dx, second_gradient.layers);
    run(std::type_identity<first_chain>{}, first.layers, x.values, between, between_dx, parts_dx,
        first_gradient.layers);
    for (int i = 0; i < 2; ++i) same = same && y[i] == parts_y[i] && dx[i] == parts_dx[i] && dx[i] != 0;
    return same && ctnn::get<0>(gradient) == ctnn::get<0>(first_gradient) &&
           ctnn::get<First + Second - 1>(gradient) == ctnn::get<Second - 1>(second_gradient) &&
           ctnn::get<First>(gradient) == ctnn::get<0>(second_gradient);
}
static_assert(is_its_parts<20, 13>());

BOOST_AUTO_TEST_CASE(deep_networks_are_their_parts) {
    BOOST_TEST((is_its_parts<20, 13>()));
    BOOST_TEST((is_its_parts<20, 30>()));
}

BOOST_AUTO_TEST_CASE(parameters_by_name) {
    using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<3>, ctnn::dense<1, ctnn::tanh, ctnn::no_bias>>;
    net_type net{};
    std::string seen;
    ctnn::for_each_parameter(net, [&](auto index, const char* name, auto& parameter) {
        seen += std::to_string(decltype(index)::value) + "." + name + "[" + std::to_string(parameter.size()) + "] ";
        parameter[0] = 1;
    });
    BOOST_TEST(seen == "0.weights[6] 0.bias[3] 1.weights[3] ");
    BOOST_TEST(ctnn::get<0>(net).bias[0] == 1);
    BOOST_TEST(ctnn::get<1>(net).weights[0] == 1);
}

BOOST_AUTO_TEST_CASE(one_const_network_from_four_threads) {
    using net_type = ctnn::network<float, ctnn::input<20>, ctnn::dense<40, ctnn::tanh>, ctnn::dense<10, ctnn::softmax>>;
    static const net_type net = ctnn::initialize<net_type>(ctnn::he_uniform{}, 5);
    using result = std::vector<ctnn::tensor<float, ctnn::shape<10>>>;
    const auto evaluate_all = [](result& to) {
        for (std::uint64_t seed = 0; seed < 200; ++seed) to.push_back(net(numbers<float, ctnn::shape<20>>(seed)));
    };
    result alone, together[4];
    evaluate_all(alone);
    std::vector<std::thread> threads;
    for (result& to : together) threads.emplace_back(evaluate_all, std::ref(to));
    for (std::thread& thread : threads) thread.join();
    for (const result& from : together) BOOST_TEST((from == alone));
}
