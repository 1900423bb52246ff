// SPDX-License-Identifier: BSL-1.0
/// @file
/// The square root: the same bits as the processor's, special values, lanes and phases.
#define BOOST_TEST_MODULE math_sqrt
#include "math_support.hpp"

#include <ctnn/math/sqrt.hpp>

#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>

namespace math = ctnn::math;
using math_support::identical;

using scalars = std::tuple<float, double>;

constexpr auto function = [](auto x) { return math::sqrt(x); };

/// The computation of constant evaluation and of processors without the instruction, here at run time.
template <class T>
T computed(T x) {
    return x > 0 && x <= std::numeric_limits<T>::max() ? math::detail::positive_root(x) : std::sqrt(x);
}

static_assert(math::sqrt(4.0) == 2 && math::sqrt(9.0f) == 3);
static_assert(math::sqrt(2.0) == 1.4142135623730951 && math::sqrt(0x1p-1074) == 0x1p-537);
static_assert(math::sqrt(0.0) == 0 && math::sqrt(-1.0) != math::sqrt(-1.0));

BOOST_AUTO_TEST_CASE(rounds_float_correctly) {
    std::uint64_t wrong = 0;
    for (std::uint64_t bits = 0; bits <= 0xffffffff; bits += 1009) {
        const float x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        wrong += !identical(math::sqrt(x), std::sqrt(x)) + !identical(computed(x), std::sqrt(x));
    }
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(rounds_double_correctly) {
    math_support::points point;
    std::uint64_t wrong = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        const double any = std::bit_cast<double>(point());
        wrong += !identical(math::sqrt(any), std::sqrt(any)) + !identical(computed(any), std::sqrt(any));
        const double near_one = point.between(0.25, 4);
        wrong += !identical(math::sqrt(near_one), std::sqrt(near_one)) + !identical(computed(near_one), std::sqrt(near_one));
        // Squares of short significands and their neighbours: the hardest to round.
        const double root = static_cast<double>(point() >> 37);
        for (const double square :
             {root * root, std::nextafter(root * root, 0.0), std::nextafter(root * root, 1e300)}) {
            wrong += !identical(math::sqrt(square), std::sqrt(square)) + !identical(computed(square), std::sqrt(square));
        }
    }
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, T, scalars) {
    constexpr T inf = std::numeric_limits<T>::infinity();
    BOOST_TEST(identical(math::sqrt(T(0)), T(0)));
    BOOST_TEST(identical(math::sqrt(-T(0)), -T(0)));
    BOOST_TEST(math::sqrt(inf) == inf);
    BOOST_TEST(math::sqrt(std::numeric_limits<T>::max()) == std::sqrt(std::numeric_limits<T>::max()));
    BOOST_TEST(math::sqrt(std::numeric_limits<T>::denorm_min()) == std::sqrt(std::numeric_limits<T>::denorm_min()));
    BOOST_TEST(std::isnan(math::sqrt(T(-1))));
    BOOST_TEST(std::isnan(math::sqrt(-inf)));
    BOOST_TEST(std::isnan(math::sqrt(-std::numeric_limits<T>::denorm_min())));
    BOOST_TEST(std::isnan(math::sqrt(std::numeric_limits<T>::quiet_NaN())));
}

BOOST_AUTO_TEST_CASE(lanes_agree_with_numbers) {
    math_support::check_lanes(function, -1, 90);
}

BOOST_AUTO_TEST_CASE(phases_agree) {
    math_support::check_phases<1, 1000>(function);
}
