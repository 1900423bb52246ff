// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_recurrent
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>
#include <ctnn/quantize/calibrate_box.hpp>
#include <ctnn/quantize/combined_ranges.hpp>
#include <ctnn/quantize/error_bound.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace {

using namespace ctnn;
using test_support::opaque;

// --- Functions of 16-bit integers.

/// FNV-1a of the function's values for all integers.
template <class F>
std::uint64_t hash_of(F f) {
    std::uint64_t hash = 14695981039346656037u;
    for (std::int32_t x = -32768; x <= 32767; ++x) {
        const auto y = static_cast<std::uint16_t>(f(x));
        hash = (hash ^ (y & 255u)) * 1099511628211u;
        hash = (hash ^ (y >> 8)) * 1099511628211u;
    }
    return hash;
}

BOOST_AUTO_TEST_CASE(functions_of_gates_are_those_of_tflite_micro) {
    using functions = rounding::gate_functions;
    // Hashes of what the reference kernels (commit 90b983c) give for every integer.
    BOOST_TEST(hash_of([](std::int32_t x) { return functions::sigmoid(x); }) == 10450263577423723861u);
    BOOST_TEST(hash_of([](std::int32_t x) { return functions::tanh(x, -15); }) == 15621457836732952283u);
    BOOST_TEST(hash_of([](std::int32_t x) { return functions::tanh(x, -12); }) == 1572048381240756581u);
    BOOST_TEST(hash_of([](std::int32_t x) { return functions::tanh(x, -9); }) == 5515793546234940183u);
    static_assert(functions::sigmoid(0) == 16384 && functions::tanh(0, -12) == 0);
    static_assert(functions::sigmoid(32767) == 32757 && functions::sigmoid(-32768) == 11);
}

BOOST_AUTO_TEST_CASE(functions_of_gates_are_close_to_what_they_stand_for) {
    using functions = rounding::gate_functions;
    double of_sigmoid = 0, of_tanh = 0;
    for (std::int32_t x = -32768; x <= 32767; ++x) {
        const double s = 32768 / (1 + std::exp(-x / 4096.0));
        of_sigmoid = std::max(of_sigmoid, std::abs(s - functions::sigmoid(x)));
        for (const int exponent : {-15, -12, -10, -5, 2})
            of_tanh =
                std::max(of_tanh, std::abs(32768 * std::tanh(std::ldexp(x, exponent)) - functions::tanh(x, exponent)));
    }
    BOOST_TEST(of_sigmoid < 1.5);
    BOOST_TEST(of_tanh < 3.5);
}

// --- The same formulas in plain loops, with factors of double.

enum class rule { twice, once, half_even };
template <class Rounding>
constexpr rule rule_of = std::is_same_v<Rounding, rounding::twice>  ? rule::twice
                         : std::is_same_v<Rounding, rounding::once> ? rule::once
                                                                    : rule::half_even;

std::int64_t rescaled(rule how, std::int64_t sum, double factor) {
    if (how == rule::half_even) return std::llrint(static_cast<float>(sum) * static_cast<float>(factor));
    int exponent = 0;
    const auto m = static_cast<std::int64_t>(std::llround(std::ldexp(std::frexp(factor, &exponent), 31)));
    const auto halves_up = [](std::int64_t x, int bits) { return (x + (std::int64_t{1} << (bits - 1))) >> bits; };
    if (how == rule::once) return halves_up(sum * m, 31 - exponent);
    const std::int64_t high = halves_up(sum * (std::int64_t{1} << std::max(exponent, 0)) * m, 31);
    if (exponent >= 0) return high;
    // Halves away from 0.
    return high < 0 ? -halves_up(-high, -exponent) : halves_up(high, -exponent);
}
std::int32_t sixteen_bits(std::int64_t x) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(x, -32768, 32767));
}

