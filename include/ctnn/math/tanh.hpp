// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The hyperbolic tangent.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE::math {

namespace detail {

/// The constants of `tanh`; p0, p1, ... and q1, q2, ... are the coefficients of P and Q. They have names because
/// constant evaluation converts literals again each time.
template <class T>
struct tanh_coefficients;
template <>
struct tanh_coefficients<float> {
    static constexpr float highest = static_cast<float>(9.8), one = 1, two = 2, shift = 12582912 + 127,
                           log2e = static_cast<float>(-1.442695040888963407),
                           log2 = static_cast<float>(0.69314718055994530942),
                           p0 = static_cast<float>(0.49999993432348808), p1 = static_cast<float>(-0.16666520398818915),
                           p2 = static_cast<float>(0.041668390743504975),
                           p3 = static_cast<float>(-0.0083687451333541605),
                           p4 = static_cast<float>(0.0013814542044626145);
};
template <>
struct tanh_coefficients<double> {
    static constexpr double highest = 20, one = 1, half = 0.5, third = -1.0 / 3, close = 0x1p-20,
                            shift = 6755399441055744 + 1022, twice_log2e = -2.8853900817779268147,
                            half_log2 = 0.34657359018456190824, half_log2_rest = 9.5410746463529385e-11,
                            q1 = -4 * 0.16666666666666680931, q2 = 8 * 0.041666666666666409888,
                            q3 = -16 * 0.0083333333333184846954, q4 = 32 * 0.0013888888889033702133,
                            q5 = -64 * 0.0001984126989345943055, q6 = 128 * 0.000024801587024992181374,
                            q7 = -256 * 2.7557237328544647367e-6, q8 = 512 * 2.7557526385136537099e-7,
                            q9 = -1024 * 2.5111292576892867987e-8, q10 = 2048 * 2.0838493019783977794e-9;
    static constexpr std::uint64_t upper = ~std::uint64_t{0} << 27;
};

}  // namespace detail

/// The hyperbolic tangent of each lane, with one division and no branch.
///
/// With a = |x|, k = -round(2a / ln 2) and r = 2a + k ln 2: e^-2a = 2^k (1 + E), where E = e^-r - 1, and
/// tanh(a) = (1 - e^-2a) / (1 + e^-2a) = n / (2 - n) with n = (1 - 2^k) - 2^k E. Near zero k is 0 and n is -E: there is
/// no cancellation.
///
/// For float E = r^2 P(r) - r. n increases with x, because what is added to r is small beside it, and the quotient
/// increases with n; so the result is monotonic.
///
/// For double, with u = r/2 and E = -2 (u - u^2 - u^2 Q(u)): tanh(a) = 1/d - 1 with d = (1 + e^-2a) / 2, which is known
/// in two parts, d1 of 26 bits and the remainder d2; so is 1/d, of which y1 has 26. Then y1 d1 is exact, and
/// (1 - y1 d) / d is the entire error of y1: what is rounded before the last addition is small. Below 2^-20 that last
/// addition would cancel; there tanh(a) = a - a^3/3.
///
/// *Accuracy*: float 4 ulp, double 1 ulp. Largest error seen: float 2.50 ulp, double 0.80 ulp. `float` is monotonic,
/// with FMA contraction too. Odd to the bit; never above 1.
/// *Special values*: tanh(+-0) = +-0, tanh(+-inf) = +-1, tanh(nan) = nan.
/// *Source*: range reduction of Cody and Waite (1980); P and Q are minimax polynomials (Remez) computed for ctnn, with
/// relative error 2^-28 of e^r for float and 2^-63 for double; quotients in two parts as by T. J. Dekker (1971).
template <class V, class T = scalar_t<V>, class B = bits_t<V>, class N = detail::tanh_coefficients<T>>
CTNN_INLINE constexpr V tanh(V x) {
    CTNN_AS_WRITTEN(tanh(held(x)))
    if constexpr (runs_as_lane<V>)
        if (!__builtin_is_constant_evaluated()) return tanh(as_lane(x))[0];
    if constexpr (is_single<V>) {
        const V a = at_most((abs)(x), N::highest), z = a + a, t = z * N::log2e + N::shift, k = t - N::shift,
                r = z + k * N::log2, rr = r * r, p = (N::p0 + r * N::p1) + rr * ((N::p2 + r * N::p3) + rr * N::p4),
                s = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 23)), n = (N::one - s) - s * (rr * p - r);
        return with_sign(n / (N::two - n), x);
    } else {
        const V a = (abs)(x), z = at_most(a, N::highest), t = z * N::twice_log2e + N::shift, k = t - N::shift,
                high = z + k * N::half_log2, low = k * N::half_log2_rest, u = high + low, u2 = u * u, u4 = u2 * u2,
                q = (u * N::q1 + u2 * (N::q2 + u * N::q3)) +
                    u4 * (((N::q4 + u * N::q5) + u2 * (N::q6 + u * N::q7)) + u4 * ((N::q8 + u * N::q9) + u2 * N::q10)),
                h = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 52)), s = h + h, coarse = s * high,
                fine = s * ((low - u2) - u2 * q), d = ((h + N::half) - coarse) - fine, y = N::one / d,
                d1 = __builtin_bit_cast(V, B(__builtin_bit_cast(B, d) & N::upper)),
                d2 = (((N::half - d1) + h) - coarse) - fine,
                y1 = __builtin_bit_cast(V, B(__builtin_bit_cast(B, y) & N::upper)),
                distant = (y1 - N::one) - ((y1 * d1 - N::one) + y1 * d2) * y, close = a + (a * u2) * N::third;
        return with_sign(select(a < N::close, close, distant), x);
    }
}

}  // namespace CTNN_NAMESPACE::math
