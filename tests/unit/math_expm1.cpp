// SPDX-License-Identifier: BSL-1.0
/// @file
/// The exponential function minus one: error, special values, lanes and phases.
#define BOOST_TEST_MODULE math_expm1
#include "math_support.hpp"

#include <ctnn/math/expm1.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <tuple>

namespace math = ctnn::math;
using math_support::identical;

using scalars = std::tuple<float, double>;

constexpr auto function = [](auto x) { return math::expm1(x); };
constexpr auto reference = [](auto x) { return std::expm1(x); };

static_assert(math::expm1(0.0) == 0 && math::expm1(1e-300) == 1e-300);
static_assert(math::expm1(1000.0) == std::numeric_limits<double>::infinity());
static_assert(math::expm1(-1000.0f) == -1);

BOOST_AUTO_TEST_CASE(error_of_float) {
    math_support::check_float(function, reference, 4);
}

BOOST_AUTO_TEST_CASE(error_of_double) {
    math_support::check_double(function, reference, -50, 712, 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, T, scalars) {
    constexpr T inf = std::numeric_limits<T>::infinity();
    constexpr T max = std::numeric_limits<T>::max();
    constexpr T denormal = std::numeric_limits<T>::denorm_min();
    constexpr T nan = std::numeric_limits<T>::quiet_NaN();
    BOOST_TEST(identical(math::expm1(T(0)), T(0)));
    BOOST_TEST(identical(math::expm1(-T(0)), -T(0)));
    BOOST_TEST(math::expm1(-inf) == -1);
    BOOST_TEST(math::expm1(inf) == inf);
    BOOST_TEST(math::expm1(max) == inf);
    BOOST_TEST(math::expm1(denormal) == denormal);
    BOOST_TEST(std::isnan(math::expm1(nan)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(grows, T, scalars) {
    math_support::check_growing<T>(function, -20, 20);
}

BOOST_AUTO_TEST_CASE(lanes_agree_with_numbers) {
    math_support::check_lanes(function, -20, 90);
}

BOOST_AUTO_TEST_CASE(phases_agree) {
    math_support::check_phases<-60, 700>(function);
}