/// A matrix of integers.
template <class Weights, class Scales>
struct matrix {
    const Weights& weights;
    const std::int32_t* bias;
    const Scales& scales;
};
template <class Weights, class Scales>
matrix(const Weights&, const std::int32_t*, const Scales&) -> matrix<Weights, Scales>;

/// `gates` sums with an input of `depth` integers.
template <class Parameters>
std::vector<std::int32_t> gates_of(rule how, const Parameters& p, const std::int8_t* x, std::size_t depth,
                                   std::size_t gates, std::size_t blocks, quantization of_x) {
    std::vector<std::int32_t> result;
    for (std::size_t c = 0; c < gates; ++c) {
        std::int64_t sum = p.bias == nullptr ? 0 : p.bias[c];
        for (std::size_t k = 0; k < depth; ++k)
            sum += std::int64_t{p.weights[k * gates + c]} * (x[k] - of_x.zero_point);
        const std::size_t scales = std::remove_cvref_t<decltype(p.scales)>::size();
        const float scale = p.scales[scales == gates ? c : c / (gates / blocks)];
        const float product = of_x.scale * scale;
        const double factor =
            how == rule::half_even ? static_cast<double>(product / (1 / 4096.0f)) : static_cast<double>(product) * 4096;
        result.push_back(sixteen_bits(rescaled(how, sum, factor)));
    }
    return result;
}

template <std::size_t Units, class Parameters>
std::vector<std::int8_t> plain_lstm(rule how, const Parameters& p, quantization of_x, const std::int8_t* x,
                                    std::size_t inputs, std::size_t length) {
    using functions = rounding::gate_functions;
    std::vector<std::int8_t> h(Units, static_cast<std::int8_t>(p.output.zero_point)), all;
    std::vector<std::int32_t> c(Units, 0);
    const auto of_cell = static_cast<double>(p.cell.scale);
    const int exponent = std::ilogb(of_cell);
    for (std::size_t t = 0; t < length; ++t) {
        const auto a =
            gates_of(how, matrix{p.weights, p.bias.values, p.scales}, x + t * inputs, inputs, 4 * Units, 4, of_x);
        const auto b = gates_of(how, matrix{p.recurrent_weights, nullptr, p.recurrent_scales}, h.data(), Units,
                                4 * Units, 4, p.output);
        for (std::size_t u = 0; u < Units; ++u) {
            const auto gate = [&](std::size_t g) { return sixteen_bits(a[g * Units + u] + b[g * Units + u]); };
            const std::int32_t i = functions::sigmoid(gate(0)), f = functions::sigmoid(gate(1)),
                               g = functions::tanh(gate(2), -12), o = functions::sigmoid(gate(3));
            const std::int64_t kept = sixteen_bits(rescaled(how, std::int64_t{f} * c[u], std::ldexp(1.0, -15))),
                               added = sixteen_bits(rescaled(how, std::int64_t{i} * g, std::ldexp(1.0, -30) / of_cell));
            c[u] = std::clamp(sixteen_bits(kept + added), -p.cell_limit, p.cell_limit);
            const std::int64_t out =
                sixteen_bits(rescaled(how, std::int64_t{functions::tanh(c[u], exponent)} * o,
                                      std::ldexp(1.0, -30) / static_cast<double>(p.output.scale))) +
                p.output.zero_point;
            h[u] = static_cast<std::int8_t>(std::clamp<std::int64_t>(out, -128, 127));
        }
        all.insert(all.end(), h.begin(), h.end());
    }
    return all;
}

