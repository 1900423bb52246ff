// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE schedule_clip_initialize
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cmath>
#include <cstddef>

namespace {

using ctnn::near;

constexpr bool constant_rates() {
    const auto plan = ctnn::constant_rate();
    return plan(0, 10) == 1 && plan(5.5, 10) == 1 && plan(10, 10) == 1;
}
constexpr bool steps_of_decay() {
    const auto plan = ctnn::step_decay(3, 0.5);
    return plan(0, 10) == 1 && plan(2.99, 10) == 1 && plan(3, 10) == 0.5 && plan(5.9, 10) == 0.5 && plan(6, 10) == 0.25 &&
           plan(9, 10) == 0.125;
}
constexpr bool cosines() {
    const auto plan = ctnn::cosine_decay(0.2);
    return near(plan(0, 8), 1.0) && near(plan(4, 8), 0.6) && near(plan(8, 8), 0.2) && near(plan(9, 8), 0.2) &&
           near(plan(2, 8), 0.2 + 0.4 * (1 + 0.70710678118654752)) && near(ctnn::cosine_decay()(8, 8), 0.0);
}
constexpr bool warm_ups() {
    const auto plan = ctnn::cosine_decay().after_warm_up(2);
    const auto steps = ctnn::step_decay(1, 0.5).after_warm_up(2);
    return plan(0, 10) == 0 && plan(0.5, 10) == 0.25 && plan(1, 10) == 0.5 && near(plan(2, 10), 1.0) &&
           near(plan(6, 10), 0.5) && near(plan(10, 10), 0.0) && steps(2, 10) == 1 && steps(3, 10) == 0.5;
}

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<2>, ctnn::dense<1>>;
constexpr net_type gradient = [] {
    net_type net{};
    ctnn::get<0>(net).weights = {1, -2, 2, 0};
    ctnn::get<0>(net).bias = {4, 0};
    ctnn::get<1>(net).weights = {0, -10};
    ctnn::get<1>(net).bias = {0};
    return net;
}();

constexpr bool values_are_clipped() {
    net_type clipped = gradient;
    ctnn::clip_by_value(clipped, 2);
    net_type wanted{};
    ctnn::get<0>(wanted).weights = {1, -2, 2, 0};
    ctnn::get<0>(wanted).bias = {2, 0};
    ctnn::get<1>(wanted).weights = {0, -2};
    return clipped == wanted;
}
/// 1 + 4 + 4 + 16 + 100 = 125.
constexpr bool norms_are_clipped() {
    net_type clipped = gradient, left_alone = gradient, none{};
    ctnn::clip_by_norm(clipped, 1);
    ctnn::clip_by_norm(left_alone, 12);
    ctnn::clip_by_norm(none, 1);
    return near(ctnn::norm(gradient), 11.1803398874989485) && near(ctnn::norm(clipped), 1.0) &&
           near(ctnn::get<1>(clipped).weights[1], -10 / 11.1803398874989485) && left_alone == gradient &&
           none == net_type{};
}

// Large enough for statistics: 4,000 weights.
using large = ctnn::network<double, ctnn::input<40>, ctnn::dense<100>>;

struct moments {
    double mean, deviation, largest;
};
template <class Initializer>
moments of_weights(const Initializer& initializer) {
    const large net = ctnn::initialize<large>(initializer, 5);
    double total = 0, squares = 0, largest = 0;
    for (const double weight : ctnn::get<0>(net).weights) {
        total += weight;
        squares += weight * weight;
        largest = std::fmax(largest, std::fabs(weight));
    }
    for (const double bias : ctnn::get<0>(net).bias) BOOST_TEST(bias == 0);
    return {total / 4000, std::sqrt(squares / 4000), largest};
}
/// The mean is within 4 standard errors of 0, the deviation within 5% of the expected one.
template <class Initializer>
void check_spread(const char* name, const Initializer& initializer, double deviation, double bound) {
    const moments found = of_weights(initializer);
    BOOST_TEST(std::fabs(found.mean) < 4 * deviation / std::sqrt(4000.0), name);
    BOOST_TEST(std::fabs(found.deviation / deviation - 1) < 0.05, name << ": " << found.deviation);
    BOOST_TEST(found.largest <= bound, name);
    BOOST_TEST(found.largest > 2.5 * deviation * (bound < 1e9 ? 0.65 : 1), name);
}

constexpr bool constants_and_biases() {
    const auto net = ctnn::initialize<net_type>(ctnn::constant{0.5}, 1, ctnn::constant{2});
    return ctnn::get<0>(net).weights[3] == 0.5 && ctnn::get<1>(net).bias[0] == 2 &&
           ctnn::initialize<net_type>(ctnn::zeros{}, 1) == net_type{};
}
constexpr bool seeds_decide() {
    const auto draw = [](std::uint64_t seed) { return ctnn::initialize<net_type>(ctnn::he_normal{}, seed); };
    return draw(1) == draw(1) && !(draw(1) == draw(2)) && !(draw(0) == net_type{});
}

}  // namespace

BOOST_AUTO_TEST_CASE(schedules) {
    BOTH_PHASES(constant_rates);
    BOTH_PHASES(steps_of_decay);
    BOTH_PHASES(cosines);
    BOTH_PHASES(warm_ups);
    for (double x = 0; x <= 1; x += 1.0 / 1024)
        BOOST_TEST(std::fabs(ctnn::detail::cos_pi(x) - std::cos(3.14159265358979323846 * x)) < 1e-15);
}

BOOST_AUTO_TEST_CASE(clipping) {
    BOTH_PHASES(values_are_clipped);
    BOTH_PHASES(norms_are_clipped);
}

BOOST_AUTO_TEST_CASE(initializers) {
    BOTH_PHASES(constants_and_biases);
    BOTH_PHASES(seeds_decide);
    const double none = 1e10;
    check_spread("uniform", ctnn::uniform{}, 1 / std::sqrt(3.0), 1);
    check_spread("normal", ctnn::normal{}, 1, none);
    check_spread("glorot_uniform", ctnn::glorot_uniform{}, std::sqrt(2.0 / 140), std::sqrt(6.0 / 140));
    check_spread("glorot_normal", ctnn::glorot_normal{}, std::sqrt(2.0 / 140), none);
    check_spread("he_uniform", ctnn::he_uniform{}, std::sqrt(2.0 / 40), std::sqrt(6.0 / 40));
    check_spread("he_normal", ctnn::he_normal{}, std::sqrt(2.0 / 40), none);
}

BOOST_AUTO_TEST_CASE(both_phases_draw_the_same) {
    constexpr auto constant = ctnn::initialize<net_type>(ctnn::glorot_normal{}, 3, ctnn::uniform{});
    BOOST_TEST((constant == ctnn::initialize<net_type>(ctnn::glorot_normal{}, core_support::opaque(std::uint64_t{3}),
                                                       ctnn::uniform{})));
}
