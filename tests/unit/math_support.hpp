// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shared by the tests of mathematical functions: error in ulp, lanes, both phases.

#include "../points.hpp"

#include <ctnn/math/lane.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <type_traits>

namespace math_support {

#if defined(CTNN_REPRODUCIBLE)
/// How far two computations of the same value may be apart, in ulp: without contraction, not at all.
inline constexpr double allowed_between_builds = 0;
#else
/// The two may be contracted differently.
inline constexpr double allowed_between_builds = 4;
#endif

template <class T>
using bits_of = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// The same bits, or both nan.
template <class T>
bool identical(T a, T b) {
    return std::bit_cast<bits_of<T>>(a) == std::bit_cast<bits_of<T>>(b) || (std::isnan(a) && std::isnan(b));
}

/// |got - wanted| in ulp of a `T` near `wanted`; infinite where nan, inf or the sign of a zero differ.
template <class T, class Wide>
double ulp(T got, Wide wanted) {
    constexpr double wrong = std::numeric_limits<double>::infinity();
    const T rounded = static_cast<T>(wanted);
    if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got) ? 0 : wrong;
    if (std::isinf(rounded) || std::isinf(got)) return rounded == got ? 0 : wrong;
    if (rounded == 0 && got == 0) return std::signbit(rounded) == std::signbit(got) ? 0 : wrong;
    constexpr int digits = std::numeric_limits<T>::digits;
    constexpr int lowest = std::numeric_limits<T>::min_exponent - digits;
    const int place = wanted == 0 ? lowest : std::max(std::ilogb(wanted) + 1 - digits, lowest);
    return static_cast<double>(std::ldexp(std::abs(static_cast<long double>(got) - wanted), -place));
}

using test_support::points;

/// Whether a subnormal result may be flushed to zero.
enum class subnormal_results { rounded, may_be_zero };

/// The largest error of a function, and where.
template <class T>
struct worst_case {
    double error = 0;
    T at = 0;
    subnormal_results rule = subnormal_results::rounded;

    template <class Function, class Wide>
    void look_at(Function function, Wide reference, T x) {
        const T got = function(x);
        if (rule == subnormal_results::may_be_zero && got == 0 && std::abs(reference) < std::numeric_limits<T>::min())
            return;
        const double found = ulp(got, reference);
        if (found > error) {
            error = found;
            at = x;
        }
    }
};

/// Checks the error of `function` against `reference` computed in `double`, at every 1009th float.
template <class Function, class Reference>
void check_float(Function function, Reference reference, double allowed,
                 subnormal_results rule = subnormal_results::rounded) {
    worst_case<float> worst{.rule = rule};
    for (std::uint64_t bits = 0; bits <= 0xffffffff; bits += 1009) {
        const float x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        worst.look_at(function, reference(static_cast<double>(x)), x);
    }
    for (const float x :
         {0.0f, -0.0f, 1.0f, -1.0f, HUGE_VALF, -HUGE_VALF, 0x1p-149f, -0x1p-149f, 0x1p-126f, 0x1.fffffep127f}) {
        worst.look_at(function, reference(static_cast<double>(x)), x);
    }
    BOOST_TEST_MESSAGE("float: largest error " << worst.error << " ulp at " << worst.at);
    BOOST_TEST(worst.error <= allowed, "float: " << worst.error << " ulp at " << worst.at);
}

/// Checks the error of `function` against `reference` computed in `long double`: at a million points uniform in
/// [low, high), where the function varies, and at as many of every magnitude.
template <class Function, class Reference>
void check_double(Function function, Reference reference, double low, double high, double allowed,
                  subnormal_results rule = subnormal_results::rounded) {
    worst_case<double> worst{.rule = rule};
    points point;
    const auto look_at = [&](double x) { worst.look_at(function, reference(static_cast<long double>(x)), x); };
    for (int i = 0; i < 500'000; ++i) {
        look_at(point.between(low, high));
        look_at(std::ldexp(point.between(-1, 1), static_cast<int>(point() % 20) - 12));
        look_at(std::bit_cast<double>(point()));
    }
    for (const double x :
         {0.0, -0.0, 1.0, -1.0, HUGE_VAL, -HUGE_VAL, 0x1p-1074, -0x1p-1074, 0x1p-1022, 0x1.fffffffffffffp1023}) {
        look_at(x);
    }
    BOOST_TEST_MESSAGE("double: largest error " << worst.error << " ulp at " << worst.at);
    BOOST_TEST(worst.error <= allowed, "double: " << worst.error << " ulp at " << worst.at);
}

