// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace {

using namespace ctnn;
using test_support::opaque;

// --- Rounding. The rules as gemmlowp and its users write them: by division that truncates, and by masks.

std::int32_t doubling_high_product(std::int32_t a, std::int32_t b) {
    const std::int64_t product = std::int64_t{a} * b;
    const std::int64_t nudge = product >= 0 ? std::int64_t{1} << 30 : 1 - (std::int64_t{1} << 30);
    return static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
}
std::int32_t divided_by_power(std::int32_t x, int exponent) {
    const auto mask = static_cast<std::int32_t>((std::int64_t{1} << exponent) - 1);
    const std::int32_t rest = x & mask, threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> exponent) + (rest > threshold ? 1 : 0);
}

BOOST_AUTO_TEST_CASE(twice_is_what_gemmlowp_computes) {
    random_engine engine{1};
    std::size_t differences = 0, negative_ties = 0;
    for (int i = 0; i < 1000000; ++i) {
        const int e = static_cast<int>(engine() % 20) - 17;
        const auto m = static_cast<std::int32_t>((std::uint32_t{1} << 30) + engine() % (std::uint32_t{1} << 30));
        // Few bits make ties frequent.
        const auto sum =
            static_cast<std::int32_t>(engine() >> (i % 3 == 0 ? 40 : 52)) - (i % 3 == 0 ? 1 << 23 : 1 << 11);
        const auto multiplier = i % 2 == 0 ? m : std::int32_t{1} << 30;
        const std::int32_t expected =
            divided_by_power(doubling_high_product(e > 0 ? sum * (1 << e) : sum, multiplier), e < 0 ? -e : 0);
        if (rounding::twice::rescale(sum, multiplier, e) != expected) ++differences;
        if (sum < 0 && multiplier == std::int32_t{1} << 30 && e < 0 && -sum % (2 << -e) == (1 << -e)) ++negative_ties;
    }
    BOOST_TEST(differences == 0u);
    BOOST_TEST(negative_ties > 1000u);
    // Halves of the product go up, those of the shift away from 0.
    static_assert(rounding::twice::rescale(-1, 1 << 30, 0) == 0 && rounding::twice::rescale(1, 1 << 30, 0) == 1);
    static_assert(rounding::twice::rescale(-6, 1 << 30, -1) == -2 && rounding::twice::rescale(6, 1 << 30, -1) == 2);
    static_assert(rounding::once::rescale(-6, 1 << 30, -1) == -1 && rounding::once::rescale(6, 1 << 30, -1) == 2);
}

// A factor above 1, of a layer whose outputs were nearly constant in calibration.
BOOST_AUTO_TEST_CASE(what_exceeds_32_bits_saturates) {
    constexpr std::int32_t largest = 2147483647;
    static_assert(rounding::twice::rescale(1 << 30, largest, 30) > 1 << 29);
    static_assert(rounding::twice::rescale(-(1 << 30), largest, 1) < -(1 << 29));
    static_assert(rounding::once::rescale(1 << 30, largest, 30) == largest);
    static_assert(rounding::once::rescale(-(1 << 30), largest, 30) == -largest - 1);
    static_assert(rounding::once::rescale(-3, 1 << 30, 2) == -6 && rounding::twice::rescale(-3, 1 << 30, 2) == -6);
    BOOST_TEST(rounding::once::rescale(opaque(1 << 30), largest, 30) == largest);
    BOOST_TEST(rounding::twice::rescale(opaque(1 << 30), largest, 30) > 1 << 29);
}

