// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The hyperbolic tangent.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE::math {

namespace detail {

/// The numbers of `tanh`; p1, p2, ... are the coefficients of a polynomial P. They have names because constant evaluation
/// converts what stands in an expression again each time.
template <class T>
struct tanh_numbers;
template <>
struct tanh_numbers<float> {
    static constexpr float highest = static_cast<float>(9.8), one = 1, q1 = static_cast<float>(0.4671298265),
                           q2 = static_cast<float>(0.02587076463), q3 = static_cast<float>(0.0003282942635),
                           q4 = static_cast<float>(7.761096867e-7), p1 = static_cast<float>(0.1337965876),
                           p2 = static_cast<float>(0.003493946278), p3 = static_cast<float>(2.058190876e-5),
                           p4 = static_cast<float>(1.331688004e-8);
};
template <>
struct tanh_numbers<double> {
    static constexpr double highest = 20, one = 1, shift = 6755399441055744 + 1023, twice_log2e = 2.8853900817779268147,
                            half_log2 = 0.34657359018456190824, half_log2_rest = 9.5410746463529385e-11,
                            a1 = 4725.0 / 10395, a2 = 210.0 / 10395, a3 = 1.0 / 10395, b1 = 1260.0 / 10395,
                            b2 = 21.0 / 10395;
};

}  // namespace detail

/// The hyperbolic tangent of each lane, with one division and no branch.
///
/// For float: tanh(a) = a P(a^2) / Q(a^2) for a = |x|, as far as that is below 1; it passes 1 at 9.01, and from 9.8 on a
/// stays there. Few steps wait for each other, and that is what a small network waits for.
///
/// For double: with k = round(2a / ln 2), u = a - k ln(2)/2, tanh(u) = B / (1 + A) and s = 2^k:
/// e^2a = s (1 + A + B) / (1 + A - B), so tanh(a) = ((s + 1) B - (1 - s) A - (1 - s)) / ((s + 1) A - (1 - s) B + (s +
/// 1)). Near zero k is 0 and the quotient is B / (1 + A): nothing is lost to cancellation.
/// s + 1 and 1 - s are exact and come last, so that only small terms are rounded before them.
///
/// *Accuracy*: float 7 ulp, which is 4.2e-7, double 4 ulp. Largest error seen: float 6.17 ulp, double 3.04 ulp. Odd to
/// the bit; never above 1.
/// *Special values*: tanh(+-0) = +-0, tanh(+-inf) = +-1, tanh(nan) = nan.
/// *Source*: P and Q are a minimax quotient (Lawson) computed for ctnn, relative error 2^-25.4; tanh(u) for double is
/// Lambert's continued fraction cut off after 11.
template <class V, class T = scalar_t<V>, class B = bits_t<V>, class N = detail::tanh_numbers<T>>
CTNN_INLINE constexpr V tanh(V x) {
    CTNN_AS_WRITTEN(tanh(held(x)))
    if constexpr (is_taken_as_lane<V>)
        if (!__builtin_is_constant_evaluated()) return tanh(as_lane(x))[0];
    if constexpr (is_single<V>) {
        const V a = at_most((abs)(x), N::highest), w = a * a, ww = w * w,
                q = (N::one + w * N::q1) + ww * ((N::q2 + w * N::q3) + ww * N::q4),
                p = a * (N::one + w * N::p1) + (a * ww) * ((N::p2 + w * N::p3) + ww * N::p4);
        return with_sign(least(p, q), x) / q;
    } else {
        const V z = at_most((abs)(x), N::highest), t = z * N::twice_log2e + N::shift, k = t - N::shift,
                u = (z - k * N::half_log2) - k * N::half_log2_rest, w = u * u,
                a = w * N::a1 + (w * w) * (N::a2 + w * N::a3), b = u + u * (w * (N::b1 + w * N::b2)),
                s = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 52)), sum = s + N::one, difference = N::one - s,
                y = ((sum * b - difference * a) - difference) / ((sum * a - difference * b) + sum);
        return with_sign(y, x);
    }
}

}  // namespace CTNN_NAMESPACE::math