/// Not templates over the lanes and the functions: messages take longer to compile than what is tested.
[[gnu::noinline]] inline void expect_same_lane(bool same, std::size_t lanes, double got, double wanted, double at) {
    BOOST_TEST(same, lanes << " lanes: " << got << " and not " << wanted << " at " << at);
}
[[gnu::noinline]] inline void expect_same_phases(bool same, double got, double constant, double at) {
    BOOST_TEST(same, "at run time " << got << ", in constant evaluation " << constant << " at " << at);
}
[[gnu::noinline]] inline void expect_growth(bool grows, double last, double now, double at) {
    BOOST_TEST(grows, "falls from " << last << " to " << now << " at " << at);
}

/// Points that fill the lanes: ordinary ones in [low, high], and special cases.
template <class T>
std::array<T, 64> lane_points(double low, double high) {
    std::array<T, 64> result{};
    points point;
    for (T& x : result) x = static_cast<T>(point.between(low, high));
    constexpr T inf = std::numeric_limits<T>::infinity();
    constexpr T special[]{0,
                          -T(0),
                          1,
                          -1,
                          inf,
                          -inf,
                          std::numeric_limits<T>::quiet_NaN(),
                          std::numeric_limits<T>::denorm_min(),
                          std::numeric_limits<T>::max(),
                          std::numeric_limits<T>::min()};
    for (std::size_t i = 0; i < std::size(special); ++i) result[i * 6 + i % 3] = special[i];
    return result;
}

template <class T, std::size_t Lanes, class Function>
void check_lanes_of(Function function, const std::array<T, 64>& points) {
    if constexpr (Lanes * sizeof(T) <= CTNN_VECTOR_BYTES) {
        for (std::size_t first = 0; first < points.size(); first += Lanes) {
            ctnn::math::vector<T, Lanes> x{};
            for (std::size_t lane = 0; lane < Lanes; ++lane) x[lane] = points[first + lane];
            const ctnn::math::vector<T, Lanes> y = function(x);
            for (std::size_t lane = 0; lane < Lanes; ++lane) {
                const T wanted = function(points[first + lane]);
                const T got = y[lane];
                const bool same = identical(got, wanted) || ulp(got, wanted) <= allowed_between_builds;
                expect_same_lane(same, Lanes, static_cast<double>(got), static_cast<double>(wanted),
                                 static_cast<double>(points[first + lane]));
            }
        }
    }
}

/// Checks that a function gives the same in every lane of every vector type of the processor as for a scalar.
template <class Function>
void check_lanes(Function function, double low, double high) {
    const auto single = lane_points<float>(low, high);
    check_lanes_of<float, 2>(function, single);
    check_lanes_of<float, 4>(function, single);
    check_lanes_of<float, 8>(function, single);
    check_lanes_of<float, 16>(function, single);
    const auto precise = lane_points<double>(low, high);
    check_lanes_of<double, 2>(function, precise);
    check_lanes_of<double, 4>(function, precise);
    check_lanes_of<double, 8>(function, precise);
}

/// 48 points in [low, high], denser near zero, for constant evaluation.
template <class T>
constexpr std::array<T, 48> phase_points(T low, T high) {
    std::array<T, 48> result{};
    T share = 1;
    for (std::size_t i = 0; i < 48; i += 2) {
        result[i] = low * share;
        result[i + 1] = high * share;
        share *= T(0.71);
    }
    return result;
}

/// Checks that a function without captures gives the same in constant evaluation and at run time.
template <class T, class Function, int Low, int High>
void check_phases_of(Function) {
    static constexpr auto points = phase_points<T>(Low, High);
    static constexpr auto constant = [] {
        std::array<T, points.size()> result{};
        for (std::size_t i = 0; i < points.size(); ++i) result[i] = Function{}(points[i]);
        return result;
    }();
    for (std::size_t i = 0; i < points.size(); ++i) {
        const volatile T hidden = points[i];
        const T got = Function{}(T{hidden});
        const bool same = identical(got, constant[i]) || ulp(got, constant[i]) <= allowed_between_builds;
        expect_same_phases(same, static_cast<double>(got), static_cast<double>(constant[i]),
                           static_cast<double>(points[i]));
    }
}
template <int Low, int High, class Function>
void check_phases(Function function) {
    check_phases_of<float, Function, Low, High>(function);
    check_phases_of<double, Function, Low, High>(function);
}

/// Checks at 10,001 points of [low, high] that an increasing function never decreases.
template <class T, class Function>
void check_growing(Function function, double low, double high) {
    T last = -std::numeric_limits<T>::infinity();
    for (int i = 0; i <= 10'000; ++i) {
        const T x = static_cast<T>(low + (high - low) * i / 10'000);
        const T y = function(x);
        expect_growth(last <= y, static_cast<double>(last), static_cast<double>(y), static_cast<double>(x));
        last = y;
    }
}

}  // namespace math_support