template <std::size_t Units, class Parameters>
std::vector<std::int8_t> plain_gru(rule how, const Parameters& p, quantization of_x, const std::int8_t* x,
                                   std::size_t inputs, std::size_t length) {
    using functions = rounding::gate_functions;
    constexpr bool resets_before = requires {
        p.candidate_weights;
    };
    const std::int32_t zero = p.output.zero_point;
    const double half = std::ldexp(1.0, -15);
    std::vector<std::int8_t> all;
    std::vector<std::int32_t> g(Units, 0);
    for (std::size_t t = 0; t < length; ++t) {
        const auto hidden = [&](std::size_t u) {
            const std::int64_t steps = sixteen_bits(rescaled(how, g[u], half / static_cast<double>(p.output.scale)));
            return static_cast<std::int8_t>(std::clamp<std::int64_t>(steps + zero, -128, 127));
        };
        std::vector<std::int8_t> h;
        for (std::size_t u = 0; u < Units; ++u) h.push_back(hidden(u));
        constexpr std::size_t blocks = resets_before ? 2 : 3;
        const auto a =
            gates_of(how, matrix{p.weights, p.bias.values, p.scales}, x + t * inputs, inputs, 3 * Units, 3, of_x);
        const std::int32_t* recurrent_bias = nullptr;
        if constexpr (!resets_before) recurrent_bias = p.recurrent_bias.values;
        const auto b = gates_of(how, matrix{p.recurrent_weights, recurrent_bias, p.recurrent_scales}, h.data(), Units,
                                blocks * Units, blocks, p.output);
        std::vector<std::int32_t> r, z, n;
        for (std::size_t u = 0; u < Units; ++u) {
            r.push_back(functions::sigmoid(sixteen_bits(a[u] + b[u])));
            z.push_back(functions::sigmoid(sixteen_bits(a[Units + u] + b[Units + u])));
        }
        if constexpr (resets_before) {
            std::vector<std::int8_t> reset;
            for (std::size_t u = 0; u < Units; ++u)
                reset.push_back(
                    static_cast<std::int8_t>(zero + rescaled(how, std::int64_t{r[u]} * (h[u] - zero), half)));
            const auto c = gates_of(how, matrix{p.candidate_weights, nullptr, p.candidate_scales}, reset.data(), Units,
                                    Units, 1, p.output);
            for (std::size_t u = 0; u < Units; ++u)
                n.push_back(functions::tanh(sixteen_bits(a[2 * Units + u] + c[u]), -12));
        } else {
            for (std::size_t u = 0; u < Units; ++u)
                n.push_back(functions::tanh(
                    sixteen_bits(a[2 * Units + u] + rescaled(how, std::int64_t{r[u]} * b[2 * Units + u], half)), -12));
        }
        for (std::size_t u = 0; u < Units; ++u) {
            g[u] = sixteen_bits(n[u] + rescaled(how, std::int64_t{z[u]} * (g[u] - n[u]), half));
            all.push_back(hidden(u));
        }
    }
    return all;
}

template <class Net>
Net random_network(std::uint64_t seed, double largest) {
    Net net{};
    std::uint64_t next = seed;
    for_each_parameter(net, [&](auto, const char*, auto& member) {
        random_engine engine{++next};
        for (auto& number : member)
            number =
                static_cast<std::remove_reference_t<decltype(number)>>(draw_uniform<double>(engine, -largest, largest));
    });
    return net;
}

template <std::size_t Count, class Shape>
tensor<float, batch_of<Count, Shape>> random_samples(std::uint64_t seed, float largest) {
    tensor<float, batch_of<Count, Shape>> x{};
    random_engine engine{seed};
    for (float& number : x) number = draw_uniform<float>(engine, -largest, largest);
    return x;
}

template <class Shape>
tensor<std::int8_t, Shape> random_integers(std::uint64_t seed) {
    tensor<std::int8_t, Shape> x{};
    random_engine engine{seed};
    for (auto& one : x) one = static_cast<std::int8_t>(engine());
    return x;
}

using sequence_net = network<float, input<7, 3>, lstm<5>>;
using last_net = network<float, input<7, 3>, lstm<5, last_step>, dense<2>>;

