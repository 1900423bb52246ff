// SPDX-License-Identifier: BSL-1.0
/// @file
/// The natural logarithm: error, special values, lanes and phases.
#define BOOST_TEST_MODULE math_log
#include "math_support.hpp"

#include <ctnn/math/log.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <tuple>

namespace math = ctnn::math;
using math_support::identical;

using scalars = std::tuple<float, double>;

constexpr auto function = [](auto x) { return math::log(x); };
constexpr auto reference = [](auto x) { return std::log(x); };

static_assert(math::log(1.0) == 0 && math::log(1.0f) == 0);
static_assert(math::log(0.0) == -std::numeric_limits<double>::infinity());
static_assert(math::log(std::numeric_limits<float>::infinity()) == std::numeric_limits<float>::infinity());
static_assert(math::log(-1.0) != math::log(-1.0));

BOOST_AUTO_TEST_CASE(error_of_float) {
    math_support::check_float(function, reference, 1);
}

BOOST_AUTO_TEST_CASE(error_of_double) {
    math_support::check_double(function, reference, 0.25, 4, 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, T, scalars) {
    constexpr T inf = std::numeric_limits<T>::infinity();
    constexpr T nan = std::numeric_limits<T>::quiet_NaN();
    BOOST_TEST(identical(math::log(T(1)), T(0)));
    BOOST_TEST(math::log(T(0)) == -inf);
    BOOST_TEST(math::log(-T(0)) == -inf);
    BOOST_TEST(math::log(inf) == inf);
    BOOST_TEST(std::isnan(math::log(T(-1))));
    BOOST_TEST(std::isnan(math::log(-inf)));
    BOOST_TEST(std::isnan(math::log(nan)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(grows, T, scalars) {
    math_support::check_growing<T>(function, 0.01, 20);
}

BOOST_AUTO_TEST_CASE(lanes_agree_with_numbers) {
    math_support::check_lanes(function, -1, 90);
}

BOOST_AUTO_TEST_CASE(phases_agree) {
    math_support::check_phases<1, 1000>(function);
}
