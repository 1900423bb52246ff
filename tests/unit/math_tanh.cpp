// SPDX-License-Identifier: BSL-1.0
/// @file
/// The hyperbolic tangent: error, special values, lanes and phases.
#define BOOST_TEST_MODULE math_tanh
#include "math_support.hpp"

#include <ctnn/math/tanh.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <tuple>

namespace math = ctnn::math;
using math_support::identical;

using scalars = std::tuple<float, double>;

constexpr auto function = [](auto x) { return math::tanh(x); };
constexpr auto reference = [](auto x) { return std::tanh(x); };

static_assert(math::tanh(0.0) == 0 && math::tanh(1e-300) == 1e-300);
static_assert(math::tanh(1000.0) == 1 && math::tanh(-1000.0f) == -1);

BOOST_AUTO_TEST_CASE(error_of_float) {
    math_support::check_float(function, reference, 4);
}

BOOST_AUTO_TEST_CASE(error_of_double) {
    math_support::check_double(function, reference, -2, 2, 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, T, scalars) {
    constexpr T inf = std::numeric_limits<T>::infinity();
    constexpr T max = std::numeric_limits<T>::max();
    constexpr T denormal = std::numeric_limits<T>::denorm_min();
    constexpr T nan = std::numeric_limits<T>::quiet_NaN();
    BOOST_TEST(identical(math::tanh(T(0)), T(0)));
    BOOST_TEST(identical(math::tanh(-T(0)), -T(0)));
    BOOST_TEST(math::tanh(inf) == 1);
    BOOST_TEST(math::tanh(-inf) == -1);
    BOOST_TEST(math::tanh(max) == 1);
    BOOST_TEST(math::tanh(denormal) == denormal);
    BOOST_TEST(std::isnan(math::tanh(nan)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(grows, T, scalars) {
    math_support::check_growing<T>(function, -4.5, 4.5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(is_odd, T, scalars) {
    math_support::points point;
    for (int i = 0; i < 10'000; ++i) {
        const T x = static_cast<T>(point.between(0, 6));
        BOOST_TEST(math::tanh(-x) == -math::tanh(x));
    }
}

BOOST_AUTO_TEST_CASE(lanes_agree_with_numbers) {
    math_support::check_lanes(function, -12, 12);
}

BOOST_AUTO_TEST_CASE(phases_agree) {
    math_support::check_phases<-30, 30>(function);
}
