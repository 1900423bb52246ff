// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_bounds_cases
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>
#include <ctnn/quantize/calibrate_box.hpp>
#include <ctnn/quantize/combined_ranges.hpp>
#include <ctnn/quantize/error_bound.hpp>

#include <boost/hana/at.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace {

using namespace ctnn;
using test_support::opaque;

template <class Net>
constexpr Net filled(std::uint64_t seed) {
    Net net{};
    random_engine engine{seed};
    for_each_parameter(net, [&](auto, const char*, auto& values) {
        for (auto& value : values) value = draw_uniform<float>(engine, -1.0f, 1.0f);
    });
    return net;
}

// --- By how much rescaling is off

template <class Rounding>
double largest_error(std::int32_t multiplier, int exponent) {
    typename Rounding::template factors<1> one{};
    one.set(0, rounding::fixed_point{multiplier, exponent}.number());
    random_engine engine{3};
    double largest = 0;
    for (int i = 0; i < 200000; ++i) {
        const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(engine())) / 16;
        const double exact = static_cast<double>(sum) * one.number(0),
                     error = std::abs(static_cast<double>(one(sum, 0)) - exact);
        BOOST_REQUIRE(error <= one.error(0, std::abs(exact)));
        largest = std::max(largest, error);
    }
    return largest;
}

BOOST_AUTO_TEST_CASE(errors_of_rescaling) {
    // Of two roundings, the first is of half a unit of the product, here half of one, a quarter and so on of the output.
    for (int k = 1; k < 6; ++k) {
        const double error = largest_error<rounding::twice>(1518500249, -k);
        BOOST_TEST(error > 0.5 + 0.9 * std::ldexp(0.5, -k));
    }
    BOOST_TEST(largest_error<rounding::twice>(1518500249, 0) > 0.499);
    BOOST_TEST(largest_error<rounding::once>(1518500249, -3) > 0.499);
    BOOST_TEST(largest_error<rounding::half_even>(1518500249, -12) > 0.499);
    BOOST_TEST(largest_error<rounding::half_even>(1518500249, -7) > 0.499);
}

// --- Lines

BOOST_AUTO_TEST_CASE(lines_enclose_differences) {
    random_engine engine{4};
    std::size_t outside = 0;
    double closest = 1;
    const auto between = [&](double low, double high) { return draw_uniform<double>(engine, low, high); };
    for (int i = 0; i < 2000; ++i) {
        const double l = between(-1, 1), u = l + between(0, 1), zl = between(-2, 1), zu = zl + between(0, 2);
        const slope_range slopes{between(-1, 0.5), between(0.5, 1)};
        const detail::clamp_to clamp{between(-1, 0), between(0, 1)};
        const detail::interval d{l, u}, z{zl, zu};
        const relaxation products = detail::product_lines(slopes, d),
                         clamps = detail::clamp_lines(clamp, z, detail::outer_sum(z, d), d);
        const auto check = [&](const relaxation& lines, double x, double y) {
            const double below = y - (lines.lower_slope * x + lines.lower_offset),
                         above = lines.upper_slope * x + lines.upper_offset - y;
            if (below < 0 || above < 0 || y < lines.lowest || y > lines.highest) ++outside;
            closest = std::min(closest, std::min(below, above));
        };
        for (int k = 0; k < 50; ++k) {
            const double x = k == 0   ? l
                             : k == 1 ? u
                                      : between(l, u),
                         at = k % 4 == 0   ? zl
                              : k % 4 == 1 ? zu
                                           : between(zl, zu);
            check(products, x, (k % 2 == 0 ? slopes.least : slopes.most) * x);
            check(clamps, x, clamp(at + x) - clamp(at));
        }
    }
    BOOST_TEST(outside == 0u);
    BOOST_TEST(closest < 1e-9);
}

// --- Networks of one input: all errors can be tried

template <class Net, class Q>
double largest_difference(const Net& net, const Q& q, float lower, float upper) {
    double largest = 0;
    constexpr int steps = 400000;
    for (int i = 0; i <= steps; ++i) {
        const float x = lower + (upper - lower) * (static_cast<float>(i) / steps);
        const auto near = q({x}), real = net({x});
        for (std::size_t k = 0; k < real.size(); ++k)
            largest = std::max(largest, std::abs(static_cast<double>(near[k]) - static_cast<double>(real[k])));
    }
    return largest;
}