BOOST_AUTO_TEST_CASE(half_even_is_the_nearest_integer_of_a_product_of_float) {
    random_engine engine{2};
    std::size_t differences = 0;
    rounding::half_even::factors<1> one{};
    for (int i = 0; i < 1000000; ++i) {
        const auto sum =
            static_cast<std::int32_t>(static_cast<std::uint32_t>(engine()) >> (i % 20)) * (i % 2 == 0 ? 1 : -1);
        const float factor = i % 3 == 0 ? 0.5f : static_cast<float>(draw_uniform<double>(engine, 1e-6, 1e-2));
        one.set(0, static_cast<double>(factor));
        const float exact = static_cast<float>(sum) * factor;
        const auto expected = std::abs(exact) < 4194304.0f ? static_cast<std::int32_t>(std::nearbyint(exact))
                              : exact > 0                  ? 4194304
                                                           : -4194304;
        if (one(opaque(sum), 0) != expected) ++differences;
    }
    BOOST_TEST(differences == 0u);
    static_assert([] {
        rounding::half_even::factors<1> half{};
        half.set(0, 0.5);
        return half(1, 0) == 0 && half(3, 0) == 2 && half(-1, 0) == 0 && half(-3, 0) == -2 && half(5, 0) == 2;
    }());
}

BOOST_AUTO_TEST_CASE(factors_are_the_nearest_fixed_point_numbers) {
    constexpr auto check = [](double factor) {
        const double nearest = rounding::fixed_point::from(factor).number();
        const double error = nearest > factor ? nearest - factor : factor - nearest;
        return error <= factor / 2147483648.0;
    };
    static_assert(check(0.25) && check(0.1) && check(1.0) && check(3.7) && check(1e-8) && check(0.99999999999));
    static_assert(rounding::fixed_point::from(1.0).multiplier == 1 << 30);
    static_assert(rounding::fixed_point::from(1.0).exponent == 1);
    static_assert(rounding::fixed_point::from(0.0).multiplier == 0);
    static_assert(rounding::fixed_point::from(std::numeric_limits<double>::infinity()) ==
                  rounding::fixed_point::from(1e10));
    static_assert(rounding::fixed_point::from(1e-12).multiplier == 0);
    // A mantissa that is rounded up to 2^31 is halved.
    static_assert(rounding::fixed_point::from(0.99999999999).multiplier == 1 << 30);
    static_assert(rounding::fixed_point::from(0.99999999999).exponent == 1);
    BOOST_TEST(check(opaque(0.3)));
}

BOOST_AUTO_TEST_CASE(zero_is_exact) {
    constexpr auto q = asymmetric_quantization({-1.0f, 3.0f});
    static_assert(q.number(q.zero_point) == 0);
    static_assert(q.zero_point == -64);
    static_assert(asymmetric_quantization({1.0f, 3.0f}) == asymmetric_quantization({0.0f, 3.0f}));
    static_assert(asymmetric_quantization({0, 6}).zero_point == -128);
    static_assert(asymmetric_quantization({-6, 0}).zero_point == 127);
    static_assert(asymmetric_quantization({0, 0}) == quantization{});
    static_assert(symmetric_quantization({-2, 1}).scale == static_cast<float>(2.0 / 127));
    static_assert(rounding::twice::quantize(1e30f, q) == 127 && rounding::twice::quantize(-1e30f, q) == -128);
    static_assert(rounding::half_even::quantize(1e30f, q) == 127 && rounding::half_even::quantize(-1e30f, q) == -128);
    static_assert(rounding::twice::quantize(1.5f, {1, 0}) == 2 && rounding::twice::quantize(2.5f, {1, 0}) == 3);
    static_assert(rounding::half_even::quantize(1.5f, {1, 0}) == 2 && rounding::half_even::quantize(2.5f, {1, 0}) == 2);
    BOOST_TEST(rounding::twice::quantize(opaque(-2.5f), {1, 0}) == -3);
    BOOST_TEST(rounding::half_even::quantize(opaque(-2.5f), {1, 0}) == -2);
}

// --- Networks. The reference computes with inputs minus their zero point, in 64 bits, one output at a time.

template <class Net>
constexpr Net filled(std::uint64_t seed) {
    Net net{};
    random_engine engine{seed};
    for_each_parameter(net, [&](auto, const char*, auto& values) {
        for (auto& value : values) value = draw_uniform<float>(engine, -1.0f, 1.0f);
    });
    return net;
}

