// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The logistic function.

#include <ctnn/math/lane.hpp>

namespace ctnn::math {

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
template <class V, class T = scalar_t<V>, class B = bits_t<V>>
CTNN_INLINE constexpr V sigmoid(V x) {
    if constexpr (is_taken_as_lane<V>)
        if (!__builtin_is_constant_evaluated()) return sigmoid(as_lane(x))[0];
    if constexpr (is_single<V>) {
        constexpr double c = 0.96875;
        const V z = clamp(x, T(-88.8), T(80)), t = T(12582912 + 127) - z * T(1.442695040888963407),
                k = t - T(12582912 + 127), r = z + k * T(0.693145751953125), w = r * r,
                scale = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 23)) *
                        (T(1) - k * T(1.42860682030941723212e-6)),
                up = (T(c) + r * T(c / 2)) + w * (T(c * 0.399913823 / 4) + r * T(c * 0.0665807764 / 8)),
                down = (T(c) - r * T(c / 2)) + w * (T(c * 0.399913823 / 4) - r * T(c * 0.0665807764 / 8));
        return up / (up + down * scale);
    } else {
        constexpr double c = 1.9375;
        const V z = clamp(x, T(-709.1), T(500)), t = z * T(1.4426950408889634074) + T(6755399441055744 + 1023),
                k = t - T(6755399441055744 + 1023),
                r = (z - k * T(0.69314718036912381649)) - k * T(1.9082149292705877e-10), w = r * r,
                even = (T(c) + w * T(c * 4725 / 41580)) + (w * w) * (T(c * 210 / 166320) + w * T(c / 665280)),
                odd = r * ((T(c / 2) + w * T(c * 1260 / 83160)) + (w * w) * T(c * 21 / 332640)),
                up = (even + odd) * __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 52));
        return up / (up + (even - odd));
    }
}

}  // namespace ctnn::math
