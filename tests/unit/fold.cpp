// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE fold
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string_view>
#include <type_traits>

namespace {

using namespace ctnn;

/// A network with all parameters filled; variances are positive.
template <class Net>
constexpr Net filled(std::uint64_t seed) {
    Net net{};
    random_engine engine{seed};
    for_each_parameter(net, [&](auto, const char* name, auto& values) {
        const std::string_view path = name;
        const bool variance = path.substr(path.rfind('.') + 1) == "running_variance";
        using T = typename std::remove_reference_t<decltype(values)>::value_type;
        for (T& value : values) value = draw_uniform<T>(engine, variance ? T(0.5) : T(-1), T(1.5));
    });
    return net;
}

/// The folded network is `Expected`, and gives the same outputs as the network, up to rounding.
template <class Net, class Expected>
constexpr bool folds_to() {
    static_assert(std::is_same_v<folded<Net>, Expected>);
    const auto net = filled<Net>(5);
    const auto x = core_support::numbers<typename Net::value_type, typename Net::input_shape>(6);
    const auto whole = net(x), small = fold(net)(x);
    using T = typename Net::value_type;
    T largest{};
    for (const T number : whole) largest = number > largest ? number : -number > largest ? -number : largest;
    for (std::size_t i = 0; i < whole.size(); ++i)
        if (!near(whole[i], small[i], 64 * std::numeric_limits<T>::epsilon() * largest)) return false;
    return true;
}

constexpr bool dense_takes_it_up() {
    return folds_to<
        network<double, input<3>, dense<4>, batch_norm<ctnn::tanh>, dense<2, identity, no_bias>, batch_norm<>>,
        network<double, input<3>, dense<4, ctnn::tanh>, dense<2>>>();
}
constexpr bool two_in_a_row() {
    return folds_to<network<float, input<3>, dense<4>, batch_norm<>, batch_norm<relu>, batch_norm<>>,
                    network<float, input<3>, dense<4, relu>, scale<>>>();
}
constexpr bool convolutions_take_it_up() {
    return folds_to<network<double, input<2, 5, 4>, conv2d<4, window<3>, same, groups<2>, no_bias>, batch_norm<relu>,
                            max_pool2d<window<2>>, batch_norm<>, flatten, dense<2>>,
                    network<double, input<2, 5, 4>, conv2d<4, window<3>, same, groups<2>, relu>, max_pool2d<window<2>>,
                            scale<>, flatten, dense<2>>>() &&
           folds_to<network<float, input<2, 6>, conv1d<3, window<2>, causal>,
                            batch_norm<identity, axis<0>, std::ratio<1, 10>, epsilon<std::ratio<1, 2>>>>,
                    network<float, input<2, 6>, conv1d<3, window<2>, causal>>>();
}
constexpr bool sequences_take_it_up_along_their_features() {
    return folds_to<network<double, input<3, 2>, dense<4>, batch_norm<sigmoid, axis<1>>, dense<3>, batch_norm<>>,
                    network<double, input<3, 2>, dense<4, sigmoid>, dense<3>, scale<>>>();
}
constexpr bool scales_take_it_up() {
    return folds_to<network<double, input<2, 3>, scale<identity, axis<1>>, batch_norm<gelu, axis<1>>>,
                    network<double, input<2, 3>, scale<gelu, axis<1>>>>();
}
constexpr bool branches_are_folded() {
    return folds_to<network<double, input<3>, residual<batch_norm<>, dense<3>, batch_norm<relu>>,
                            concatenate<branch<>, branch<dense<2>, batch_norm<>>>,
                            sum<branch<dense<2>>, branch<batch_norm<>, dense<2>>>,
                            product<branch<dense<2>, batch_norm<sigmoid>>, branch<>>>,
                    network<double, input<3>, residual<scale<>, dense<3, relu>>,
                            concatenate<branch<>, branch<dense<2>>>, sum<branch<dense<2>>, branch<scale<>, dense<2>>>,
                            product<branch<dense<2, sigmoid>>, branch<>>>>() &&
           folds_to<network<double, input<2, 3>, matmul<branch<dense<2>, batch_norm<relu, axis<1>>>, branch<>>>,
                    network<double, input<2, 3>, matmul<branch<dense<2, relu>>, branch<>>>>();
}
constexpr bool dropout_is_left_out() {
    return folds_to<network<double, input<3>, dropout<std::ratio<1, 2>>, dense<4>, dropout<std::ratio<1, 4>>,
                            batch_norm<relu>, residual<dropout<std::ratio<1, 2>>>>,
                    network<double, input<3>, dense<4, relu>, residual<>>>();
}
/// The result of `fit` is a network too.
constexpr bool trained_networks_fold() {
    using net = network<double, input<1>, dense<2>, batch_norm<>, dense<1>>;
    const auto trained = fit<mean_squared_error, 2>(filled<net>(1), tensor<double, shape<2, 1>>{0, 1},
                                                    tensor<double, shape<2, 1>>{1, 2}, sgd{.learning_rate = 0.01});
    static_assert(std::is_same_v<folded<decltype(trained)>, folded<net>>);
    const net plain = trained;
    return fold(trained) == fold(plain);
}
constexpr bool others_stay() {
    using net = network<float, input<4, 2>, bidirectional<gru<2>>, layer_norm<>, flatten, dense<3, softmax>>;
    const auto start = filled<net>(2);
    return std::is_same_v<folded<net>, net> && fold(start) == start;
}

}  // namespace

BOOST_AUTO_TEST_CASE(folded_networks_are_the_same_functions) {
    BOTH_PHASES(dense_takes_it_up);
    BOTH_PHASES(two_in_a_row);
    BOTH_PHASES(convolutions_take_it_up);
    BOTH_PHASES(sequences_take_it_up_along_their_features);
    BOTH_PHASES(scales_take_it_up);
    BOTH_PHASES(branches_are_folded);
    BOTH_PHASES(dropout_is_left_out);
    BOTH_PHASES(trained_networks_fold);
    BOTH_PHASES(others_stay);
}