template <class Net, std::size_t Count>
constexpr auto inputs_of(std::uint64_t seed) {
    tensor<float, batch_of<Count, typename Net::input_shape>> x{};
    random_engine engine{seed};
    for (float& value : x) value = draw_uniform<float>(engine, -2.0f, 1.0f);
    return x;
}

struct image_reference {
    std::size_t channels, height, width, filters, groups, window_down, window_across, stride, before;
};

/// Outputs of a convolution, by its definition; a dense layer is one with a window of 1 on an image of one element.
template <class Rounding>
void expect_layer(const image_reference& s, const float* weights, const float* bias, quantization in, quantization out,
                  bool per_channel_scales, bool is_dense, std::int32_t lower, const std::int8_t* x, std::size_t rows,
                  std::size_t columns, const std::int8_t* y) {
    const std::size_t in_group = s.channels / s.groups, of_group = s.filters / s.groups;
    const auto weight = [&](std::size_t i, std::size_t j, std::size_t c, std::size_t f) {
        return weights[((i * s.window_across + j) * in_group + c) * s.filters + f];
    };
    std::size_t differences = 0;
    float largest_of_all = 0;
    for (std::size_t i = 0; i < s.window_down * s.window_across * in_group * s.filters; ++i)
        largest_of_all = std::max(largest_of_all, std::abs(weights[i]));
    for (std::size_t f = 0; f < s.filters; ++f) {
        float largest = 0;
        for (std::size_t i = 0; i < s.window_down; ++i)
            for (std::size_t j = 0; j < s.window_across; ++j)
                for (std::size_t c = 0; c < in_group; ++c) largest = std::max(largest, std::abs(weight(i, j, c, f)));
        const auto scale = static_cast<float>(double(per_channel_scales ? largest : largest_of_all) / 127);
        typename Rounding::template factors<1> factor{};
        factor.set(0, Rounding::factor(in.scale, scale, out.scale, is_dense && !per_channel_scales));
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t column = 0; column < columns; ++column) {
                auto sum = static_cast<std::int64_t>(std::round(double(bias[f]) / (double(in.scale) * double(scale))));
                for (std::size_t i = 0; i < s.window_down; ++i)
                    for (std::size_t j = 0; j < s.window_across; ++j)
                        for (std::size_t c = 0; c < in_group; ++c) {
                            const auto at_row = static_cast<std::int64_t>(row * s.stride + i) - std::int64_t(s.before),
                                       at_column =
                                           static_cast<std::int64_t>(column * s.stride + j) - std::int64_t(s.before);
                            if (at_row < 0 || at_column < 0 || at_row >= std::int64_t(s.height) ||
                                at_column >= std::int64_t(s.width))
                                continue;
                            const std::size_t channel = f / of_group * in_group + c;
                            const std::int64_t q =
                                x[(channel * s.height + std::size_t(at_row)) * s.width + std::size_t(at_column)];
                            sum += (q - in.zero_point) *
                                   static_cast<std::int64_t>(std::round(double(weight(i, j, c, f)) / double(scale)));
                        }
                const std::int32_t result = factor(static_cast<std::int32_t>(sum), 0) + out.zero_point;
                const std::int32_t expected = std::min(127, std::max(lower, result));
                if (y[(f * rows + row) * columns + column] != expected) ++differences;
            }
    }
    BOOST_TEST(differences == 0u);
}

