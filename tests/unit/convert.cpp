// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE convert
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace {

using namespace ctnn;

template <class T>
using nested = network<T, input<4, 2>, gru<3>, residual<dense<3, ctnn::tanh>, residual<scale<>>>,
                       concatenate<axis<1>, branch<>, branch<layer_norm<>, activation<relu>, lstm<2>>>, flatten,
                       dense<4, identity, no_bias>, batch_norm<>, dense<1>>;

/// Every parameter is that of the original, rounded; converting the result back and forth does not change it.
template <class From, class To, class Target>
constexpr bool converted(std::uint64_t seed) {
    const auto net = initialize<nested<From>>(normal{}, seed, uniform{});
    const Target other = convert<To>(net);
    double sum = 0, sum_of_other = 0;
    std::size_t count = 0;
    for_each_parameter(net, [&](auto, const char*, const auto& values) {
        for (const From value : values) sum += static_cast<double>(static_cast<To>(value)) * static_cast<double>(++count % 7);
    });
    count = 0;
    for_each_parameter(other, [&](auto, const char*, const auto& values) {
        for (const To value : values) sum_of_other += static_cast<double>(value) * static_cast<double>(++count % 7);
    });
    return count == nested<From>::parameter_count && sum == sum_of_other && convert<To>(convert<From>(other)) == other;
}
constexpr bool to_double() {
    return converted<float, double, nested<double>>(3);
}
constexpr bool to_float() {
    return converted<double, float, nested<float>>(4);
}
/// The running statistics are converted too: variances are initially 1.
static_assert(get<5>(convert<double>(initialize<nested<float>>(zeros{}, 1))).running_variance[2] == 1);

using pair_net = network<double, input<2>, dense<3, ctnn::tanh>, dense<2>>;
constexpr bool arrays_and_spans() {
    const auto net = initialize<pair_net>(uniform{}, 5);
    const double numbers[]{0.25, -0.5};
    double changeable[]{0.25, -0.5};
    const auto wanted = net({0.25, -0.5});
    return net(std::array{0.25, -0.5}) == wanted && net(std::span<const double, 2>{numbers}) == wanted &&
           net(std::span<double, 2>{changeable}) == wanted;
}
/// A sample of several dimensions is passed as its elements, as with a list.
constexpr bool flat_images() {
    const auto net = initialize<network<float, input<2, 2>, dense<1>>>(uniform{}, 6);
    return net(std::array<float, 4>{1, 2, 3, 4}) == net(tensor<float, shape<2, 2>>{1, 2, 3, 4});
}

template <class Net, class Numbers>
concept takes = requires(const Net& net, const Numbers& numbers) {
    net(numbers);
};
static_assert(!takes<pair_net, std::array<float, 2>> && !takes<pair_net, int>);

}  // namespace

BOOST_AUTO_TEST_CASE(networks_of_another_type) {
    BOTH_PHASES(to_double);
    BOTH_PHASES(to_float);
    BOOST_TEST((converted<double, float, nested<float>>(core_support::opaque(std::uint64_t{9}))));
}

BOOST_AUTO_TEST_CASE(inputs_of_the_standard_library) {
    BOTH_PHASES(arrays_and_spans);
    BOTH_PHASES(flat_images);
}
