// SPDX-License-Identifier: BSL-1.0
/// @file
/// The smooth maximum of zero and x: error, special values, lanes and phases.
#define BOOST_TEST_MODULE math_softplus
#include "math_support.hpp"

#include <ctnn/math/softplus.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <tuple>

namespace math = ctnn::math;

using scalars = std::tuple<float, double>;

constexpr auto function = [](auto x) { return math::softplus(x); };
constexpr auto reference = [](auto x) { return (x > 0 ? x : 0) + std::log1p(std::exp(-std::abs(x))); };

static_assert(math::softplus(1000.0) == 1000 && math::softplus(-1000.0) == 0);
static_assert(math::softplus(1000.0f) == 1000 && math::softplus(-1000.0f) == 0);

BOOST_AUTO_TEST_CASE(error_of_float) {
    math_support::check_float(function, reference, 4);
}

BOOST_AUTO_TEST_CASE(error_of_double) {
    math_support::check_double(function, reference, -750, 45, 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, T, scalars) {
    constexpr T inf = std::numeric_limits<T>::infinity();
    constexpr T max = std::numeric_limits<T>::max();
    constexpr T nan = std::numeric_limits<T>::quiet_NaN();
    BOOST_TEST(math::softplus(-inf) == 0);
    BOOST_TEST(math::softplus(inf) == inf);
    BOOST_TEST(math::softplus(max) == max);
    BOOST_TEST(math::softplus(T(1000)) == 1000);
    BOOST_TEST(math::softplus(T(-1000)) == 0);
    BOOST_TEST(std::isnan(math::softplus(nan)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(grows, T, scalars) {
    math_support::check_growing<T>(function, -20, 20);
}

BOOST_AUTO_TEST_CASE(lanes_agree_with_numbers) {
    math_support::check_lanes(function, -90, 30);
}

BOOST_AUTO_TEST_CASE(phases_agree) {
    math_support::check_phases<-700, 700>(function);
}