template <class Rounding, class Granularity>
void check_dense() {
    using net_type = network<float, input<7>, dense<5, relu>>;
    static constexpr auto net = filled<net_type>(3);
    static constexpr auto x = inputs_of<net_type, 40>(4);
    constexpr auto q = quantize<Rounding, Granularity, ends_in_integers>(net, calibrate(net, x));
    for (std::size_t i = 0; i < 40; ++i) {
        tensor<float, shape<7>> sample{};
        for (std::size_t k = 0; k < 7; ++k) sample[k] = x(i, k);
        const auto integers = q.quantize_input(sample);
        const auto y = q(integers);
        expect_layer<Rounding>({7, 1, 1, 5, 1, 1, 1, 1, 0}, get<0>(net).weights.values, get<0>(net).bias.values,
                               q.input, q.output, std::is_same_v<Granularity, per_channel>, true, q.output.zero_point,
                               integers.values, 1, 1, y.values);
    }
    static_assert(q(tensor<std::int8_t, shape<7>>{1, -2, 3, -128, 127, 0, 9}) ==
                  quantize<Rounding, Granularity, ends_in_integers>(
                      net, calibrate(net, x))(tensor<std::int8_t, shape<7>>{1, -2, 3, -128, 127, 0, 9}));
    constexpr tensor<std::int8_t, shape<7>> some{1, -2, 3, -128, 127, 0, 9};
    constexpr auto at_compile_time = q(some);
    BOOST_TEST((opaque(q)(opaque(some)) == at_compile_time));
    constexpr auto real = q(tensor<float, shape<7>>{0.5f, -2, 1, -1, 0.1f, 0, -0.3f});
    BOOST_TEST((opaque(q)(opaque(tensor<float, shape<7>>{0.5f, -2, 1, -1, 0.1f, 0, -0.3f})) == real));
}

BOOST_AUTO_TEST_CASE(dense_layers) {
    check_dense<rounding::twice, per_channel>();
    check_dense<rounding::twice, per_tensor>();
    check_dense<rounding::once, per_channel>();
    check_dense<rounding::half_even, per_channel>();
    check_dense<rounding::half_even, per_tensor>();
}

template <class Net, class Rounding>
void check_convolution(image_reference s, std::size_t rows, std::size_t columns) {
    static constexpr auto net = filled<Net>(5);
    static constexpr auto x = inputs_of<Net, 3>(6);
    constexpr auto q = quantize<Rounding, per_channel, ends_in_integers>(net, calibrate(net, x));
    for (std::size_t i = 0; i < 3; ++i) {
        typename Net::input_type sample{};
        for (std::size_t k = 0; k < sample.size(); ++k) sample[k] = x[i * sample.size() + k];
        const auto integers = q.quantize_input(sample);
        const auto y = q(integers);
        expect_layer<Rounding>(s, get<0>(net).weights.values, get<0>(net).bias.values, q.input, q.output, true, false,
                               -128, integers.values, rows, columns, y.values);
    }
    constexpr auto sample = [] {
        tensor<std::int8_t, typename Net::input_shape> result{};
        for (std::size_t k = 0; k < result.size(); ++k) result[k] = static_cast<std::int8_t>(k * 37);
        return result;
    }();
    constexpr auto at_compile_time = q(sample);
    BOOST_TEST((opaque(q)(opaque(sample)) == at_compile_time));
}

BOOST_AUTO_TEST_CASE(convolutions) {
    check_convolution<network<float, input<2, 5, 6>, conv2d<3, window<3, 3>, same>>, rounding::twice>(
        {2, 5, 6, 3, 1, 3, 3, 1, 1}, 5, 6);
    check_convolution<network<float, input<2, 5, 6>, conv2d<3, window<3, 3>, same>>, rounding::half_even>(
        {2, 5, 6, 3, 1, 3, 3, 1, 1}, 5, 6);
    check_convolution<network<float, input<3, 7, 7>, conv2d<16, window<3, 3>, stride<2>>>, rounding::once>(
        {3, 7, 7, 16, 1, 3, 3, 2, 0}, 3, 3);
    check_convolution<network<float, input<4, 5, 5>, conv2d<8, window<3, 3>, groups<4>, same>>, rounding::twice>(
        {4, 5, 5, 8, 4, 3, 3, 1, 1}, 5, 5);
}

// --- Layers that only move integers, pools, activations by a table, and layers in float

