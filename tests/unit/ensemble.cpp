// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE ensemble
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/io/safetensors.hpp>
#include <ctnn/quantize.hpp>
#include <ctnn/verify.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <type_traits>

namespace {

using namespace ctnn;
using core_support::numbers;
using test_support::opaque;

template <class Net, std::size_t Count>
constexpr auto members = [] {
    std::array<Net, Count> result{};
    for (std::size_t i = 0; i < Count; ++i) result[i] = initialize<Net>(he_uniform{}, i + 1);
    return result;
}();

using classifier = network<double, input<3>, dense<5, ctnn::tanh>, dense<4, softmax>>;
using decider = network<double, input<3>, dense<4, relu>, dense<1, sigmoid>>;
using filter = network<double, input<1, 4, 4>, conv2d<2, window<3>, relu, same>>;

constexpr auto committee = make_ensemble(members<classifier, 5>);
static_assert(std::is_same_v<decltype(committee), const ensemble<classifier, 5>>);
static_assert(std::is_same_v<ensemble<classifier, 5>::output_shape, classifier::output_shape>);
static_assert(ensemble<classifier, 5>::parameter_count == 5 * classifier::parameter_count);
static_assert(ensemble<classifier, 5>::multiply_accumulates == 5 * classifier::multiply_accumulates);
static_assert(std::is_same_v<ensemble<filter, 3>::output_shape, filter::output_shape>);

/// Outputs are the sums of those of the members, in their order, divided by how many there are.
template <class Net, std::size_t Count, class Ensemble>
constexpr bool averages(const Ensemble& whole, const std::array<Net, Count>& parts) {
    const auto x = numbers<double, typename Net::input_shape>(3);
    typename Net::output_type sum{};
    for (const Net& part : parts) {
        const auto y = part(x);
        for (std::size_t i = 0; i < y.size(); ++i) sum[i] += y[i];
    }
    const auto mean = whole(x);
    for (std::size_t i = 0; i < sum.size(); ++i)
        if (mean[i] != sum[i] / static_cast<double>(Count)) return false;
    return true;
}

template <class Net, std::size_t Count>
void check_means() {
    static_assert(averages(make_ensemble(members<Net, Count>), members<Net, Count>));
    BOOST_TEST(averages(make_ensemble(opaque(members<Net, Count>)), members<Net, Count>));
}

constexpr auto x = numbers<double, shape<12, 3>>(2);
constexpr tensor<int, shape<12>> bits{0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1};

}  // namespace

BOOST_AUTO_TEST_CASE(outputs_are_means) {
    check_means<classifier, 1>();
    check_means<classifier, 5>();
    check_means<decider, 3>();
    check_means<filter, 4>();
}

BOOST_AUTO_TEST_CASE(from_arrays_and_results_of_fit) {
    constexpr decider two[2]{members<decider, 2>[0], members<decider, 2>[1]};
    static_assert(make_ensemble(two) == make_ensemble(members<decider, 2>));
    constexpr auto trained = fit<binary_cross_entropy>(two[0], x, bits, sgd{}, {.epochs = 2});
    constexpr auto both = make_ensemble(std::array{trained, trained});
    static_assert(std::is_same_v<decltype(both), const ensemble<decider, 2>>);
    static_assert(both({1, 2, 3}) == trained({1, 2, 3}));
}

// A mean of probabilities is one, so that one output decides between two classes.
BOOST_AUTO_TEST_CASE(classes_of_means) {
    constexpr auto deciders = make_ensemble(members<decider, 3>);
    std::size_t right = 0;
    for (std::size_t i = 0; i < 12; ++i) {
        double mean = 0;
        for (const decider& member : members<decider, 3>) mean += member({x[3 * i], x[3 * i + 1], x[3 * i + 2]})[0] / 3;
        right += (mean >= 0.5) == (bits[i] == 1);
    }
    static_assert(accuracy(deciders, x, bits) > 0);
    BOOST_TEST(accuracy(opaque(deciders), x, bits) == static_cast<double>(right) / 12);
    BOOST_TEST(predict(committee, {1, 2, 3}) < 4u);
    static_assert(accuracy(deciders, x, bits) == accuracy(make_ensemble(members<decider, 3>), x, bits));
}

// What a network can be, an ensemble can be.
BOOST_AUTO_TEST_CASE(is_a_network) {
    // Trained further: with rate 0 nothing changes, otherwise the loss falls.
    constexpr auto deciders = make_ensemble(members<decider, 3>);
    constexpr auto tuned = fit<mean_squared_error>(deciders, x, bits, adam{.learning_rate = 0.01}, {.epochs = 2});
    static_assert(evaluate<mean_squared_error>(tuned, x, bits) < evaluate<mean_squared_error>(deciders, x, bits));

    // Proved: the mean of probabilities is one.
    constexpr box<double, shape<3>> unit{.lower = {0, 0, 0}, .upper = {1, 1, 1}};
    static_assert(proves(deciders, unit, output<0> <= 1.001 && output < 0 >> -0.001));

    // Quantised, with more members than a sum of integers has terms: near the means of float.
    constexpr auto in_float = convert<float>(committee);
    constexpr auto samples = numbers<float, shape<40, 3>>(5);
    constexpr auto integers = quantize<rounding::twice>(in_float, calibrate(in_float, samples));
    float largest = 0;
    for (std::size_t i = 0; i < 40; ++i) {
        const tensor<float, shape<3>> sample{samples[3 * i], samples[3 * i + 1], samples[3 * i + 2]};
        const auto by_integers = opaque(integers)(sample), by_float = in_float(sample);
        for (std::size_t k = 0; k < 4; ++k) largest = std::max(largest, std::abs(by_integers[k] - by_float[k]));
    }
    BOOST_TEST(largest > 0);
    BOOST_TEST(largest < 0.02f);

    // In files, with the names of the branches.
    io::save_safetensors(committee, "ensemble.safetensors");
    ensemble<classifier, 5> loaded{};
    io::load_safetensors(loaded, "ensemble.safetensors");
    BOOST_TEST((loaded == committee));
}