template <class Net, class Rounding, class End>
void expect_tight(float lower, float upper, double share) {
    const Net net = filled<Net>(5);
    const auto inside = box<float, shape<1>>::all(lower, upper);
    const auto q = quantize<Rounding, per_channel, End>(net, calibrate(net, inside));
    const double bound = error_bound(net, q, inside), seen = largest_difference(net, q, lower, upper);
    BOOST_TEST_CONTEXT(share) {
        BOOST_TEST(seen <= bound);
        BOOST_TEST(seen >= share * bound);
    }
}

BOOST_AUTO_TEST_CASE(of_one_input) {
    // A layer in float, whose outputs are quantised.
    expect_tight<network<float, input<1>, scale<relu>>, rounding::once, ends_in_integers>(-1, 2, 0.6);
    using line = network<float, input<1>, dense<1>>;
    expect_tight<line, rounding::twice, ends_in_sums>(-1, 2, 0.95);
    expect_tight<line, rounding::twice, ends_in_integers>(-1, 2, 0.7);
    expect_tight<line, rounding::half_even, ends_in_integers>(-1, 2, 0.7);
    expect_tight<network<float, input<1>, dense<3, relu>>, rounding::once, ends_in_integers>(-1, 2, 0.7);
    expect_tight<network<float, input<1>, dense<1, ctnn::tanh>>, rounding::once, ends_in_integers>(-3, 2, 0.6);
    expect_tight<network<float, input<1>, dense<1, ctnn::tanh>>, rounding::once, ends_in_sums>(-3, 2, 0.8);
    expect_tight<network<float, input<1>, dense<2, softmax>>, rounding::once, ends_in_sums>(-3, 2, 0.5);
    expect_tight<network<float, input<1>, dense<2, log_softmax>>, rounding::once, ends_in_sums>(-3, 2, 0.4);
    expect_tight<network<float, input<1>, dense<2, relu6>>, rounding::twice, ends_in_integers>(-20, 20, 0.5);
}

// --- Saturation: ranges of fewer values than the box has

BOOST_AUTO_TEST_CASE(saturation_is_in_the_bound) {
    using net_type = network<float, input<1>, dense<4, relu>, dense<2>>;
    const auto net = filled<net_type>(6);
    const auto narrow = box<float, shape<1>>::all(-1, 1), wide = box<float, shape<1>>::all(-4, 4);
    const auto q = quantize<rounding::twice>(net, calibrate(net, narrow));
    const double of_narrow = error_bound(net, q, narrow), of_wide = error_bound(net, q, wide);
    BOOST_TEST(largest_difference(net, q, -1, 1) <= of_narrow);
    const double seen = largest_difference(net, q, -4, 4);
    BOOST_TEST(seen > 10 * of_narrow);
    BOOST_TEST(seen <= of_wide);
    BOOST_TEST(seen > 0.4 * of_wide);
    // Only layers in between saturate.
    auto ranges_of = calibrate(net, wide);
    boost::hana::at_c<0>(ranges_of.chain.layers).output.upper /= 3;
    const auto cut = quantize<rounding::once>(net, ranges_of);
    const double seen_cut = largest_difference(net, cut, -4, 4), of_cut = error_bound(net, cut, wide);
    BOOST_TEST(seen_cut > 10 * error_bound(net, quantize<rounding::once>(net, calibrate(net, wide)), wide));
    BOOST_TEST(seen_cut <= of_cut);
    BOOST_TEST(seen_cut > 0.3 * of_cut);
    // The argument of a table alone, and a layer in float alone.
    using other_type = network<float, input<1>, dense<3, ctnn::sigmoid>, scale<relu>, dense<2>>;
    const auto other = filled<other_type>(7);
    const auto expect = [&](const auto& of_other, double part) {
        const auto other_cut = quantize<rounding::half_even>(other, of_other);
        const double seen_here = largest_difference(other, other_cut, -4, 4),
                     bound = error_bound(other, other_cut, wide);
        BOOST_TEST(seen_here <= bound);
        BOOST_TEST(seen_here > part * bound);
    };
    auto of_argument = calibrate(other, wide), of_float = of_argument;
    boost::hana::at_c<0>(of_argument.chain.layers).linear.upper /= 4;
    expect(of_argument, 0.2);
    boost::hana::at_c<1>(of_float.chain.layers).output.upper /= 2;
    expect(of_float, 0.2);
}

