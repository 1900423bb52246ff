// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_rules
#include <boost/test/unit_test.hpp>

#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <type_traits>

namespace {

using namespace ctnn;
using test_support::opaque;

// --- Sums of two branches, against the steps as they are published, one after the other.

/// The product with a factor below 1, as gemmlowp writes it.
std::int32_t scaled(std::int32_t x, rounding::fixed_point by) {
    const std::int64_t product = std::int64_t{x} * by.multiplier;
    const std::int64_t nudge = product >= 0 ? std::int64_t{1} << 30 : 1 - (std::int64_t{1} << 30);
    const auto high = static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
    const int exponent = -by.exponent;
    const auto mask = static_cast<std::int32_t>((std::int64_t{1} << exponent) - 1);
    const std::int32_t rest = high & mask, threshold = (mask >> 1) + (high < 0 ? 1 : 0);
    return (high >> exponent) + (rest > threshold ? 1 : 0);
}
std::int32_t clamped(std::int32_t q) {
    return std::clamp(q, -128, 127);
}

struct sum_of_two {
    quantization a, b, y;

    std::int32_t twice(std::int32_t p, std::int32_t q) const {
        const double most = 2 * double(std::max(a.scale, b.scale));
        const auto part = [&](std::int32_t x, quantization of) {
            return scaled((x - of.zero_point) * (1 << 20), rounding::fixed_point::from(double(of.scale) / most));
        };
        const std::int32_t sum = part(p, a) + part(q, b);
        return clamped(scaled(sum, rounding::fixed_point::from(most / (double(1 << 20) * double(y.scale)))) +
                       y.zero_point);
    }
    std::int32_t half_even(std::int32_t p, std::int32_t q) const {
        const float of_a = a.scale / y.scale, of_b = b.scale / y.scale;
        const int shift = 20 - std::ilogb(std::max(of_a, of_b));
        const auto factor = [&](float ratio) { return std::llrint(std::ldexp(double(ratio), shift)); };
        const std::int64_t sum = factor(of_a) * (p - a.zero_point) + factor(of_b) * (q - b.zero_point);
        const double exact = std::floor(std::ldexp(double(sum) + std::ldexp(1.0, shift - 1), -shift));
        return clamped(static_cast<std::int32_t>(exact) + y.zero_point);
    }
};

template <class Rounding>
std::size_t differences_of_sums(const sum_of_two& of) {
    typename Rounding::template sum_rule<2> rule{};
    const quantization terms[]{of.a, of.b};
    rule.set(terms, of.y);
    std::size_t differences = 0;
    for (int p = -128; p < 128; ++p)
        for (int q = -128; q < 128; ++q) {
            const std::int8_t x[]{static_cast<std::int8_t>(p), static_cast<std::int8_t>(q)};
            if (rule(x) != (std::is_same_v<Rounding, rounding::twice> ? of.twice(p, q) : of.half_even(p, q)))
                ++differences;
        }
    return differences;
}

BOOST_AUTO_TEST_CASE(sums_of_all_pairs) {
    for (const sum_of_two& one :
         {sum_of_two{{0.5f, 3}, {0.5f, -7}, {1, 1}}, sum_of_two{{0.5f, 0}, {0.003f, 9}, {0.55f, -128}},
          sum_of_two{{0.0393f, -128}, {0.1042f, 4}, {0.0509f, -128}},
          sum_of_two{{1e-6f, 127}, {2e-6f, -128}, {1.5e-6f, 0}}}) {
        BOOST_TEST(differences_of_sums<rounding::twice>(one) == 0u);
        BOOST_TEST(differences_of_sums<rounding::half_even>(one) == 0u);
    }
    // 3 + 4 quarters, in halves: 3.5 is rounded up.
    constexpr auto sum = []<class Rounding>(Rounding, std::int8_t p, std::int8_t q) {
        typename Rounding::template sum_rule<2> rule{};
        const quantization terms[]{{0.25f, 0}, {0.25f, 0}};
        rule.set(terms, {0.5f, 0});
        const std::int8_t x[]{p, q};
        return rule(x);
    };
    static_assert(sum(rounding::twice{}, 3, 4) == 4 && sum(rounding::half_even{}, 3, 4) == 4);
    static_assert(sum(rounding::twice{}, -3, -4) == -4 && sum(rounding::half_even{}, -3, -4) == -3);
    BOOST_TEST(sum(rounding::twice{}, opaque(std::int8_t{127}), 127) == 127);
}

// --- Functions in fixed point: near those of real numbers.

BOOST_AUTO_TEST_CASE(fixed_point_functions_are_near) {
    using functions = rounding::fixed_point_functions;
    double worst_exp = 0, worst_logistic = 0, worst_tanh = 0, worst_reciprocal = 0;
    for (std::int64_t i = -(std::int64_t{1} << 31) + 1; i <= 0; i += 104729) {
        const auto a = static_cast<std::int32_t>(i);
        worst_exp = std::max(
            worst_exp, std::abs(std::ldexp(functions::exp_of_negative<5>(a), -31) - std::exp(std::ldexp(a, -26))));
        worst_exp = std::max(
            worst_exp, std::abs(std::ldexp(functions::exp_of_negative<4>(a), -31) - std::exp(std::ldexp(a, -27))));
        for (const std::int32_t x : {a, -a}) {
            const double real = std::ldexp(x, -27);
            worst_logistic =
                std::max(worst_logistic, std::abs(std::ldexp(functions::logistic(x), -31) - 1 / (1 + std::exp(-real))));
            worst_tanh = std::max(worst_tanh, std::abs(std::ldexp(functions::tanh(x), -31) - std::tanh(real)));
        }
        worst_reciprocal = std::max(worst_reciprocal, std::abs(std::ldexp(functions::reciprocal_of_one_plus(-a), -31) -
                                                               1 / (1 + std::ldexp(-a, -31))));
    }
    // Measured: 2.3e-7, 6.9e-8, 1.4e-7 and 3.0e-9.
    BOOST_TEST(worst_exp < 5e-7);
    BOOST_TEST(worst_logistic < 2e-7);
    BOOST_TEST(worst_tanh < 3e-7);
    BOOST_TEST(worst_reciprocal < 1e-8);
    static_assert(functions::exp_of_negative<5>(0) == functions::greatest && functions::tanh(0) == 0);
    static_assert(functions::logistic(0) == 1 << 30 && functions::product(1 << 30, 1 << 30) == 1 << 29);
}

// --- Tables

template <class Activation, class Rounding>
int farthest(quantization from, quantization to) {
    integer_activation<Activation, Rounding> table{};
    table.set(from, to);
    int worst = 0;
    for (int q = -128; q < 128; ++q) {
        const double exact = double(Activation{}(double(from.number(q)))) / double(to.scale) + to.zero_point;
        std::int8_t y[]{static_cast<std::int8_t>(q)};
        table.template forward<1, 1>(y);
        worst = std::max(
            worst, std::abs(y[0] - clamped(static_cast<std::int32_t>(std::lround(std::clamp(exact, -1e6, 1e6))))));
    }
    return worst;
}

BOOST_AUTO_TEST_CASE(tables_of_all_integers) {
    for (const quantization from : {quantization{0.05f, 3}, quantization{0.2f, -40}, quantization{1e-3f, 127}}) {
        // In fixed point, and in float.
        BOOST_TEST((farthest<sigmoid, rounding::twice>(from, {1.0f / 256, -128})) <= 1);
        BOOST_TEST((farthest<ctnn::tanh, rounding::twice>(from, {1.0f / 128, 0})) <= 1);
        BOOST_TEST((farthest<sigmoid, rounding::half_even>(from, {1.0f / 256, -128})) <= 1);
        BOOST_TEST((farthest<ctnn::tanh, rounding::half_even>(from, {1.0f / 128, 0})) <= 1);
        BOOST_TEST((farthest<gelu, rounding::once>(from, {0.1f, -20})) <= 1);
        BOOST_TEST((farthest<elu, rounding::half_even>(from, {0.1f, 20})) <= 1);
    }
    constexpr auto table = [] {
        integer_activation<ctnn::tanh, rounding::twice> made{};
        made.set({0.05f, 3}, {1.0f / 128, 0});
        return made;
    }();
    static_assert(table.table[128 + 3] == 0 && table.table[0] == -128 && table.table[255] == 127);
    auto at_run_time = opaque(table);
    at_run_time.set(opaque(quantization{0.05f, 3}), {1.0f / 128, 0});
    BOOST_TEST((at_run_time == table));
}

// --- Softmax: outputs in 256ths

template <class Rounding>
struct softmax_of {
    integer_activation<softmax, Rounding> activation{};