template <class Net>
constexpr bool stays_near(float tolerance) {
    const auto net = filled<Net>(8);
    const auto x = inputs_of<Net, 20>(9);
    const auto q = quantize<rounding::twice>(net, calibrate(net, x));
    for (std::size_t i = 0; i < 20; ++i) {
        typename Net::input_type sample{};
        for (std::size_t k = 0; k < sample.size(); ++k) sample[k] = x[i * sample.size() + k];
        const auto real = net(sample), near = q(sample);
        for (std::size_t k = 0; k < real.size(); ++k) {
            const float error = real[k] - near[k];
            if (!(error < tolerance && error > -tolerance)) return false;
        }
    }
    return true;
}

BOOST_AUTO_TEST_CASE(other_layers) {
    BOOST_TEST((stays_near<network<float, input<6>, dense<8, ctnn::tanh>, dense<4, sigmoid>, dense<2>>>(0.05f)));
    BOOST_TEST((stays_near<network<float, input<1, 8, 8>, conv2d<4, window<3>, relu>, max_pool2d<window<2>>, flatten,
                                   dense<3, softmax>>>(0.05f)));
    BOOST_TEST((stays_near<network<float, input<2, 6, 6>, zero_pad<pad<0, 0>, pad<1, 1>, pad<1, 1>>,
                                   average_pool2d<window<2>>, flatten, dense<3>>>(0.05f)));
    BOOST_TEST((stays_near<network<float, input<6>, layer_norm<>, dense<4, gelu>, dense<3>>>(0.1f)));
    static_assert(stays_near<network<float, input<3>, dense<4, ctnn::tanh>, dense<2>>>(0.05f));
    BOOST_TEST(
        (stays_near<network<float, input<6>, residual<dense<6, relu>, dense<6>>, activation<relu>, dense<3>>>(0.1f)));
    BOOST_TEST((
        stays_near<network<float, input<6>, concatenate<branch<dense<3, relu>>, branch<>, branch<dense<2, ctnn::tanh>>>,
                           dense<3>>>(0.1f)));
    BOOST_TEST((stays_near<network<float, input<6>, product<branch<dense<6, relu>>, branch<>>, dense<3>>>(0.1f)));
}

// A pool of integers is that of the numbers they represent.
BOOST_AUTO_TEST_CASE(means_round_half_away) {
    constexpr auto mean = [](std::int32_t sum, std::int32_t count) {
        rounding::integer_means<rounding::twice, 3> rule{};
        rule.set({0.5f, 7}, {0.5f, 7});
        return rule(sum, count);
    };
    static_assert(mean(5, 2) == 3 && mean(-5, 2) == -3);
    static_assert(mean(4, 3) == 1 && mean(-4, 3) == -1);
    BOOST_TEST(mean(opaque(-3), 2) == -2);
}

// --- Extremes

BOOST_AUTO_TEST_CASE(weights_of_zero_and_large_biases) {
    network<float, input<2>, dense<2>> net{};
    get<0>(net).bias = {3.0f, -1e6f};
    get<0>(net).weights = {0, 1e-6f, 0, 0};
    const tensor<float, shape<2, 2>> x{1, 2, -1, 0};
    const auto q = quantize<rounding::twice, per_channel, ends_in_sums>(net, calibrate(net, x));
    const auto y = q({1, 2});
    BOOST_TEST(std::abs(y[0] - 3.0f) < 1e-4f);
    BOOST_TEST(std::abs(y[1] + 1e6f) < 1.0f);
}

// --- Integers without sign

