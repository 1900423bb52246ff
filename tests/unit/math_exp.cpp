// SPDX-License-Identifier: BSL-1.0
/// @file
/// The exponential function: error, special values, lanes and phases.
#define BOOST_TEST_MODULE math_exp
#include "math_support.hpp"

#include <ctnn/math/exp.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <tuple>

namespace math = ctnn::math;

using scalars = std::tuple<float, double>;

constexpr auto function = [](auto x) { return math::exp(x); };
constexpr auto reference = [](auto x) { return std::exp(x); };

static_assert(math::exp(0.0) == 1 && math::exp(0.0f) == 1);
static_assert(math::exp(1000.0) == std::numeric_limits<double>::infinity());
static_assert(math::exp(-1000.0f) == 0);

BOOST_AUTO_TEST_CASE(error_of_float) {
    math_support::check_float(function, reference, 1);
}

BOOST_AUTO_TEST_CASE(error_of_double) {
    math_support::check_double(function, reference, -750, 712, 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, T, scalars) {
    constexpr T inf = std::numeric_limits<T>::infinity();
    constexpr T max = std::numeric_limits<T>::max();
    constexpr T nan = std::numeric_limits<T>::quiet_NaN();
    BOOST_TEST(math::exp(T(0)) == 1);
    BOOST_TEST(math::exp(-T(0)) == 1);
    BOOST_TEST(math::exp(-inf) == 0);
    BOOST_TEST(math::exp(inf) == inf);
    BOOST_TEST(math::exp(max) == inf);
    BOOST_TEST(math::exp(-max) == 0);
    BOOST_TEST(std::isnan(math::exp(nan)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(grows, T, scalars) {
    math_support::check_growing<T>(function, -20, 20);
}

BOOST_AUTO_TEST_CASE(lanes_agree_with_numbers) {
    math_support::check_lanes(function, -90, 90);
}

BOOST_AUTO_TEST_CASE(phases_agree) {
    math_support::check_phases<-700, 700>(function);
}

// The shorter variant for arguments not above 0: the same values, except for subnormals.
BOOST_AUTO_TEST_CASE_TEMPLATE(not_above_zero, T, scalars) {
    constexpr T inf = std::numeric_limits<T>::infinity(), least = std::numeric_limits<T>::min();
    const auto below = [](auto x) { return math::exp<math::not_above_zero>(x); };
    std::size_t wrong = 0;
    for (T x = 0; x > T(-800); x -= T(0.0137)) {
        const T whole = math::exp(x), short_way = below(x);
        wrong += whole >= least ? short_way != whole : !(short_way <= least);
    }
    BOOST_TEST(wrong == 0u);
    BOOST_TEST(below(T(0)) == 1);
    BOOST_TEST(below(-inf) == 0);
    BOOST_TEST(below(-std::numeric_limits<T>::max()) == 0);
    BOOST_TEST(std::isnan(below(std::numeric_limits<T>::quiet_NaN())));
}