/// The same of a GRU.
template <class Layer, class Rounding, class Granularity>
void compare_gru_with_loops(double largest) {
    using net_type = network<float, input<7, 3>, Layer>;
    const auto net = random_network<net_type>(3, largest);
    const auto ranges = calibrate(net, random_samples<4, shape<7, 3>>(1, 2.0f));
    const auto q = quantize<Rounding, Granularity, ends_in_integers>(net, ranges);
    using layer = typename decltype(q)::quantized_layers::template layer<0>;
    static_assert(layer::is_integer);
    const auto p = layer::choose(get<0>(net), q.input, boost::hana::at_c<0>(ranges.chain.layers));
    std::size_t differences = 0, changes = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const auto x = random_integers<shape<7, 3>>(seed);
        const auto y = q(x);
        const auto expected = plain_gru<5>(rule_of<Rounding>, p, q.input, x.values, 3, 7);
        for (std::size_t i = 0; i < 35; ++i) {
            if (y[i] != expected[i]) ++differences;
            if (i >= 5 && y[i] != y[i - 5]) ++changes;
        }
    }
    BOOST_TEST(differences == 0u);
    BOOST_TEST(changes > 200u * 30u / 4);
}

BOOST_AUTO_TEST_CASE(a_gru_computes_its_formulas) {
    compare_gru_with_loops<gru<5>, rounding::twice, per_tensor>(0.5);
    compare_gru_with_loops<gru<5>, rounding::once, per_channel>(1);
    compare_gru_with_loops<gru<5>, rounding::half_even, per_channel>(1);
    compare_gru_with_loops<gru<5>, rounding::twice, per_channel>(10);
    compare_gru_with_loops<gru<5, reset_before>, rounding::twice, per_tensor>(0.5);
    compare_gru_with_loops<gru<5, reset_before>, rounding::once, per_channel>(1);
    compare_gru_with_loops<gru<5, reset_before>, rounding::half_even, per_tensor>(1);
    compare_gru_with_loops<gru<5, reset_before>, rounding::twice, per_channel>(10);
}

/// Whether the layer computes what the loops do, for parameters of any size.
template <class Rounding, class Granularity>
void compare_with_loops(double largest, int exponent, std::int32_t limit) {
    using quantized_type = quantized<sequence_net, Rounding, Granularity, ends_in_integers>;
    const auto net = random_network<sequence_net>(3, largest);
    auto q =
        quantize<Rounding, Granularity, ends_in_integers>(net, calibrate(net, random_samples<4, shape<7, 3>>(1, 2.0f)));
    using layer = typename quantized_type::quantized_layers::template layer<0>;
    typename quantized_type::parameters p{};
    p.input = q.input;
    auto& mine = boost::hana::at_c<0>(p.layers.layers);
    mine = layer::choose(get<0>(net), q.input,
                         boost::hana::at_c<0>(calibrate(net, random_samples<4, shape<7, 3>>(1, 2.0f)).chain.layers));
    BOOST_TEST((quantized_type::from(p) == q));
    mine.cell.scale = std::ldexp(1.0f, exponent);
    mine.cell_limit = limit;
    q = quantized_type::from(p);
    std::size_t differences = 0, ends = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const auto x = random_integers<shape<7, 3>>(seed);
        const auto y = q(x);
        const auto expected = plain_lstm<5>(rule_of<Rounding>, mine, p.input, x.values, 3, 7);
        for (std::size_t i = 0; i < 35; ++i) {
            if (y[i] != expected[i]) ++differences;
            if (y[i] == 127 || y[i] == -128) ++ends;
        }
    }
    BOOST_TEST(differences == 0u);
    BOOST_TEST(ends < 200u * 35u / 2);
}