// --- What is bounded is what the integers compute, whoever chose them

BOOST_AUTO_TEST_CASE(other_integers_have_other_bounds) {
    using net_type = network<float, input<1>, dense<4, ctnn::tanh>, dense<2>>;
    const auto net = filled<net_type>(6);
    const auto inside = box<float, shape<1>>::all(-1, 1);
    const auto q = quantize<rounding::twice>(net, calibrate(net, inside));
    const double seen_before = largest_difference(net, q, -1, 1);
    const auto expect = [&](const auto& other) {
        const double seen = largest_difference(net, other, -1, 1);
        BOOST_TEST(seen > 1.5 * seen_before);
        BOOST_TEST(seen <= error_bound(net, other, inside));
    };
    auto weights = q;
    boost::hana::at_c<0>(weights.layers.layers).weights.weights[2] ^= 64;
    expect(weights);
    auto bias = q;
    boost::hana::at_c<1>(bias.layers.layers).weights.bias[1] += 300;
    expect(bias);
    auto table = q;
    auto& entries = boost::hana::at_c<0>(table.layers.layers).activation.table;
    for (auto& entry : entries) entry = static_cast<std::int8_t>(entry / 2);
    expect(table);
    auto factor = q;
    boost::hana::at_c<0>(factor.layers.layers).factors.exponent[1] += 1;
    expect(factor);
    // A layer in float that is another one: nothing is known.
    using with_float = network<float, input<2>, dense<2>, layer_norm<>, dense<2>>;
    const auto normed = filled<with_float>(8);
    const auto narrow = box<float, shape<2>>{.lower = {0.5f, -0.5f}, .upper = {0.51f, -0.49f}};
    auto of_float = quantize<rounding::twice>(normed, calibrate(normed, narrow));
    BOOST_TEST(std::isfinite(error_bound(normed, of_float, narrow)));
    boost::hana::at_c<1>(of_float.layers.layers).layer.weights[0] += 1;
    BOOST_TEST(error_bound(normed, of_float, narrow) == std::numeric_limits<double>::infinity());
    // Values that may overflow.
    auto large = net;
    get<0>(large).weights[0] = 3e38f;
    BOOST_TEST(error_bound(large, q, box<float, shape<1>>::all(-8, 8)) == std::numeric_limits<double>::infinity());
}

// --- Phases, and the input's own quantisation

constexpr auto both_net = filled<network<float, input<3>, dense<4, relu>, dense<3, softmax>>>(9);
constexpr auto both_box = box<float, shape<3>>{.lower = {-1, 0, 0.5f}, .upper = {1, 2, 0.5f}};
constexpr auto both_q = quantize<rounding::half_even>(both_net, calibrate(both_net, both_box));

BOOST_AUTO_TEST_CASE(phases_agree) {
    constexpr auto logits = error_bounds<false>(both_net, both_q, both_box);
    constexpr auto outputs = error_bounds(both_net, both_q, both_box);
    constexpr double largest = error_bound(both_net, both_q, both_box);
    static_assert(largest == (std::max)({outputs[0], outputs[1], outputs[2]}) && largest < 0.02);
    static_assert(logits[0] > outputs[0] && logits[0] < 0.05);
    // A proof's own arithmetic may be fused at run time.
    const auto is_near = [](const auto& one, const auto& other) {
        bool result = true;
        for (std::size_t i = 0; i < one.size(); ++i) result = result && std::abs(one[i] - other[i]) <= 1e-9 * other[i];
        return result;
    };
    BOOST_TEST(is_near(error_bounds<false>(opaque(both_net), opaque(both_q), opaque(both_box)), logits));
    BOOST_TEST(is_near(error_bounds(opaque(both_net), opaque(both_q), opaque(both_box)), outputs));
    constexpr auto of_box = calibrate(both_net, both_box);
    const auto at_run_time = calibrate(opaque(both_net), opaque(both_box));
    const value_range here = boost::hana::at_c<1>(at_run_time.chain.layers).linear,
                      there = boost::hana::at_c<1>(of_box.chain.layers).linear;
    BOOST_TEST((std::abs(here.lower - there.lower) < 1e-5f && std::abs(here.upper - there.upper) < 1e-5f));
    static_assert(of_box.input == value_range{-1, 2});
}

