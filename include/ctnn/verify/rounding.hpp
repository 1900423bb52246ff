// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far rounding moves results: the terms by which bounds are widened.

#include <ctnn/config.hpp>
#include <ctnn/operations.hpp>

#include <cstddef>
#include <limits>

#if CTNN_LOOSE_OPERATIONS || defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "ctnn/verify.hpp: a proof is about rounded arithmetic, and -ffast-math lets the compiler change that"
#endif

namespace CTNN_NAMESPACE::detail {

/// The largest relative error of one operation: half an ulp of 1.
template <class T>
inline constexpr double unit_roundoff = static_cast<double>(std::numeric_limits<T>::epsilon()) / 2;

/// The largest absolute error of a product that underflows.
template <class T>
inline constexpr double underflow = static_cast<double>(std::numeric_limits<T>::denorm_min());

/// gamma_n = n u / (1 - n u): a sum of products in which each term meets at most n roundings differs from the exact sum by
/// at most gamma_n times the sum of the absolute terms, in any order of additions, fused or not.
///
/// *Source*: N. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, 2002, section 3.1.
template <class T>
constexpr double gamma(std::size_t roundings) {
    const double nu = static_cast<double>(roundings) * unit_roundoff<T>;
    return nu / (1 - nu);
}

/// The relative error of the proof's own arithmetic, in `double`: of sums with up to 2^19 roundings.
inline constexpr double own_rounding = 0x1p-33;
inline constexpr std::size_t most_roundings = std::size_t{1} << 19;
static_assert(gamma<double>(most_roundings) < own_rounding);

inline constexpr double no_bound = std::numeric_limits<double>::infinity();

/// The smallest magnitude, but 0, of derivatives and of the parameters that they are multiplied with: no product underflows.
inline constexpr double least_derivative = 1e-150;

constexpr double magnitude(double x) {
    return x < 0 ? -x : x;
}
/// Whether a bound is one: sums of the proof may overflow.
constexpr bool is_bound(double x) {
    return -no_bound < x && x < no_bound;
}
constexpr double larger(double x, double y) {
    return x > y ? x : y;
}

/// What the proof's own sums lose of terms whose magnitudes add up to `sum`: a large coefficient makes much of a margin that
/// would underflow to 0.
constexpr double own_error(double sum) {
    return sum > 0 ? own_rounding * sum + underflow<double> : 0;
}

}  // namespace CTNN_NAMESPACE::detail
