// SPDX-License-Identifier: BSL-1.0
/// @file
/// The logistic function: error, special values, lanes and phases.
#define BOOST_TEST_MODULE math_sigmoid
#include "math_support.hpp"

#include <ctnn/math/sigmoid.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <tuple>

namespace math = ctnn::math;
using math_support::identical;

using scalars = std::tuple<float, double>;

constexpr auto function = [](auto x) { return math::sigmoid(x); };
constexpr auto reference = [](auto x) { return 1 / (1 + std::exp(-x)); };

static_assert(math::sigmoid(0.0) == 0.5 && math::sigmoid(0.0f) == 0.5f);
static_assert(math::sigmoid(1000.0) == 1 && math::sigmoid(-1000.0) == 0);
static_assert(math::sigmoid(-1000.0f) == 0 && math::sigmoid(-1000.0) == 0);
// Subnormal results are rounded, not flushed to zero.
static_assert(math::sigmoid(-88.5f) > 3.6e-39f && math::sigmoid(-88.5f) < 3.8e-39f);
static_assert(math::sigmoid(-709.0) > 1.2167e-308 && math::sigmoid(-709.0) < 1.2168e-308);
static_assert(math::sigmoid(7.0) == 0.9990889488055994);

BOOST_AUTO_TEST_CASE(error_of_float) {
    math_support::check_float(function, reference, 4);
}

BOOST_AUTO_TEST_CASE(error_of_double) {
    math_support::check_double(function, reference, -746, 45, 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, T, scalars) {
    constexpr T inf = std::numeric_limits<T>::infinity();
    constexpr T max = std::numeric_limits<T>::max();
    constexpr T nan = std::numeric_limits<T>::quiet_NaN();
    BOOST_TEST(math::sigmoid(T(0)) == T(0.5));
    BOOST_TEST(math::sigmoid(-T(0)) == T(0.5));
    BOOST_TEST(math::sigmoid(inf) == 1);
    BOOST_TEST(math::sigmoid(max) == 1);
    BOOST_TEST(identical(math::sigmoid(-inf), T(0)));
    BOOST_TEST(identical(math::sigmoid(-max), T(0)));
    BOOST_TEST(std::isnan(math::sigmoid(nan)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(grows, T, scalars) {
    math_support::check_growing<T>(function, -20, 8);
}

BOOST_AUTO_TEST_CASE(lanes_agree_with_numbers) {
    math_support::check_lanes(function, -90, 30);
}

BOOST_AUTO_TEST_CASE(phases_agree) {
    math_support::check_phases<-700, 700>(function);
}