BOOST_AUTO_TEST_CASE(an_lstm_computes_its_formulas) {
    compare_with_loops<rounding::twice, per_tensor>(0.5, -15, 32768);
    compare_with_loops<rounding::twice, per_channel>(0.5, -12, 32767);
    compare_with_loops<rounding::once, per_tensor>(1, -12, 32768);
    compare_with_loops<rounding::once, per_channel>(1, -10, 1000);
    compare_with_loops<rounding::half_even, per_tensor>(1, -12, 32768);
    compare_with_loops<rounding::half_even, per_channel>(3, -11, 2048);
    // Gates and cells at their bounds.
    compare_with_loops<rounding::twice, per_tensor>(30, -15, 32768);
    compare_with_loops<rounding::twice, per_tensor>(30, -15, 20000);
    compare_with_loops<rounding::half_even, per_tensor>(100, -15, 32768);
}

// --- By hand: one unit, one input, weights that are powers of two.

constexpr auto by_hand = [] {
    using net_type = network<float, input<2, 1>, lstm<1>>;
    using quantized_type = quantized<net_type, rounding::twice, per_tensor, ends_in_integers>;
    quantized_type::parameters p{};
    p.input = {0.0625f, 2};
    auto& layer = boost::hana::at_c<0>(p.layers.layers);
    layer = {.weights = {0, 0, 64, 0},
             .bias = {0, 0, 0, 0},
             .scales = {1, 1, 0.015625f, 1},
             .recurrent_weights = {0, 0, 0, 0},
             .recurrent_scales = {1, 1, 1, 1},
             .output = {0.0078125f, -3},
             .cell = {1.0f / 32768, 0},
             .cell_limit = 32768};
    return quantized_type::from(p);
}();
// g = tanh(1 (18 - 2) / 16) = tanh(1), i = f = o = 1/2: c(1) = 0.3808, h = tanh(c) / 2 = 0.18171 = 23.26 / 128. Then x is 0:
// c(2) = 0.1904, h = 0.09406 = 12.04 / 128.
static_assert(by_hand(tensor<std::int8_t, shape<2, 1>>{18, 2}) == tensor<std::int8_t, shape<2, 1>>{23 - 3, 12 - 3});
static_assert(by_hand(tensor<std::int8_t, shape<2, 1>>{2, 18}) == tensor<std::int8_t, shape<2, 1>>{-3, 23 - 3});

// --- Both phases, and the distance from the network.

constexpr last_net small = [] {
    last_net net{};
    random_engine engine{7};
    for (auto* const numbers : {&get<0>(net).weights.values[0], &get<0>(net).recurrent_weights.values[0],
                                &get<0>(net).bias.values[0], &get<1>(net).weights.values[0]}) {
        const std::size_t count = numbers == &get<0>(net).weights.values[0]             ? 60
                                  : numbers == &get<0>(net).recurrent_weights.values[0] ? 100
                                  : numbers == &get<0>(net).bias.values[0]              ? 20
                                                                                        : 10;
        for (std::size_t i = 0; i < count; ++i) numbers[i] = draw_uniform<float>(engine, -1, 1);
    }
    return net;
}();
constexpr auto sample = [] {
    tensor<float, shape<2, 7, 3>> x{};
    random_engine engine{8};
    for (float& number : x) number = draw_uniform<float>(engine, -2, 2);
    return x;
}();
constexpr auto sample_ranges = calibrate(small, sample);
constexpr auto in_a_constant = quantize<rounding::twice>(small, sample_ranges);
constexpr tensor<std::int8_t, shape<7, 3>> integers{1, -7, 100, -128, 127, 0,  3,    5, -60, 99, -1,
                                                    2, 42, 8,   -8,   12,  77, -100, 0, 1,   -5};
constexpr auto answer = in_a_constant(integers);

