// SPDX-License-Identifier: BSL-1.0
/// @file
/// Initialisers: mean, deviation and bounds follow the fans; a seed determines a network, in both phases.
#define BOOST_TEST_MODULE initializers
#include "laws/support.hpp"

#include <algorithm>
#include <memory>
#include <vector>

/// 20,000 weights with unequal fans; on the heap, so that tests need no large stack.
using wide = ctnn::network<double, ctnn::input<200>, ctnn::dense<100>>;
using wide_float = ctnn::network<float, ctnn::input<200>, ctnn::dense<100>>;

/// The distribution of an initialiser for fans of 200 and 100.
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

/// The normal initialisers are normal: 68.27% and 95.45% are within one and two standard deviations.
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

/// The values are bit-identical with every set of flags, because none of their operations is contracted.
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

/// Each layer has its own fans, and biases are 0 by default.
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

/// The largest magnitude.
template <class Tensor>
double largest_of(const Tensor& values) {
    double result = 0;
    for (const double element : values) result = std::max(result, std::abs(element));
    return result;
}

/// Values drawn uniformly within a bound come close to it, and their mean square is a third of the squared bound.
template <class Tensor>
void check_bound(const Tensor& values, double bound) {
    double squares = 0;
    for (const double element : values) squares += element * element;
    BOOST_TEST(largest_of(values) <= bound * (1 + 1e-6));
    BOOST_TEST(largest_of(values) >= bound * 0.99);
    BOOST_TEST(squares / static_cast<double>(values.size()) == bound * bound / 3, boost::test_tools::tolerance(0.1));
}

/// Input weights have the fan of the inputs, recurrent weights that of the hidden state.
BOOST_AUTO_TEST_CASE(fans_of_recurrent_weights) {
    using namespace ctnn;
    const auto check = [](const auto& layer, std::size_t inputs) {
        const double fan = static_cast<double>(inputs);
        check_bound(layer.weights, std::sqrt(6.0 / fan));
        check_bound(layer.recurrent_weights, std::sqrt(6.0 / 64));
        BOOST_TEST(largest_of(layer.bias) == 0);
    };
    const auto of = [](auto* net) {
        using net_type = std::remove_pointer_t<decltype(net)>;
        return std::make_unique<net_type>(initialize<net_type>(he_uniform{}, laws::unknown(11)));
    };
    check(get<0>(*of(static_cast<network<float, input<4, 1>, simple_rnn<64, relu>>*>(nullptr))), 1);
    check(get<0>(*of(static_cast<network<double, input<4, 3>, lstm<64>>*>(nullptr))), 3);
    check(get<0>(*of(static_cast<network<float, input<4, 2>, gru<64>>*>(nullptr))), 2);
    const auto before = of(static_cast<network<double, input<4, 2>, gru<64, reset_before>>*>(nullptr));
    check(get<0>(*before), 2);
    check_bound(get<0>(*before).candidate_weights, std::sqrt(6.0 / 64));
    const auto both = of(static_cast<network<double, input<4, 2>, bidirectional<lstm<64, last_step>>>*>(nullptr));
    check(get<0, 0, 0>(*both), 2);
    check(get<0, 1, 1>(*both), 2);

    // Both fans are those of one gate.
    using narrow = network<double, input<4, 32>, lstm<64>>;
    const auto glorot = std::make_unique<narrow>(initialize<narrow>(glorot_uniform{}, laws::unknown(12)));
    check_bound(get<0>(*glorot).weights, std::sqrt(6.0 / (32 + 64)));
    check_bound(get<0>(*glorot).recurrent_weights, std::sqrt(6.0 / (64 + 64)));
}

