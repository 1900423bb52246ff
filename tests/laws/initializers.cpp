// SPDX-License-Identifier: BSL-1.0
/// @file
/// Initialisers: mean, deviation and bounds follow the fans; a seed is a network, in both phases.
#define BOOST_TEST_MODULE initializers
#include "laws/support.hpp"

#include <memory>

/// 20,000 weights with unequal fans; on the heap, as tests are not to need a large stack.
using wide = ctnn::network<double, ctnn::input<200>, ctnn::dense<100>>;
using wide_float = ctnn::network<float, ctnn::input<200>, ctnn::dense<100>>;

/// What is known of an initialiser's distribution for fans of 200 and 100.
struct distribution {
    double mean, deviation;
    double bound = std::numeric_limits<double>::infinity();
};

template <class Net, class Initializer>
void check(const Initializer& initializer, distribution wanted) {
    constexpr double count = 20'000;
    const auto net = std::make_unique<Net>(ctnn::initialize<Net>(initializer, laws::unknown(1), ctnn::constant{0.25}));
    double sum = 0, squares = 0, fourths = 0, largest = 0;
    for (const double weight : ctnn::get<0>(*net).weights) {
        const double deviation = weight - wanted.mean;
        sum += deviation;
        squares += deviation * deviation;
        fourths += deviation * deviation * deviation * deviation;
        largest = std::max(largest, std::abs(deviation));
    }
    const double variance = wanted.deviation * wanted.deviation;
    // Five standard errors; that of a variance follows from the fourth moment.
    const double error_of_variance = std::sqrt(std::max(0.0, fourths / count - variance * variance) / count);
    BOOST_TEST(std::abs(sum / count) <= 5 * wanted.deviation / std::sqrt(count));
    BOOST_TEST(std::abs(squares / count - variance) <= 5 * error_of_variance + 1e-12 * variance);
    BOOST_TEST(largest <= wanted.bound * (1 + 1e-6));
    if (std::isfinite(wanted.bound)) BOOST_TEST(largest >= wanted.bound * 0.999);
    for (const double bias : ctnn::get<0>(*net).bias) BOOST_TEST(bias == 0.25);
}

template <class Initializer>
void check(const Initializer& initializer, distribution wanted) {
    check<wide>(initializer, wanted);
    check<wide_float>(initializer, wanted);
}

BOOST_AUTO_TEST_CASE(distributions) {
    const double root_of_3 = std::sqrt(3.0);
    check(ctnn::zeros{}, {0, 0, 0});
    check(ctnn::constant{0.5}, {0.5, 0, 0});
    check(ctnn::uniform{}, {0, 1 / root_of_3, 1});
    check(ctnn::uniform{.low = 2, .high = 6}, {4, 2 / root_of_3, 2});
    check(ctnn::normal{}, {0, 1});
    check(ctnn::normal{.mean = -1, .deviation = 0.25}, {-1, 0.25});
    check(ctnn::glorot_uniform{}, {0, std::sqrt(2.0 / 300), std::sqrt(6.0 / 300)});
    check(ctnn::glorot_normal{}, {0, std::sqrt(2.0 / 300)});
    check(ctnn::he_uniform{}, {0, std::sqrt(2.0 / 200), std::sqrt(6.0 / 200)});
    check(ctnn::he_normal{}, {0, std::sqrt(2.0 / 200)});
}

/// The normal ones are normal: 68.27 and 95.45 of 100 within one and two deviations.
BOOST_AUTO_TEST_CASE(normal_shape) {
    const auto net = std::make_unique<wide>(ctnn::initialize<wide>(ctnn::he_normal{}, laws::unknown(3)));
    int within_one = 0, within_two = 0;
    for (const double weight : ctnn::get<0>(*net).weights) {
        within_one += std::abs(weight) < std::sqrt(2.0 / 200);
        within_two += std::abs(weight) < 2 * std::sqrt(2.0 / 200);
    }
    BOOST_TEST(std::abs(within_one / 20'000.0 - 0.6827) < 5 * std::sqrt(0.6827 * 0.3173 / 20'000));
    BOOST_TEST(std::abs(within_two / 20'000.0 - 0.9545) < 5 * std::sqrt(0.9545 * 0.0455 / 20'000));
}

template <class Net, class Initializer>
constexpr Net drawn(std::uint64_t seed) {
    return ctnn::initialize<Net>(Initializer{}, seed, Initializer{});
}

/// The numbers are the same to the bit with every set of flags: no operation of theirs is fused.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_seed_is_a_network, Initializer, laws::initializers) {
    using small = ctnn::network<double, ctnn::input<3>, ctnn::dense<4>, ctnn::dense<2, ctnn::tanh, ctnn::no_bias>>;
    using small_float = ctnn::network<float, ctnn::input<3>, ctnn::dense<4>, ctnn::dense<2, ctnn::tanh, ctnn::no_bias>>;
    constexpr auto in_double = drawn<small, Initializer>(7);
    constexpr auto in_float = drawn<small_float, Initializer>(7);
    BOOST_TEST((drawn<small, Initializer>(laws::unknown(7)) == in_double));
    BOOST_TEST((drawn<small_float, Initializer>(laws::unknown(7)) == in_float));

    constexpr bool random = !std::is_same_v<Initializer, ctnn::zeros> && !std::is_same_v<Initializer, ctnn::constant>;
    BOOST_TEST((drawn<small, Initializer>(laws::unknown(8)) == in_double) == !random);
}

/// Each layer has its own fans, and biases start at 0 unless told otherwise.
BOOST_AUTO_TEST_CASE(fans_of_each_layer) {
    using net = ctnn::network<double, ctnn::input<2>, ctnn::dense<600>, ctnn::dense<4>>;
    const auto some = std::make_unique<net>(ctnn::initialize<net>(ctnn::he_uniform{}, laws::unknown(5)));
    const auto largest = [](const auto& values) {
        double result = 0;
        for (const double element : values) result = std::max(result, std::abs(element));
        return result;
    };
    BOOST_TEST(largest(ctnn::get<0>(*some).weights) == std::sqrt(6.0 / 2), boost::test_tools::tolerance(0.01));
    BOOST_TEST(largest(ctnn::get<1>(*some).weights) == std::sqrt(6.0 / 600), boost::test_tools::tolerance(0.01));
    BOOST_TEST(largest(ctnn::get<0>(*some).bias) == 0);
    BOOST_TEST(largest(ctnn::get<1>(*some).bias) == 0);
}