BOOST_AUTO_TEST_CASE(of_a_single_input) {
    using net_type = network<float, input<3>, dense<2>>;
    const auto net = filled<net_type>(10);
    const auto q = quantize<rounding::twice>(net, calibrate(net, box<float, shape<3>>::all(-1, 1)));
    random_engine engine{11};
    for (int i = 0; i < 100; ++i) {
        tensor<float, shape<3>> x{};
        for (float& value : x) value = draw_uniform<float>(engine, -1.0f, 1.0f);
        const auto real = net(x), near = q(x);
        const auto bounds = error_bounds(net, q, box<float, shape<3>>{x, x});
        for (std::size_t k = 0; k < 2; ++k) {
            const double seen = std::abs(static_cast<double>(near[k]) - static_cast<double>(real[k]));
            // Nothing but the rounding of float is unknown.
            BOOST_TEST(seen <= bounds[k]);
            BOOST_TEST(bounds[k] <= seen + 1e-5);
        }
    }
}

// --- Ranges

BOOST_AUTO_TEST_CASE(ranges_over_a_box) {
    using net_type =
        network<float, input<2>, dense<4, ctnn::tanh>, residual<dense<4, relu>, dense<4>>, dense<3, softmax>>;
    static constexpr auto net = filled<net_type>(12);
    constexpr box<float, shape<2>> inside{.lower = {-1, 0.25f}, .upper = {2, 0.5f}};
    constexpr auto of_box = calibrate(net, inside);
    tensor<float, shape<2000, 2>> samples{};
    random_engine engine{13};
    for (std::size_t i = 0; i < 2000; ++i)
        for (std::size_t k = 0; k < 2; ++k)
            samples(i, k) = i % 2 == 0                ? draw_uniform<float>(engine, inside.lower[k], inside.upper[k])
                            : (i >> (k + 1)) % 2 == 0 ? inside.lower[k]
                                                      : inside.upper[k];
    const auto of_samples = calibrate(net, samples);
    std::size_t outside = 0, narrower = 0, count = 0;
    auto compared = of_box;
    detail::each_range::of_chain(compared.chain, of_samples.chain,
                                 [&](const value_range& proved, const value_range& seen) {
                                     ++count;
                                     if (seen.lower < proved.lower || seen.upper > proved.upper) ++outside;
                                     if (seen.upper - seen.lower > 0.3f * (proved.upper - proved.lower)) ++narrower;
                                 });
    // Of three layers, two of them in a branch, and the inputs of the residual.
    BOOST_TEST(count == 10u);
    BOOST_TEST(outside == 0u);
    BOOST_TEST(narrower == count);
    BOOST_TEST((of_box.input == value_range{-1, 2}));
    const auto equal = [](auto one, const auto& other) {
        bool result = one.input == other.input;
        detail::each_range::of_chain(one.chain, other.chain,
                                     [&](const value_range& x, const value_range& y) { result = result && x == y; });
        return result;
    };
    BOOST_TEST(equal(hull(of_box, of_samples), of_box));
    BOOST_TEST(equal(intersection(of_box, of_samples), of_samples));
    BOOST_TEST(!equal(of_box, of_samples));
}

BOOST_AUTO_TEST_CASE(ranges_are_rounded_outwards) {
    static_assert(detail::float_below(0.1) < 0.1 && detail::float_above(0.1) > 0.1);
    static_assert(detail::float_below(-0.1) < -0.1 && detail::float_above(-0.1) > -0.1);
    static_assert(detail::float_above(0.1) - detail::float_below(0.1) < 1e-8f);
    static_assert(detail::float_below(0.5) == 0.5f && detail::float_above(-0.5) == -0.5f &&
                  detail::float_below(0) == 0);
    static_assert(detail::float_below(1e-60) == 0 && detail::float_above(1e-60) > 0 && detail::float_below(-1e-60) < 0);
    static_assert(detail::float_above(1e300) == std::numeric_limits<float>::infinity());
    static_assert(detail::float_below(1e300) == (std::numeric_limits<float>::max)());
    BOOST_TEST(detail::float_below(opaque(0.3)) < 0.3);
}

}  // namespace