BOOST_AUTO_TEST_CASE(an_lstm_has_the_same_integers_in_both_phases) {
    const auto net = opaque(small);
    const auto q = quantize<rounding::twice>(net, calibrate(net, opaque(sample)));
    BOOST_TEST((q == in_a_constant));
    BOOST_TEST((q(opaque(integers)) == answer));
    BOOST_TEST((decltype(in_a_constant)::quantized_layers::layer<0>::is_integer));
    // The state's range is that of all steps.
    const auto& inner = boost::hana::at_c<0>(sample_ranges.chain.layers).inner;
    BOOST_TEST(inner.hidden.upper >= boost::hana::at_c<0>(sample_ranges.chain.layers).output.upper);
    BOOST_TEST((inner.cell.upper > inner.hidden.upper && inner.cell.lower < inner.hidden.lower));
}

template <class Rounding, class Granularity, class Net>
double worst_difference(const Net& net) {
    const auto x = random_samples<64, typename Net::input_shape>(11, 2.0f);
    const auto q = quantize<Rounding, Granularity, ends_in_integers>(net, calibrate(net, x));
    double worst = 0;
    const auto samples = as_samples(x);
    for (std::size_t i = 0; i < 64; ++i) {
        typename Net::input_type one{};
        std::copy_n(samples[i], Net::input_shape::size, one.begin());
        const auto real = net(one), rounded = q(one);
        for (std::size_t k = 0; k < Net::output_shape::size; ++k)
            worst = std::max(worst, std::abs(static_cast<double>(real[k]) - static_cast<double>(rounded[k])));
    }
    BOOST_TEST_MESSAGE("the worst difference is " << worst);
    return worst;
}

BOOST_AUTO_TEST_CASE(an_lstm_of_integers_is_near_that_of_real_numbers) {
    using longer = network<float, input<30, 6>, lstm<12>>;
    const auto net = random_network<longer>(5, 0.6);
    BOOST_TEST((worst_difference<rounding::twice, per_tensor>(net) < 0.03));
    BOOST_TEST((worst_difference<rounding::twice, per_channel>(net) < 0.03));
    BOOST_TEST((worst_difference<rounding::once, per_channel>(net) < 0.03));
    BOOST_TEST((worst_difference<rounding::half_even, per_channel>(net) < 0.03));
    // Two layers, in both directions.
    using both = network<float, input<10, 4>, bidirectional<lstm<6>>, lstm<5, last_step>, dense<3>>;
    static_assert(
        quantized<both, rounding::twice, per_tensor, ends_in_integers>::quantized_layers::layer<0>::is_integer);
    BOOST_TEST((worst_difference<rounding::twice, per_channel>(random_network<both>(6, 0.6)) < 0.02));
}

BOOST_AUTO_TEST_CASE(a_gru_of_integers_is_near_that_of_real_numbers) {
    using after = network<float, input<30, 6>, gru<12>>;
    using before = network<float, input<30, 6>, gru<12, reset_before>, gru<5, last_step>>;
    BOOST_TEST((worst_difference<rounding::twice, per_tensor>(random_network<after>(5, 0.6)) < 0.03));
    BOOST_TEST((worst_difference<rounding::half_even, per_channel>(random_network<after>(5, 0.6)) < 0.03));
    BOOST_TEST((worst_difference<rounding::once, per_channel>(random_network<before>(6, 0.6)) < 0.03));
    // A state that hardly changes in a step is not lost in the rounding of 8 bits: from 0, h(t) = 1 - z^t of z = 0.998.
    using slow = network<float, input<400, 1>, gru<1>>;
    slow net{};
    get<0>(net).bias = {0, 6.2126f, 20};
    const auto q = quantize<rounding::twice, per_tensor, ends_in_integers>(
        net, calibrate(net, random_samples<1, shape<400, 1>>(1, 1.0f)));
    const auto one = random_samples<1, shape<400, 1>>(2, 1.0f);
    tensor<float, shape<400, 1>> x{};
    std::copy_n(one.begin(), 400, x.begin());
    BOOST_TEST(net(x)[399] > 0.5f);
    BOOST_TEST(std::abs(q(x)[399] - net(x)[399]) < 0.02f);
}

