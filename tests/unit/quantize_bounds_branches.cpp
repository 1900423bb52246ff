// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_bounds_branches
#include <boost/test/unit_test.hpp>

#include "quantize_attack.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <boost/hana/at.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace {

using namespace ctnn;
using test_support::expect_at_run_time;
using test_support::expect_one;
using test_support::expect_points;
using test_support::expect_share;
using test_support::filled;
using test_support::share_of_bound;

// --- The rules by themselves

/// Of random integers, the largest error of a rule, as a share of what it says.
template <class Rule, std::size_t Count>
double share_of_rule(const quantization (&terms)[Count], quantization to) {
    Rule rule{};
    rule.set(terms, to);
    random_engine engine{5};
    double largest = 0;
    for (int n = 0; n < 200000; ++n) {
        double exact = to.zero_point;
        std::int8_t x[Count];
        for (std::size_t i = 0; i < Count; ++i) {
            x[i] = static_cast<std::int8_t>(static_cast<std::int32_t>(engine() % 256) - 128);
            exact += rule.number(i) * (x[i] - terms[i].zero_point);
        }
        if (std::abs(exact) < 126) largest = std::max(largest, std::abs(rule(x) - exact) / rule.error());
    }
    return largest;
}
template <class Rule>
double share_of_requantization(quantization from, quantization to) {
    Rule rule{};
    rule.set({from}, to);
    double largest = 0;
    for (std::int32_t x = -128; x < 128; ++x) {
        const double product = rule.number(0) * (x - from.zero_point), exact = to.zero_point + product;
        if (std::abs(exact) < 126)
            largest = std::max(
                largest, std::abs(rule(static_cast<std::int8_t>(x), 0) - exact) / rule.error(0, std::abs(product)));
    }
    return largest;
}
template <class Rounding>
void expect_rules() {
    const quantization one{0.013f, 5}, two{0.007f, -20}, three{0.0003f, 100}, to{0.03f, -7};
    const auto expect = [](double share) {
        BOOST_TEST(share <= 1);
        BOOST_TEST(share > 0.9);
    };
    expect(share_of_rule<typename Rounding::template sum_rule<2>, 2>({one, two}, to));
    expect(share_of_rule<typename Rounding::template sum_rule<3>, 3>({one, three, two}, to));
    expect(share_of_rule<typename Rounding::template sum_rule<2>, 2>({one, three}, {0.0125f, 0}));
    expect(share_of_requantization<typename Rounding::template requantization<1>>(one, to));
    expect(share_of_requantization<typename Rounding::template requantization<1>>(two, one));
}
BOOST_AUTO_TEST_CASE(errors_of_rules) {
    expect_rules<rounding::twice>();
    expect_rules<rounding::once>();
    expect_rules<rounding::half_even>();
    expect_rules<rounding::half_even_float<std::int8_t>>();
    expect_rules<rounding::half_even_float<std::uint8_t>>();
}

// --- Networks

template <class Rounding>
void expect_all() {
    expect_one<network<float, input<4>, residual<dense<4>>>, Rounding, ends_in_integers>(-1, 1, 0.6);
    expect_one<
        network<float, input<4>, sum<branch<dense<3, relu>>, branch<dense<3>>, branch<dense<3, ctnn::tanh>>>, dense<3>>,
        Rounding>(-1, 1, 0.3);
    expect_one<network<float, input<4>, concatenate<branch<>, branch<dense<3, relu>>, branch<dense<2>>>>, Rounding,
               ends_in_integers>(-1, 1, 0.6);
    expect_points<network<float, input<4>, sum<branch<>, branch<dense<4>>>>, Rounding>(-1, 1, 0.8);
    expect_points<network<float, input<3>, concatenate<branch<>, branch<dense<3>>>>, Rounding>(-1, 1, 0.8);
}

BOOST_AUTO_TEST_CASE(all_rules) {
    expect_all<rounding::twice>();
    expect_all<rounding::once>();
    expect_all<rounding::half_even>();
    expect_all<rounding::half_even_float<std::int8_t>>();
    expect_all<rounding::half_even_float<std::uint8_t>>();
}

BOOST_AUTO_TEST_CASE(inside_networks) {
    expect_one<network<float, input<1, 6, 6>, conv2d<3, window<3>, relu, same>,
                       residual<conv2d<3, window<3>, relu, same>, conv2d<3, window<3>, same>>, activation<relu>,
                       max_pool2d<window<2>>, flatten, dense<3>>>(0, 1, 0.08, 0.5);
    expect_one<network<float, input<4>, dense<6, relu>, residual<dense<6, relu>, dense<6>>,
                       residual<dense<6, relu>, dense<6>>, dense<3>>>(-1, 1, 0.15, 0.5);
    expect_one<network<float, input<2, 3>, concatenate<axis<1>, branch<>, branch<dense<2, relu>>>, flatten, dense<2>>,
               rounding::half_even>(-1, 1, 0.2);
    // Branches inside a branch, and one with a layer in float.
    expect_one<network<float, input<4>, dense<4, relu>,
                       concatenate<branch<residual<dense<4, relu>>>, branch<dense<3>, layer_norm<>>>, dense<3>>>(
        0.5, 0.52, 0.1);
}