/// The fans of the other layers with weights: each output's inputs and each input's outputs.
BOOST_AUTO_TEST_CASE(fans_of_other_layers) {
    using namespace ctnn;
    using attention = network<double, input<4, 48>, multi_head_attention<4>>;
    const auto attending = std::make_unique<attention>(initialize<attention>(glorot_uniform{}, laws::unknown(13)));
    check_bound(get<0>(*attending).weights, std::sqrt(6.0 / (48 + 48)));
    check_bound(get<0>(*attending).output_weights, std::sqrt(6.0 / (48 + 48)));
    using convolution = network<double, input<12, 8, 8>, conv2d<60, window<3, 3>, groups<3>>>;
    const auto convolving = std::make_unique<convolution>(initialize<convolution>(he_uniform{}, laws::unknown(14)));
    check_bound(get<0>(*convolving).weights, std::sqrt(6.0 / (4 * 9)));
    using transposed = network<double, input<12, 8>, conv1d_transpose<20, window<5>>>;
    const auto mirrored = std::make_unique<transposed>(initialize<transposed>(he_uniform{}, laws::unknown(15)));
    check_bound(get<0>(*mirrored).weights, std::sqrt(6.0 / (12 * 5)));
    using words = network<double, input<4>, embedding<50, 40>>;
    const auto embedded = std::make_unique<words>(initialize<words>(glorot_uniform{}, laws::unknown(16)));
    check_bound(get<0>(*embedded).weights, std::sqrt(6.0 / (50 + 40)));
    using slopes = network<double, input<4>, prelu<>>;
    BOOST_TEST(get<0>(initialize<slopes>(he_uniform{}, laws::unknown(17))).weights[3] == 0.25);
}

/// The deviation of the rows of a matrix, or of its columns if they are fewer, from orthonormal times `gain`.
template <class T, std::size_t Rows, std::size_t Columns>
constexpr double from_orthonormal(const T* weights, double gain) {
    constexpr std::size_t count = Rows < Columns ? Rows : Columns, length = Rows < Columns ? Columns : Rows;
    constexpr std::size_t next = Rows < Columns ? Columns : 1, step = Rows < Columns ? 1 : Columns;
    double farthest = 0;
    for (std::size_t a = 0; a < count; ++a)
        for (std::size_t b = 0; b < count; ++b) {
            double product = a == b ? -gain * gain : 0;
            for (std::size_t i = 0; i < length; ++i)
                product += static_cast<double>(weights[a * next + i * step]) *
                           static_cast<double>(weights[b * next + i * step]);
            farthest = product > farthest ? product : -product > farthest ? -product : farthest;
        }
    return farthest;
}

/// The same random matrix, orthonormalised in `long double` with Householder reflections: QR with a positive diagonal
/// of R is unique.
std::vector<double> by_reflections(ctnn::random_engine engine, std::size_t count, std::size_t length) {
    std::vector<std::vector<long double>> columns(count, std::vector<long double>(length)), reflections;
    for (auto& column : columns)
        for (long double& element : column) element = ctnn::draw_normal<double>(engine);
    const auto reflect = [](const std::vector<long double>& by, std::vector<long double>& vector) {
        long double product = 0;
        for (std::size_t i = 0; i < by.size(); ++i) product += by[i] * vector[i];
        for (std::size_t i = 0; i < by.size(); ++i) vector[i] -= 2 * product * by[i];
    };
    std::vector<int> sign(count);
    for (std::size_t k = 0; k < count; ++k) {
        for (const auto& by : reflections) reflect(by, columns[k]);
        std::vector<long double> by(length);
        long double squares = 0, length_of_by = 0;
        for (std::size_t i = k; i < length; ++i) squares += columns[k][i] * columns[k][i], by[i] = columns[k][i];
        sign[k] = by[k] > 0 ? -1 : 1;  // of the diagonal of R: the reflection flips the sign, against cancellation
        by[k] -= static_cast<long double>(sign[k]) * std::sqrt(squares);
        for (const long double element : by) length_of_by += element * element;
        for (long double& element : by) element /= std::sqrt(length_of_by);
        reflections.push_back(by);
    }
    std::vector<double> result;
    for (std::size_t k = 0; k < count; ++k) {
        std::vector<long double> unit(length);
        unit[k] = sign[k];
        for (std::size_t r = count; r-- > 0;) reflect(reflections[r], unit);
        for (const long double element : unit) result.push_back(static_cast<double>(element));
    }
    return result;
}

