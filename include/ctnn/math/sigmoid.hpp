// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The logistic function.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE::math {

namespace detail {

/// The numbers of `sigmoid`; e0, e1, ... are the coefficients of E. They have names because constant evaluation converts
/// and multiplies what stands in an expression again each time.
template <class T>
struct sigmoid_numbers;
template <>
struct sigmoid_numbers<float> {
    static constexpr double c = 0.96875;
    static constexpr float lowest = static_cast<float>(-88.8), highest = 80, shift = 12582912 + 127, one = 1,
                           log2e = static_cast<float>(1.442695040888963407), log2 = 0.693145751953125F,
                           log2_rest = static_cast<float>(1.42860682030941723212e-6), e0 = static_cast<float>(c),
                           e1 = static_cast<float>(c / 2), e2 = static_cast<float>(c * 0.399913823 / 4),
                           e3 = static_cast<float>(c * 0.0665807764 / 8);
};
template <>
struct sigmoid_numbers<double> {
    static constexpr double c = 1.9375, lowest = -709.1, highest = 500, shift = 6755399441055744 + 1023,
                            log2e = 1.4426950408889634074, log2 = 0.69314718036912381649,
                            log2_rest = 1.9082149292705877e-10, e0 = c, e1 = c / 2, e2 = c * 4725 / 41580,
                            e3 = c * 1260 / 83160, e4 = c * 210 / 166320, e5 = c * 21 / 332640, e6 = c / 665280;
};

}  // namespace detail

/// 1 / (1 + e^-x) of each lane, with one division and no branch.
///
/// With k = round(x / ln 2), r = x - k ln 2 and e^r = E(r) / E(-r): e^-x = 2^-k E(-r) / E(r), so that
/// sigmoid(x) = E(r) / (E(r) + 2^-k E(-r)).
/// For float the last digits of k ln 2 are not in r but in the power of two, times 1 - (their part of r), which is not
/// waited for; far below 0 the power of two is infinite. E is multiplied by a number that puts it just below a power of
/// two at zero and so halves its rounding error there.
///
/// *Accuracy*: float 5 ulp, double 4 ulp. Largest error seen: float 4.57 ulp, double 2.32 ulp; above 0 at most 1.9 ulp.
/// Never above 1.
/// *Special values*: sigmoid(-inf) = 0, sigmoid(inf) = 1, sigmoid(nan) = nan. Results below the smallest
/// normal number may be 0.
/// *Source*: E is the numerator plus the denominator of tanh(r/2), Lambert's continued fraction cut off after 11 for
/// double, a minimax quotient (Remez) for float.
template <class V, class T = scalar_t<V>, class B = bits_t<V>, class N = detail::sigmoid_numbers<T>>
CTNN_INLINE constexpr V sigmoid(V x) {
    CTNN_AS_WRITTEN(sigmoid(held(x)))
    if constexpr (is_taken_as_lane<V>)
        if (!__builtin_is_constant_evaluated()) return sigmoid(as_lane(x))[0];
    if constexpr (is_single<V>) {
        const V z = clamp(x, N::lowest, N::highest), t = N::shift - z * N::log2e, k = t - N::shift, r = z + k * N::log2,
                w = r * r,
                scale = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 23)) * (N::one - k * N::log2_rest),
                up = (N::e0 + r * N::e1) + w * (N::e2 + r * N::e3),
                down = (N::e0 - r * N::e1) + w * (N::e2 - r * N::e3);
        return up / (up + down * scale);
    } else {
        const V z = clamp(x, N::lowest, N::highest), t = z * N::log2e + N::shift, k = t - N::shift,
                r = (z - k * N::log2) - k * N::log2_rest, w = r * r,
                even = (N::e0 + w * N::e2) + (w * w) * (N::e4 + w * N::e6),
                odd = r * ((N::e1 + w * N::e3) + (w * w) * N::e5),
                up = (even + odd) * __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 52));
        return up / (up + (even - odd));
    }
}

}  // namespace CTNN_NAMESPACE::math
