// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_bounds_recurrent
#include <boost/test/unit_test.hpp>

#include "quantize_attack.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <boost/hana/at.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace {

using namespace ctnn;
using test_support::expect_at_run_time;
using test_support::expect_bound;
using test_support::expect_one;
using test_support::expect_points;
using test_support::expect_share;
using test_support::filled;
using test_support::share_of_bound;

// --- Functions of gates, of every integer

template <class F, class G>
double largest_error(const F& of_integer, const G& exact) {
    double result = 0;
    for (std::int32_t x = -32768; x < 32768; ++x)
        result = std::max(result, std::abs(of_integer(x) / 32768.0 - exact(x)));
    return result;
}
BOOST_AUTO_TEST_CASE(functions_of_gates) {
    using functions = rounding::gate_functions;
    const double of_sigmoid = largest_error([](std::int32_t x) { return functions::sigmoid(x); },
                                            [](std::int32_t x) { return 1 / (1 + std::exp(-x / 4096.0)); });
    BOOST_TEST(of_sigmoid <= functions::sigmoid_error);
    BOOST_TEST(of_sigmoid > 0.99 * functions::sigmoid_error);
    double of_fine = 0, of_others = 0;
    for (int exponent = -15; exponent <= 2; ++exponent) {
        const double error = largest_error([&](std::int32_t x) { return functions::tanh(x, exponent); },
                                           [&](std::int32_t x) { return std::tanh(std::ldexp(x, exponent)); });
        BOOST_TEST(error <= functions::tanh_error(exponent));
        (exponent < -12 ? of_fine : of_others) = std::max(exponent < -12 ? of_fine : of_others, error);
    }
    BOOST_TEST(of_fine > 0.99 * functions::tanh_error(-15));
    BOOST_TEST(of_others > 0.99 * functions::tanh_error(-12));
}

// --- Networks

using one_lstm = network<float, input<1, 3>, lstm<4>>;
using long_lstm = network<float, input<5, 3>, lstm<4>>;
using one_gru = network<float, input<1, 3>, gru<4>>;
using long_gru = network<float, input<5, 3>, gru<4>>;
using other_gru = network<float, input<5, 3>, gru<4, reset_before>>;

template <class Rounding>
void expect_all() {
    // The outputs of the first step are the closest to their bounds.
    expect_one<one_lstm, Rounding, ends_in_integers>(-1, 1, 0.4);
    expect_one<long_lstm, Rounding, ends_in_integers>(-1, 1, 0.4, 0.5);
    expect_one<one_gru, Rounding, ends_in_integers>(-1, 1, 0.4);
    expect_one<long_gru, Rounding, ends_in_integers>(-1, 1, 0.4, 0.5);
    expect_one<other_gru, Rounding, ends_in_integers>(-1, 1, 0.4, 0.5);
    expect_points<one_lstm, Rounding>(-1, 1, 0.6);
    expect_points<one_gru, Rounding>(-1, 1, 0.6);
    expect_points<network<float, input<2, 3>, lstm<4, last_step>>, Rounding>(-1, 1, 0.5);
    expect_points<network<float, input<2, 3>, gru<4, last_step>>, Rounding>(-1, 1, 0.5);
    expect_points<network<float, input<2, 3>, gru<4, reset_before, last_step>>, Rounding>(-1, 1, 0.5);
}
BOOST_AUTO_TEST_CASE(all_rules) {
    expect_all<rounding::twice>();
    expect_all<rounding::once>();
    expect_all<rounding::half_even>();
}
BOOST_AUTO_TEST_CASE(inside_networks) {
    // Of the last step.
    expect_one<network<float, input<4, 3>, lstm<4, last_step>, dense<2>>>(-1, 1, 0.04, 0.5);
    expect_one<network<float, input<4, 3>, gru<4, last_step>, dense<2, softmax>>, rounding::once, ends_in_integers>(
        -1, 1, 0.04, 0.25);
    expect_one<network<float, input<3, 2>, dense<3, relu>, bidirectional<gru<3>>, lstm<2, last_step>>, rounding::twice,
               ends_in_integers>(-1, 1, 0.02, 0.5);
    expect_bound<rounding::twice, per_tensor, ends_in_integers>(filled<long_lstm>(3, 0.5),
                                                                box<float, shape<5, 3>>::all(-1, 1), 0.4);
    expect_one<network<double, input<3, 3>, gru<3>>, rounding::twice, ends_in_integers>(-1, 1, 0.4, 0.5);
}

