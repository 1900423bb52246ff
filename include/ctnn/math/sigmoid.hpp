// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The logistic function.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE::math {

namespace detail {

/// The constants of `sigmoid`; p0, p1, ... are the coefficients of P. They have names because constant evaluation
/// converts literals again each time.
template <class T>
struct sigmoid_coefficients;
template <>
struct sigmoid_coefficients<float> {
    static constexpr float lowest = -104, highest = 40, unit = 0x1p-28F, shift = 12582912 + 127 - 28, one = 1,
                           log2e = static_cast<float>(-1.442695040888963407), log2 = 0.693145751953125F,
                           log2_rest = static_cast<float>(1.42860682030941723212e-6),
                           p0 = static_cast<float>(0.49999230305914998), p1 = static_cast<float>(-0.16667115384389997),
                           p2 = static_cast<float>(0.041890331962839547),
                           p3 = static_cast<float>(-0.0083125017743272855);
};
template <>
struct sigmoid_coefficients<double> {
    static constexpr double lowest = -745.2, highest = 40, unit = 0x1p-60, shift = 6755399441055744 + 1023 - 60,
                            one = 1, log2e = -1.4426950408889634074, log2 = 0.69314718036912381649,
                            log2_rest = 1.9082149292705877e-10, p0 = 0.5000000000000010669,
                            p1 = -0.16666666666666411509, p2 = 0.041666666666529725705, p3 = -0.0083333333334949787025,
                            p4 = 0.0013888888943760702907, p5 = -0.00019841269505765471619,
                            p6 = 0.000024801492948843316324, p7 = -2.7557586815532084678e-6,
                            p8 = 2.7630306532932601008e-7, p9 = -2.5000014045274403732e-8;
    static constexpr std::uint64_t upper = ~std::uint64_t{0} << 27;
};

}  // namespace detail

/// 1 / (1 + e^-x) of each lane, with one division and no branch.
///
/// With k = round(-x / ln 2) and r = x + k ln 2: e^-x = 2^k (1 - r + r^2 P(r)). So that the power of two is
/// representable for every x, numerator and denominator have the factor `unit`; far below 0 results are rounded to
/// subnormals, and become 0.
///
/// For float each operation rounds an increasing function of x, or adds a comparatively small term to one; so the
/// result is monotonic.
///
/// For double the denominator d is known in two parts, d1 of 26 bits and the remainder d2; so is y = 1/d, of which y1
/// has 26. Then y1 d1 is exact, and (1 - y1 d) / d is the entire error of y1: what is rounded before the last addition
/// is small. The factor `unit` comes last, and is exact except for subnormal results.
///
/// *Accuracy*: float 4 ulp, double 1 ulp. Largest error seen: float 3.40 ulp, double 0.86 ulp. `float` is monotonic,
/// with FMA contraction too; never above 1.
/// *Special values*: sigmoid(-inf) = 0, sigmoid(inf) = 1, sigmoid(nan) = nan.
/// *Source*: range reduction of Cody and Waite (1980); P is a minimax polynomial (Remez) computed for ctnn, with
/// relative error 2^-23 of e^r for float and 2^-58 for double; quotients in two parts as by T. J. Dekker (1971).
template <class V, class T = scalar_t<V>, class B = bits_t<V>, class N = detail::sigmoid_coefficients<T>>
CTNN_INLINE constexpr V sigmoid(V x) {
    CTNN_AS_WRITTEN(sigmoid(held(x)))
    if constexpr (runs_as_lane<V>)
        if (!__builtin_is_constant_evaluated()) return sigmoid(as_lane(x))[0];
    if constexpr (is_single<V>) {
        const V z = clamp(x, N::lowest, N::highest), t = z * N::log2e + N::shift, k = t - N::shift,
                r = (z + k * N::log2) + k * N::log2_rest, rr = r * r,
                p = (N::p0 + r * N::p1) + rr * (N::p2 + r * N::p3), e = (rr * p - r) + N::one;
        return N::unit / (e * __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 23)) + N::unit);
    } else {
        const V z = clamp(x, N::lowest, N::highest), t = z * N::log2e + N::shift, k = t - N::shift,
                high = z + k * N::log2, low = k * N::log2_rest, r = high + low, r2 = r * r, r4 = r2 * r2,
                p = ((N::p0 + r * N::p1) + r2 * (N::p2 + r * N::p3)) +
                    r4 * (((N::p4 + r * N::p5) + r2 * (N::p6 + r * N::p7)) + r4 * (N::p8 + r * N::p9)),
                s = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 52)), coarse = s * high,
                fine = s * (low - r2 * p), d = ((s + N::unit) - coarse) - fine, y = N::one / d,
                d1 = __builtin_bit_cast(V, B(__builtin_bit_cast(B, d) & N::upper)),
                d2 = (((s - d1) + N::unit) - coarse) - fine,
                y1 = __builtin_bit_cast(V, B(__builtin_bit_cast(B, y) & N::upper));
        return (y1 - ((y1 * d1 - N::one) + y1 * d2) * y) * N::unit;
    }
}

}  // namespace CTNN_NAMESPACE::math