BOOST_AUTO_TEST_CASE(integers_without_sign_are_128_more) {
    using net_type = network<float, input<3>, dense<4, relu>, dense<2>>;
    static constexpr auto net = initialize<net_type>(glorot_uniform{}, 9);
    static constexpr tensor<float, shape<2, 3>> inputs{1, -1, 0.5f, 0.25f, 2, -2};
    static constexpr auto q = quantize<rounding::twice, per_channel, ends_in_integers>(net, calibrate(net, inputs));
    static constexpr auto sums = quantize<rounding::twice>(net, calibrate(net, inputs));
    constexpr frozen<q> device{};
    constexpr tensor<std::uint8_t, shape<3>> x{0, 200, 255};
    constexpr tensor<std::int8_t, shape<3>> same{-128, 72, 127};
    constexpr auto y = q(x);
    static_assert(std::is_same_v<decltype(y), const tensor<std::uint8_t, shape<2>>>);
    static_assert(y[0] == q(same)[0] + 128 && y[1] == q(same)[1] + 128);
    static_assert(sums(x) == sums(same));
    static_assert(device(x) == y);
    BOOST_TEST((q(opaque(x)) == y));
    BOOST_TEST((device(opaque(x)) == y));
    BOOST_TEST((sums(opaque(x)) == sums(same)));
}

// --- Batches in constants: several samples at once, with as many or few columns, and more depth than float has digits for

template <class Net, class End>
void batches_are_samples() {
    static constexpr auto net = initialize<Net>(glorot_uniform{}, 4);
    static constexpr auto inputs = [] {
        tensor<float, batch_of<21, typename Net::input_shape>> x{};
        random_engine engine{8};
        for (float& value : x) value = draw_uniform<float>(engine, -2.0f, 1.0f);
        return x;
    }();
    static constexpr auto labels = [] {
        tensor<std::uint8_t, shape<21>> t{};
        for (std::size_t i = 0; i < 21; ++i) t[i] = static_cast<std::uint8_t>(i % Net::output_shape::size);
        return t;
    }();
    static constexpr auto q = quantize<rounding::twice, per_channel, End>(net, calibrate(net, inputs));
    constexpr std::size_t size = Net::input_shape::size, outputs = Net::output_shape::size;
    constexpr auto batch = [] {
        tensor<float, shape<21 * outputs>> y{};
        q.template forward<21>(inputs.values, y.values);
        return y;
    }();
    float y[outputs];
    for (std::size_t i = 0; i < 21; ++i) {
        q.forward(opaque(inputs).values + i * size, y);
        for (std::size_t k = 0; k < outputs; ++k) BOOST_TEST(batch[i * outputs + k] == y[k]);
    }
    constexpr double in_constants = accuracy(q, inputs, labels);
    BOOST_TEST(accuracy(q, opaque(inputs), labels) == in_constants);
    static_assert(accuracy(q, samples<float, typename Net::input_shape>{inputs.values, 11},
                           samples<std::uint8_t, shape<>>{labels.values, 11}) <= 1);
}

BOOST_AUTO_TEST_CASE(batches_in_constants_have_the_integers_of_samples) {
    batches_are_samples<network<float, input<9>, dense<16, relu>, dense<10>>, ends_in_sums>();
    batches_are_samples<network<float, input<9>, dense<5, ctnn::tanh>, dense<2>>, ends_in_integers>();
    batches_are_samples<network<float, input<1100>, dense<3>>, ends_in_sums>();
    batches_are_samples<
        network<float, input<2, 5, 5>, conv2d<3, window<3>, relu>, max_pool2d<window<2>>, flatten, dense<4>>,
        ends_in_integers>();
    // Sums far beyond 2^24.
    static constexpr auto wide = [] {
        network<float, input<1100>, dense<1>> result{};
        for (float& w : get<0>(result).weights) w = 1;
        get<0>(result).bias = {0.3f};
        return result;
    }();
    constexpr auto q = quantize<rounding::once>(wide, ranges<std::remove_const_t<decltype(wide)>>{{-1, 1}, {}});
    constexpr auto largest = [] {
        tensor<std::int8_t, shape<1100>> x{};
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = i == 7 ? std::int8_t{126} : std::int8_t{127};
        return x;
    }();
    static_assert(q(largest)[0] > 1 << 24);
    BOOST_TEST((q(opaque(largest)) == q(largest)));
}

}  // namespace