// --- Saturation: of both sums of a gate, of the cell, and of outputs

template <class Net>
void expect_saturated(float reach, double part) {
    // Sums of 20 and more, of which gates are bounded to 8, and so each of their two parts.
    const auto net = filled<Net>(21, 8);
    const auto inside = box<float, typename Net::input_shape>::all(-reach, reach);
    const auto q = quantize<rounding::twice, per_channel, ends_in_integers>(net, calibrate(net, inside));
    expect_share(share_of_bound(net, q, inside), part);
}
BOOST_AUTO_TEST_CASE(gates_that_saturate) {
    expect_saturated<long_lstm>(1, 0.4);
    expect_saturated<long_gru>(1, 0.4);
    expect_saturated<other_gru>(1, 0.4);
}
BOOST_AUTO_TEST_CASE(states_that_saturate) {
    const auto net = filled<long_lstm>(3, 2);
    const auto inside = box<float, shape<5, 3>>::all(0.2f, 0.3f);
    const auto expect = [&](const auto& q, double part) {
        expect_share(share_of_bound(net, q, inside), part);
        return error_bound(net, q, inside);
    };
    auto ranges_of = calibrate(net, inside);
    const double whole = expect(quantize<rounding::once, per_channel, ends_in_integers>(net, ranges_of), 0.3);
    auto limited = quantize<rounding::once, per_channel, ends_in_integers>(net, ranges_of);
    boost::hana::at_c<0>(limited.layers.layers).cell_limit = 800;
    BOOST_TEST(expect(limited, 0.5) > 2 * whole);
    // The finest scale, and a cell that is beyond it.
    boost::hana::at_c<0>(ranges_of.chain.layers).inner.cell = {-0.5f, 0.5f};
    BOOST_TEST(expect(quantize<rounding::once, per_channel, ends_in_integers>(net, ranges_of), 0.3) > 1.5 * whole);
    ranges_of = calibrate(net, inside);
    boost::hana::at_c<0>(ranges_of.chain.layers).inner.hidden = {-0.1f, 0.1f};
    BOOST_TEST(expect(quantize<rounding::once, per_channel, ends_in_integers>(net, ranges_of), 0.5) > 2 * whole);
}

// --- What is bounded is what the integers compute

template <class Net, class Change>
void expect_other(const Change& change) {
    const auto net = filled<Net>(5, 0.5);
    const auto inside = box<float, typename Net::input_shape>::all(-1, 1);
    auto q = quantize<rounding::twice, per_channel, ends_in_integers>(net, calibrate(net, inside));
    const auto before = error_bounds(net, q, inside);
    change(boost::hana::at_c<0>(q.layers.layers));
    expect_share(share_of_bound(net, q, inside), 0.3);
    const auto after = error_bounds(net, q, inside);
    double grown = 0;
    for (std::size_t i = 0; i < after.size(); ++i) grown = std::max(grown, after[i] / before[i]);
    BOOST_TEST(grown > 1.5);
}
BOOST_AUTO_TEST_CASE(other_integers_have_other_bounds) {
    using two_lstm = network<float, input<2, 3>, lstm<4>>;
    using two_gru = network<float, input<2, 3>, gru<4>>;
    using two_other_gru = network<float, input<2, 3>, gru<4, reset_before>>;
    expect_other<two_lstm>([](auto& layer) { layer.of_input.matrix.weights[10] ^= 64; });
    expect_other<two_lstm>([](auto& layer) { layer.of_input.matrix.bias[9] += 3000; });
    expect_other<two_gru>([](auto& layer) { layer.of_input.matrix.weights[9] ^= 64; });
    expect_other<two_gru>([](auto& layer) { layer.of_state.matrix.bias[9] += 3000; });
    expect_other<two_other_gru>([](auto& layer) { layer.of_reset.matrix.weights[3] ^= 64; });
}

// --- Phases

constexpr auto both_net = filled<network<float, input<3, 2>, lstm<2>, gru<2, last_step>>>(9, 0.5);
constexpr auto both_box = box<float, shape<3, 2>>::all(-0.5f, 0.5f);
constexpr auto both_q =
    quantize<rounding::twice, per_channel, ends_in_integers>(both_net, calibrate(both_net, both_box));

BOOST_AUTO_TEST_CASE(phases_agree) {
    constexpr auto bounds = error_bounds(both_net, both_q, both_box);
    static_assert(bounds[0] > 0.01 && bounds[0] < 0.1);
    expect_at_run_time(bounds, both_net, both_q, both_box, 0.05);
}

}  // namespace