BOOST_AUTO_TEST_CASE(orthogonal_matrices) {
    const auto check = [](auto rows, auto columns, std::uint64_t seed) {
        constexpr std::size_t across = columns(), down = rows(), size = down * across;
        std::vector<double> widened(size);
        std::vector<float> narrow(size);
        ctnn::random_engine engine{seed}, of_float{seed};
        ctnn::orthogonal{}.fill<down, across>(engine, widened.data());
        ctnn::orthogonal{.gain = 1.5}.fill<down, across>(of_float, narrow.data());
        BOOST_TEST((engine == of_float));
        BOOST_TEST((from_orthonormal<double, down, across>(widened.data(), 1)) < 1e-14);
        BOOST_TEST((from_orthonormal<float, down, across>(narrow.data(), 1.5)) < 2e-6);
        constexpr bool by_rows = down <= across;
        const auto wanted = by_reflections({seed}, by_rows ? down : across, by_rows ? across : down);
        double farthest = 0, farthest_float = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const double here = wanted[by_rows ? i : i % across * down + i / across];
            farthest = std::max(farthest, std::abs(widened[i] - here));
            farthest_float = std::max(farthest_float, std::abs(static_cast<double>(narrow[i]) - 1.5 * here));
        }
        BOOST_TEST(farthest < 1e-11);
        BOOST_TEST(farthest_float < 1e-3);
    };
    using boost::hana::size_c;
    check(size_c<1>, size_c<1>, laws::unknown(1));
    check(size_c<8>, size_c<8>, laws::unknown(2));
    check(size_c<64>, size_c<64>, laws::unknown(3));
    check(size_c<16>, size_c<64>, laws::unknown(4));
    check(size_c<75>, size_c<20>, laws::unknown(5));
}

/// For the recurrent weights only, or for all weights; biases are unaffected.
BOOST_AUTO_TEST_CASE(orthogonal_networks) {
    using namespace ctnn;
    using net = network<float, input<4, 2>, lstm<8>, gru<6, reset_before>, dense<3>>;
    constexpr auto make = [](std::uint64_t seed) {
        return initialize<net>(glorot_uniform{}, seed, constant{0.5}, orthogonal{.gain = 2});
    };
    constexpr net some = make(21);
    BOOST_TEST((make(laws::unknown(21)) == some));
    static_assert(from_orthonormal<float, 8, 32>(get<0>(some).recurrent_weights.values, 2) < 1e-5);
    static_assert(from_orthonormal<float, 6, 12>(get<1>(some).recurrent_weights.values, 2) < 1e-5);
    static_assert(from_orthonormal<float, 6, 6>(get<1>(some).candidate_weights.values, 2) < 1e-5);
    static_assert(get<0>(some).bias[3] == 0.5f && get<2>(some).bias[1] == 0.5f);
    BOOST_TEST(largest_of(get<0>(some).weights) <= std::sqrt(6.0 / (2 + 8)));
    // Weights drawn before them are the same as without them.
    BOOST_TEST((get<0>(some).weights == get<0>(initialize<net>(glorot_uniform{}, 21)).weights));

    using plain = network<double, input<5>, dense<3>>;
    constexpr plain all = initialize<plain>(orthogonal{}, 22);
    BOOST_TEST((initialize<plain>(orthogonal{}, laws::unknown(22)) == all));
    static_assert(from_orthonormal<double, 5, 3>(get<0>(all).weights.values, 1) < 1e-14);
    constexpr auto one = initialize<neuron<4>>(orthogonal{}, 23);
    static_assert(from_orthonormal<double, 1, 4>(one.weights.values, 1) < 1e-14 && one.bias == 0);
    BOOST_TEST((initialize<neuron<4>>(orthogonal{}, laws::unknown(23)) == one));
}
