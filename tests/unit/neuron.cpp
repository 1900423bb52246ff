// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE neuron
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cmath>
#include <cstddef>

namespace {

using core_support::numbers;
using core_support::opaque;
using core_support::same;

constexpr ctnn::neuron<2> known{.weights = {0, 1}, .bias = 4};

constexpr bool known_value() {
    return ctnn::near(known({2, 3}), 0.9990889488055994, 1e-15) &&
           known({2, 3}) == known(ctnn::tensor<double, ctnn::shape<2>>{2, 3});
}

constexpr bool activations() {
    const ctnn::neuron<3, ctnn::identity> linear{.weights = {1, 2, 3}, .bias = 0.5};
    const ctnn::neuron<3, ctnn::relu, float> rectified{.weights = {1, 2, 3}, .bias = -20};
    return linear({1, 10, 100}) == 321.5 && rectified({1, 2, 3}) == 0 && rectified({10, 2, 3}) == 3;
}

constexpr bool equality() {
    ctnn::neuron<2> other = known;
    const bool before = other == known;
    other.bias = 5;
    const bool bias_counts = !(other == known);
    other = known;
    other.weights[1] = 2;
    return before && bias_counts && !(other == known);
}

/// A neuron equals a dense layer of one output, to the bit.
template <std::size_t Inputs, class T>
void check_against_dense() {
    using net_type = ctnn::network<T, ctnn::input<Inputs>, ctnn::dense<1, ctnn::tanh>>;
    const net_type net = ctnn::initialize<net_type>(ctnn::normal{}, 3, ctnn::constant{0.25});
    ctnn::neuron<Inputs, ctnn::tanh, T> one{};
    for (std::size_t i = 0; i < Inputs; ++i) one.weights[i] = ctnn::get<0>(net).weights[i];
    one.bias = ctnn::get<0>(net).bias[0];
    const auto x = numbers<T, ctnn::shape<Inputs>>(4);
    BOOST_TEST(same(opaque(one)(x), opaque(net)(x)[0]));
}

}  // namespace

BOOST_AUTO_TEST_CASE(both_phases) {
    BOTH_PHASES(known_value);
    BOTH_PHASES(activations);
    BOTH_PHASES(equality);
    BOOST_TEST(same(opaque(known)(opaque(ctnn::tensor<double, ctnn::shape<2>>{2, 3})), known({2, 3})));
}

BOOST_AUTO_TEST_CASE(is_a_layer_of_one) {
    check_against_dense<1, float>();
    check_against_dense<2, double>();
    check_against_dense<30, double>();
    check_against_dense<64, float>();
    check_against_dense<65, float>();
    check_against_dense<200, double>();
}

BOOST_AUTO_TEST_CASE(drawn_neurons) {
    constexpr auto constant = ctnn::initialize<ctnn::neuron<5>>(ctnn::normal{}, 9, ctnn::normal{});
    const auto computed = ctnn::initialize<ctnn::neuron<5>>(ctnn::normal{}, opaque(std::uint64_t{9}), ctnn::normal{});
    BOOST_TEST((constant == computed));
    BOOST_TEST(constant.bias != 0);
    BOOST_TEST((computed != ctnn::initialize<ctnn::neuron<5>>(ctnn::normal{}, 10, ctnn::normal{})));
}