    constexpr explicit softmax_of(quantization from,
                                  quantization to = integer_activation<softmax, Rounding>::output_for({})) {
        activation.set(from, to);
    }
    template <std::size_t Count>
    constexpr tensor<std::int8_t, shape<Count>> operator()(tensor<std::int8_t, shape<Count>> x) const {
        activation.template forward<1, Count>(x.values);
        return x;
    }
};

template <class Rounding>
void check_softmax() {
    random_engine engine{7};
    int worst = 0;
    for (const float scale : {0.02f, 0.17f, 1.5f}) {
        const softmax_of<Rounding> of({scale, 11});
        for (int i = 0; i < 2000; ++i) {
            tensor<std::int8_t, shape<6>> x{};
            for (auto& q : x) q = static_cast<std::int8_t>(static_cast<int>(engine() % 256) - 128);
            double sum = 0;
            for (const auto q : x) sum += std::exp(double(scale) * q);
            const auto y = of(x);
            for (std::size_t k = 0; k < 6; ++k)
                worst = std::max(
                    worst,
                    std::abs(y[k] + 128 -
                             std::min(255, static_cast<int>(std::lround(256 * std::exp(double(scale) * x[k]) / sum)))));
        }
    }
    BOOST_TEST(worst <= 1);
    // Four equal ones, one alone, and one far above the others.
    static_assert(softmax_of<Rounding>({0.1f, 0})(tensor<std::int8_t, shape<4>>{5, 5, 5, 5}) ==
                  tensor<std::int8_t, shape<4>>{-64, -64, -64, -64});
    static_assert(softmax_of<Rounding>({0.1f, 0})(tensor<std::int8_t, shape<1>>{-128}) ==
                  tensor<std::int8_t, shape<1>>{127});
    static_assert(softmax_of<Rounding>({1, 0})(tensor<std::int8_t, shape<3>>{-128, 127, -128}) ==
                  tensor<std::int8_t, shape<3>>{-128, 127, -128});
    constexpr tensor<std::int8_t, shape<3>> x{10, -3, 40};
    constexpr auto y = softmax_of<Rounding>({0.05f, 0})(x);
    BOOST_TEST((softmax_of<Rounding>(opaque(quantization{0.05f, 0}))(opaque(x)) == y));
}

BOOST_AUTO_TEST_CASE(softmax_of_integers) {
    check_softmax<rounding::twice>();
    check_softmax<rounding::once>();
    check_softmax<rounding::half_even>();
    check_softmax<rounding::half_even_float<std::uint8_t>>();
}

/// onnxruntime divides 1 into whole steps of the output, and rounds halves to even.
template <class Rounding>
constexpr bool has_steps(float scale, const tensor<std::int8_t, shape<1>>& one,
                         const tensor<std::int8_t, shape<4>>& quarters) {
    const softmax_of<Rounding> of({0.1f, 0}, {scale, -128});
    return of(tensor<std::int8_t, shape<1>>{7}) == one && of(tensor<std::int8_t, shape<4>>{5, 5, 5, 5}) == quarters;
}
BOOST_AUTO_TEST_CASE(steps_of_softmax) {
    using of_litert = rounding::half_even;
    using of_onnxruntime = rounding::half_even_float<std::uint8_t>;
    // The float after 1/255; 1/10; and a scale that no output has steps of.
    constexpr float after = 0x1.010102p-8f, tenth = 0.1f, large = 3;
    static_assert(has_steps<of_litert>(after, {127}, {-64, -64, -64, -64}));
    static_assert(has_steps<of_onnxruntime>(after, {126}, {-64, -64, -64, -64}));
    static_assert(has_steps<of_litert>(tenth, {-118}, {-125, -125, -125, -125}));
    static_assert(has_steps<of_onnxruntime>(tenth, {-118}, {-126, -126, -126, -126}));
    static_assert(has_steps<of_onnxruntime>(large, {-128}, {-128, -128, -128, -128}));
    static_assert(has_steps<of_onnxruntime>(1e-30f, {127}, {127, 127, 127, 127}));
    BOOST_TEST(has_steps<of_onnxruntime>(opaque(after), {126}, {-64, -64, -64, -64}));
    BOOST_TEST(has_steps<of_onnxruntime>(opaque(tenth), {-118}, {-126, -126, -126, -126}));
}

// --- Functions by fixed-point factors

template <class Activation, class Rounding>
std::array<std::int8_t, 256> table_of(quantization from, quantization to) {
    std::array<std::int8_t, 256> result{};
    Rounding::template fill_table<Activation>(from, to, result.data());
    return result;
}

BOOST_AUTO_TEST_CASE(leaky_relu_and_hard_swish_by_factors) {
    using leaky = leaky_relu_with<std::ratio<1, 10>>;
    // 0.1 as 26/256: -5 becomes -0.508, and -45 -4.57.
    const auto litert = table_of<leaky, rounding::half_even>({1, 0}, {1, 0});
    BOOST_TEST(litert[128 - 5] == -1);
    BOOST_TEST(litert[128 - 45] == -5);
    BOOST_TEST(litert[128 + 77] == 77);
    // Halves go upwards, but away from 0 in the second rounding of `twice`, and to even in float.
    using quarter = leaky_relu_with<std::ratio<1, 4>>;
    const auto of_minus_two = [](const auto& table) { return static_cast<int>(table[128 - 2]); };
    BOOST_TEST(of_minus_two(table_of<quarter, rounding::half_even>({1, 0}, {1, 0})) == 0);
    BOOST_TEST(of_minus_two(table_of<quarter, rounding::twice>({1, 0}, {1, 0})) == -1);
    BOOST_TEST(of_minus_two(table_of<quarter, rounding::once>({1, 0}, {1, 0})) == 0);
    BOOST_TEST(of_minus_two(table_of<quarter, rounding::half_even_float<std::int8_t>>({1, 0}, {1, 0})) == 0);
    // Ratios that XNNPACK has no factor for: in float.
    BOOST_TEST((table_of<leaky, rounding::half_even>({1, 0}, {0.001f, 0})[129]) == 127);
    for (const quantization from : {quantization{0.05f, 3}, quantization{0.2f, -40}, quantization{0.01f, 60}})
        for (const quantization to : {quantization{0.05f, -100}, quantization{0.11f, 0}}) {
            BOOST_TEST((farthest<leaky, rounding::twice>(from, to)) <= 1);
            BOOST_TEST((farthest<hard_swish, rounding::twice>(from, to)) <= 1);
            BOOST_TEST((farthest<hard_swish, rounding::half_even>(from, to)) <= 1);
            BOOST_TEST((farthest<leaky, rounding::half_even_float<std::uint8_t>>(from, to)) <= 1);
        }
    // Too large a ratio for 16 bits.
    BOOST_TEST((farthest<hard_swish, rounding::twice>({1, 0}, {0.005f, 0})) <= 1);
    constexpr auto in_a_constant = [] {
        tensor<std::int8_t, shape<256>> table{};
        rounding::fill_hard_swish({0.05f, 3}, {0.05f, -20}, table.values);
        return table[200];
    }();
    BOOST_TEST((table_of<hard_swish, rounding::twice>({opaque(0.05f), 3}, {0.05f, -20})[200]) == in_a_constant);
}

// --- Sums in float

BOOST_AUTO_TEST_CASE(fused_products_are_rounded_once) {
    static_assert(rounding::fused_product(1, 1.0f, 0.5f) == 1.5f);
    std::uint32_t state = 1;
    const auto random = [&] { return state = state * 1664525u + 1013904223u, state >> 8; };
    std::size_t inexact = 0;
    for (int i = 0; i < 200000; ++i) {
        const auto a = static_cast<std::int32_t>(random() % 511) - 255;
        const float b = std::ldexp(static_cast<float>(random() | 1), static_cast<int>(random() % 40) - 30),
                    c = std::ldexp(static_cast<float>(random()), static_cast<int>(random() % 80) - 70) *
                        (i % 2 == 0 ? 1.0f : -1.0f);
        const float found = rounding::fused_product(a, b, c);
        if (found != std::fma(static_cast<float>(a), b, c)) BOOST_ERROR("fused_product: " << a << ' ' << b << ' ' << c);
        inexact += found != static_cast<float>(a) * b + c;
    }
    BOOST_TEST(inexact > 10000u);
    // Halves that only the rest decides: the double nearest to the sum is a half.
    BOOST_TEST(rounding::fused_product(opaque(3), 5592405.5f, 1e-12f) == std::fma(3.0f, 5592405.5f, 1e-12f));
    BOOST_TEST(rounding::fused_product(opaque(3), 5592405.5f, -1e-12f) == std::fma(3.0f, 5592405.5f, -1e-12f));
}

BOOST_AUTO_TEST_CASE(sums_in_float) {
    // (3 + 4) quarters are 3.5 halves: to even, of the stored number.
    constexpr auto sum = []<class Integer>(Integer, std::int8_t p, std::int8_t q, std::int32_t zero_point) {
        rounding::float_sum<Integer, 2> rule{};
        const quantization terms[]{{0.25f, 0}, {0.25f, 0}};
        rule.set(terms, {0.5f, zero_point});
        const std::int8_t x[]{p, q};
        return rule(x);
    };
    static_assert(sum(std::int8_t{}, 3, 4, 0) == 4 && sum(std::uint8_t{}, 3, 4, 0) == 4);
    static_assert(sum(std::int8_t{}, 3, 4, 1) == 4 && sum(std::uint8_t{}, -3, -4, 1) == -2);
    BOOST_TEST(sum(std::int8_t{}, opaque(std::int8_t{127}), 127, 100) == 127);
}

// --- Means that change the quantisation, as those of onnxruntime do

BOOST_AUTO_TEST_CASE(rescaled_means) {
    rounding::integer_means<rounding::half_even, 4> mean{};
    mean.set({0.5f, 10}, {0.25f, -20});
    // (12 + 14 + 10 + 11 - 40) / 4 of 0.5 is 3.5 quarters, and 12 + 14 alone 6.
    BOOST_TEST(mean(47, 4) == -20 + 4);
    BOOST_TEST(mean(26, 2) == -20 + 6);
    BOOST_TEST(mean(508, 4) == 127);
    mean.set({0.5f, 10}, {0.5f, 10});
    BOOST_TEST(mean(47, 4) == 12);
}

/// The mean of the integers 4, 5, 4 and 5, of which each rule makes something of its own.
template <class Means>
constexpr std::int8_t mean_of_four(quantization how) {
    Means rule{};
    rule.set(how, how);
    auto sum = rule.empty(0);
    for (const int q : {4, 5, 4, 5}) rule.add(sum, q);
    return rule(sum, 4);
}
BOOST_AUTO_TEST_CASE(means_of_channels_and_windows) {
    using rounding::half_even, rounding::half_even_float, rounding::twice, rounding::once;
    constexpr quantization even{0.5f, 0}, odd{0.5f, 1};
    static_assert(mean_of_four<twice::channel_means<4>>(even) == 5 && mean_of_four<once::channel_means<4>>(even) == 5);
    // Of the number that is stored, or of that less the zero point.
    static_assert(mean_of_four<half_even::channel_means<4>>(odd) == 4);
    static_assert(mean_of_four<half_even_float<std::int8_t>::channel_means<4>>(odd) == 5);
    static_assert(mean_of_four<half_even::window_means<4>>(odd) == 5);
    static_assert(mean_of_four<half_even_float<std::uint8_t>::window_means<4>>(odd) == 4);
    // 1/6 is no fixed-point number: the first rounding makes the halves.
    rounding::fixed_point_means<twice, 6> sixth{};
    sixth.set({1, 0}, {1, 0});
    BOOST_TEST(sixth(opaque(9), 6) == 2);
    BOOST_TEST(sixth(opaque(10), 6) == 2);
    BOOST_TEST(mean_of_four<half_even::channel_means<4>>({opaque(0.5f), 1}) == 4);
}

// --- A network by the rule of floats, frozen as well: sums of floats have an order, so that its means are copies

using float_ruled =
    network<float, input<2, 4, 4>, residual<conv2d<2, window<1>>>,
            concatenate<branch<average_pool2d<window<2>>>, branch<conv2d<2, window<2>, stride<2>, leaky_relu>>>,
            average_pool2d<window<2>>, global_average_pool, dense<3>>;
constexpr auto in_floats = [] {
    const auto net = initialize<float_ruled>(he_uniform{}, 1);
    tensor<float, shape<3, 2, 4, 4>> samples{};
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i * 37 % 64) / 16 - 2;
    return quantize<rounding::half_even_float<std::uint8_t>, per_channel, ends_in_integers>(net,
                                                                                            calibrate(net, samples));
}();
constexpr tensor<std::int8_t, shape<2, 4, 4>> integers = [] {
    tensor<std::int8_t, shape<2, 4, 4>> x{};
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<std::int8_t>(i * 91);
    return x;
}();
BOOST_AUTO_TEST_CASE(a_network_in_floats) {
    constexpr auto in_a_constant = in_floats(integers);
    auto given = integers;
    given[3] = opaque(given[3]);
    BOOST_TEST((in_floats(given) == in_a_constant));
    constexpr frozen<in_floats> device{};
    static_assert(device(integers) == in_a_constant);
    BOOST_TEST((device(given) == in_a_constant));
}

}  // namespace