BOOST_AUTO_TEST_CASE(others_run_in_float) {
    using relus = network<float, input<4, 3>, lstm<5, relu>>;
    using begun = network<float, input<4, 3>, lstm<5, initial_state>>;
    using softsigns = network<float, input<4, 3>, gru<5, softsign>>;
    static_assert(
        !quantized<relus, rounding::twice, per_tensor, ends_in_integers>::quantized_layers::layer<0>::is_integer);
    static_assert(
        !quantized<begun, rounding::twice, per_tensor, ends_in_integers>::quantized_layers::layer<0>::is_integer);
    static_assert(
        !quantized<softsigns, rounding::twice, per_tensor, ends_in_integers>::quantized_layers::layer<0>::is_integer);
    BOOST_TEST((worst_difference<rounding::twice, per_tensor>(random_network<begun>(8, 0.5)) < 0.01));
}

BOOST_AUTO_TEST_CASE(a_hull_has_the_state_of_both) {
    const auto net = random_network<sequence_net>(9, 1);
    const auto one = calibrate(net, random_samples<3, shape<7, 3>>(1, 1.0f)),
               other = calibrate(net, random_samples<3, shape<7, 3>>(2, 1.0f)), either = hull(one, other),
               both = intersection(one, other);
    using gru_net = network<float, input<7, 3>, gru<4>>;
    const auto of_gru = random_network<gru_net>(9, 1);
    const auto first = calibrate(of_gru, random_samples<3, shape<7, 3>>(1, 1.0f)),
               second = calibrate(of_gru, random_samples<3, shape<7, 3>>(2, 1.0f));
    const auto hidden = [](const auto& from) { return boost::hana::at_c<0>(from.chain.layers).inner.hidden; };
    BOOST_TEST(hidden(hull(first, second)).lower == std::min(hidden(first).lower, hidden(second).lower));
    const auto over_box = calibrate(of_gru, box<float, shape<7, 3>>::all(-1, 1));
    BOOST_TEST(hidden(hull(over_box, second)).lower == hidden(over_box).lower);
    const auto cell = [](const auto& from) { return boost::hana::at_c<0>(from.chain.layers).inner.cell; };
    BOOST_TEST(cell(either).upper == std::max(cell(one).upper, cell(other).upper));
    BOOST_TEST(cell(both).lower == std::max(cell(one).lower, cell(other).lower));
}

BOOST_AUTO_TEST_CASE(ranges_over_a_box_contain_every_state) {
    const auto net = random_network<sequence_net>(10, 1);
    const auto ranges = calibrate(net, box<float, shape<7, 3>>::all(-1, 1));
    const auto& inner = boost::hana::at_c<0>(ranges.chain.layers).inner;
    const auto seen = hull(ranges, calibrate(net, random_samples<16, shape<7, 3>>(3, 1.0f)));
    BOOST_TEST((boost::hana::at_c<0>(seen.chain.layers).inner == inner));
    const auto q = quantize<rounding::twice, per_channel, ends_in_integers>(net, ranges);
    const auto x = random_samples<1, shape<7, 3>>(4, 1.0f);
    tensor<float, shape<7, 3>> one{};
    std::copy_n(x.begin(), 21, one.begin());
    const auto bounds = error_bounds(net, q, box<float, shape<7, 3>>{one, one});
    for (std::size_t i = 0; i < 35; ++i) {
        const float difference = std::abs(net(one)[i] - q(one)[i]);
        BOOST_TEST(difference < 0.05f);
        BOOST_TEST(static_cast<double>(difference) <= bounds[i]);
    }
}

BOOST_AUTO_TEST_CASE(an_lstm_of_zeros_gives_zeros) {
    const sequence_net net{};
    const auto q = quantize<rounding::twice>(net, calibrate(net, random_samples<2, shape<7, 3>>(1, 1.0f)));
    for (const float number : q(random_samples<1, shape<7, 3>>(2, 1.0f))) BOOST_TEST(number == 0.0f);
}

}  // namespace
