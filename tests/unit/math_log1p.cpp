// SPDX-License-Identifier: BSL-1.0
/// @file
/// The natural logarithm of one plus x: error, special values, lanes and phases.
#define BOOST_TEST_MODULE math_log1p
#include "math_support.hpp"

#include <ctnn/math/log1p.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <tuple>

namespace math = ctnn::math;
using math_support::identical;

using scalars = std::tuple<float, double>;

constexpr auto function = [](auto x) { return math::log1p(x); };
constexpr auto reference = [](auto x) { return std::log1p(x); };

static_assert(math::log1p(0.0) == 0 && math::log1p(1e-300) == 1e-300);
static_assert(math::log1p(-1.0) == -std::numeric_limits<double>::infinity());
static_assert(math::log1p(std::numeric_limits<float>::infinity()) == std::numeric_limits<float>::infinity());

BOOST_AUTO_TEST_CASE(error_of_float) {
    math_support::check_float(function, reference, 4);
}

BOOST_AUTO_TEST_CASE(error_of_double) {
    math_support::check_double(function, reference, -1, 3, 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, T, scalars) {
    constexpr T inf = std::numeric_limits<T>::infinity();
    constexpr T denormal = std::numeric_limits<T>::denorm_min();
    constexpr T nan = std::numeric_limits<T>::quiet_NaN();
    BOOST_TEST(identical(math::log1p(T(0)), T(0)));
    BOOST_TEST(identical(math::log1p(-T(0)), -T(0)));
    BOOST_TEST(math::log1p(T(-1)) == -inf);
    BOOST_TEST(math::log1p(inf) == inf);
    BOOST_TEST(math::log1p(denormal) == denormal);
    BOOST_TEST(std::isnan(math::log1p(T(-1.5))));
    BOOST_TEST(std::isnan(math::log1p(-inf)));
    BOOST_TEST(std::isnan(math::log1p(nan)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(grows, T, scalars) {
    math_support::check_growing<T>(function, -0.999, 20);
}

BOOST_AUTO_TEST_CASE(lanes_agree_with_numbers) {
    math_support::check_lanes(function, -1.1, 9);
}

BOOST_AUTO_TEST_CASE(phases_agree) {
    math_support::check_phases<-1, 1000>(function);
}