// Errors of two branches that cancel: the second takes away most of what both take from the input.
BOOST_AUTO_TEST_CASE(errors_cancel) {
    using net_type = network<float, input<1>, sum<branch<>, branch<dense<1>>>>;
    constexpr auto bound_of = [](float weight) {
        net_type net{};
        for_each_parameter(net, [&](auto, const char* name, auto& values) {
            if (std::string_view(name).find("weights") != std::string_view::npos) values[0] = weight;
        });
        const auto inside = box<float, shape<1>>::all(-1, 1);
        return error_bound(net, quantize<rounding::twice>(net, calibrate(net, tensor<float, shape<2, 1>>{-1, 1})),
                           inside);
    };
    static_assert(bound_of(-0.875f) < 0.5 * bound_of(0.875f));
}

// --- What is not that of the network

using cut_type = network<float, input<2>, residual<dense<2, relu>>, dense<2>>;

BOOST_AUTO_TEST_CASE(sums_that_saturate) {
    const auto net = filled<cut_type>(6);
    const auto inside = box<float, shape<2>>::all(-1, 1);
    auto ranges_of = calibrate(net, inside);
    const auto q = quantize<rounding::twice>(net, ranges_of);
    boost::hana::at_c<0>(ranges_of.chain.layers).output.upper /= 2;
    const auto cut = quantize<rounding::twice>(net, ranges_of);
    BOOST_TEST(error_bound(net, cut, inside) > 5 * error_bound(net, q, inside));
    expect_share(share_of_bound(net, cut, inside), 0.3);
}

BOOST_AUTO_TEST_CASE(of_other_branches_nothing_is_known) {
    constexpr double nothing = std::numeric_limits<double>::infinity();
    const auto net = filled<cut_type>(6);
    const auto inside = box<float, shape<2>>::all(-1, 1);
    const auto q = quantize<rounding::twice>(net, calibrate(net, inside));
    BOOST_TEST(std::isfinite(error_bound(net, q, inside)));
    // A factor that is not that of the scales.
    auto other = q;
    boost::hana::at_c<0>(other.layers.layers).combined.rule.result.multiplier += 1;
    BOOST_TEST(error_bound(net, other, inside) == nothing);
    // Integers of a branch: they are in the bound.
    other = q;
    boost::hana::at_c<0>(boost::hana::at_c<1>(boost::hana::at_c<0>(other.layers.layers).branches).layers)
        .weights.weights[0] ^= 64;
    BOOST_TEST(error_bound(net, other, inside) > 5 * error_bound(net, q, inside));
    expect_share(share_of_bound(net, other, inside), 0.5);
    // A layer of a branch in float.
    using with_float = network<float, input<2>, concatenate<branch<layer_norm<>>, branch<>>>;
    const auto normed = filled<with_float>(8);
    const auto narrow = box<float, shape<2>>{.lower = {0.5f, -0.5f}, .upper = {0.51f, -0.49f}};
    auto of_float = quantize<rounding::twice, per_channel, ends_in_integers>(normed, calibrate(normed, narrow));
    BOOST_TEST(std::isfinite(error_bound(normed, of_float, narrow)));
    boost::hana::at_c<0>(boost::hana::at_c<0>(boost::hana::at_c<0>(of_float.layers.layers).branches).layers)
        .layer.weights[0] += 1;
    BOOST_TEST(error_bound(normed, of_float, narrow) == nothing);
}

// --- Phases

constexpr auto both_net =
    filled<network<float, input<2>, residual<dense<2, relu>>, concatenate<branch<>, branch<dense<1>>>, dense<2>>>(9);
constexpr auto both_box = box<float, shape<2>>{.lower = {-1, 0}, .upper = {1, 0.5f}};
constexpr auto both_q = quantize<rounding::half_even>(both_net, calibrate(both_net, both_box));

BOOST_AUTO_TEST_CASE(phases_agree) {
    constexpr auto bounds = error_bounds(both_net, both_q, both_box);
    static_assert(bounds[0] > 0.01 && bounds[0] < 0.1);
    expect_at_run_time(bounds, both_net, both_q, both_box, 0.2);
}

}  // namespace
