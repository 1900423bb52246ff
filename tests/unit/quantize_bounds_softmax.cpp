// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_bounds_softmax
#include <boost/test/unit_test.hpp>

#include "quantize_attack.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace {

using namespace ctnn;
using test_support::expect_at_run_time;
using test_support::expect_one;
using test_support::expect_points;
using test_support::filled;

// --- The rules by themselves

/// The largest error of the outputs of random rows, in their units.
template <std::size_t Width, class Rule>
double largest_error(const Rule& rule, float scale, std::int32_t spread) {
    random_engine engine{7};
    const double bound = 256 * detail::softmax_error(rule, static_cast<double>(scale), Width) + 0.5;
    double largest = 0;
    for (int n = 0; n < 20000; ++n) {
        std::int8_t y[Width];
        double sum = 0, exponentials[Width];
        for (std::size_t i = 0; i < Width; ++i) {
            y[i] = static_cast<std::int8_t>(127 -
                                            static_cast<std::int32_t>(engine() % static_cast<std::uint64_t>(spread)));
            sum += exponentials[i] = std::exp(static_cast<double>(scale) * (y[i] - 127));
        }
        rule.template forward<Width>(y);
        for (std::size_t i = 0; i < Width; ++i) {
            const double exact = 256 * exponentials[i] / sum, error = std::abs(y[i] + 128 - exact);
            // The largest integer is 255.
            BOOST_REQUIRE(error <= std::max(bound, exact - 255 + 1e-9));
            largest = std::max(largest, std::min(error, bound));
        }
    }
    BOOST_TEST(largest <= bound);
    return largest / bound;
}
template <class Rounding>
void expect_rule() {
    for (const float scale : {0.5f, 0.05f, 0.003f}) {
        typename Rounding::softmax_rule rule{};
        rule.set({scale, 3}, {1.0f / 256, -128});
        BOOST_TEST(detail::softmax_error(rule, static_cast<double>(scale), 10) < 0.0001);
        BOOST_TEST(largest_error<10>(rule, scale, 100) > 0.95);
        BOOST_TEST(largest_error<2>(rule, scale, 200) > 0.95);
        BOOST_TEST(largest_error<500>(rule, scale, 256) > 0.5);
    }
}
BOOST_AUTO_TEST_CASE(errors_of_rules) {
    expect_rule<rounding::twice>();
    expect_rule<rounding::half_even>();
    expect_rule<rounding::half_even_float<std::uint8_t>>();
    // Exponentials that are others have another bound.
    rounding::half_even::softmax_rule rule{};
    rule.set({0.05f, 3}, {1.0f / 256, -128});
    rule.exponentials[20] += 0.125f;
    BOOST_TEST(detail::softmax_error(rule, static_cast<double>(0.05f), 3) > 0.125);
}

BOOST_AUTO_TEST_CASE(reciprocals) {
    random_engine engine{8};
    double largest = 0;
    for (int n = 0; n < 1000000; ++n) {
        const auto sum = static_cast<std::int32_t>((std::uint64_t{1} << 19) + engine() % 2000000000u);
        int bits = 0;
        const double share = rounding::fixed_point_functions::reciprocal(sum, bits) / 2147483648.0,
                     exact = 524288.0 / static_cast<double>(sum);
        largest = std::max(largest, std::abs(std::ldexp(share, -bits) / exact - 1));
    }
    BOOST_TEST(largest <= rounding::fixed_point_softmax::quotient_error(2));
    BOOST_TEST(largest > 0.1 * rounding::fixed_point_softmax::quotient_error(2));
}

// --- Networks

template <class Rounding>
void expect_all() {
    expect_one<network<float, input<4>, dense<5, softmax>>, Rounding, ends_in_integers>(-1, 1, 0.4);
    expect_one<network<float, input<4>, dense<5, softmax>, dense<3>>, Rounding>(-1, 1, 0.1);
    // Logits whose steps are large: their rounding alone.
    expect_points<network<float, input<4>, dense<3, softmax>>, Rounding>(-1, 1, 0.7, 8);
    // Saturated at 255/256.
    expect_one<network<float, input<4>, dense<3, softmax>>, Rounding, ends_in_integers>(-1, 1, 0.2, 8);
}
BOOST_AUTO_TEST_CASE(all_rules) {
    expect_all<rounding::twice>();
    expect_all<rounding::once>();
    expect_all<rounding::half_even>();
    expect_all<rounding::half_even_float<std::uint8_t>>();
}
// Of integers that represent their inputs exactly, softmax is half a step away, and no more.
BOOST_AUTO_TEST_CASE(half_a_step) {
    using net_type = network<float, input<3>, activation<softmax>>;
    constexpr net_type net{};
    const auto expect = [&](const auto& q) {
        BOOST_REQUIRE((q.input == quantization{1.0f / 32, 0}));
        random_engine engine{3};
        double largest = 0;
        for (int n = 0; n < 500; ++n) {
            tensor<float, shape<3>> x{};
            for (float& value : x) value = static_cast<float>(engine() % 256) / 32 - 4;
            const auto real = net(x), near = q(x);
            const auto bounds = error_bounds(net, q, box<float, shape<3>>{x, x});
            for (std::size_t i = 0; i < 3; ++i) {
                const double seen = std::abs(static_cast<double>(near[i]) - static_cast<double>(real[i]));
                BOOST_REQUIRE(seen <= bounds[i]);
                BOOST_REQUIRE(bounds[i] < 1.0 / 256);
                largest = std::max(largest, seen / bounds[i]);
            }
        }
        BOOST_TEST(largest > 0.97);
    };
    const auto ranges_of = calibrate(net, box<float, shape<3>>::all(-4, 3.96875f));
    expect(quantize<rounding::twice, per_channel, ends_in_integers>(net, ranges_of));
    expect(quantize<rounding::half_even, per_channel, ends_in_integers>(net, ranges_of));
}
BOOST_AUTO_TEST_CASE(other_layers) {
    expect_one<network<float, input<4>, dense<5>, activation<softmax>>, rounding::twice, ends_in_integers>(-1, 1, 0.3);
    expect_one<network<float, input<3, 4>, dense<2, softmax>, flatten, dense<2>>>(-1, 1, 0.1);
    expect_one<network<float, input<4>, residual<dense<4, softmax>>, dense<3>>, rounding::once>(-1, 1, 0.1);
}

// --- Phases

constexpr auto both_net = filled<network<float, input<2>, dense<3, softmax>, dense<2, softmax>>>(9);
constexpr auto both_box = box<float, shape<2>>{.lower = {-1, 0}, .upper = {1, 0.5f}};
constexpr auto both_q =
    quantize<rounding::twice, per_channel, ends_in_integers>(both_net, calibrate(both_net, both_box));

BOOST_AUTO_TEST_CASE(phases_agree) {
    constexpr auto bounds = error_bounds(both_net, both_q, both_box);
    static_assert(bounds[0] > 1.0 / 512 && bounds[0] < 0.02);
    expect_at_run_time(bounds, both_net, both_q, both_box, 0.2);
}

}  // namespace
