// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The exponential function minus one.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE::math {

/// e to the power of each lane, minus 1, also accurate near zero.
///
/// With k = round(x / ln 2), r = x - k ln 2 and q = r + r^2 P(r) = e^r - 1: e^x - 1 = 2 (2^(k-1) q - (1/2 - 2^(k-1))).
/// Half of the result is computed first, because 2^k overflows where e^x just does not.
///
/// *Accuracy*: 4 ulp. Largest error seen: float 1.70 ulp, double 1.59 ulp.
/// *Special values*: expm1(+-0) = +-0, expm1(-inf) = -1, expm1(inf) = inf (also above the largest finite result),
/// expm1(nan) = nan.
/// *Source*: range reduction of Cody and Waite (1980); P is the polynomial of `exp`.
template <class V, class T = scalar_t<V>, class B = bits_t<V>>
CTNN_INLINE constexpr V expm1(V x) {
    CTNN_AS_WRITTEN(expm1(held(x)))
    if constexpr (is_single<V>) {
        const V z = clamp(x, T(-20), T(88.72283172607421875)), t = z * T(1.442695040888963407) + T(12582912 + 126),
                k = t - T(12582912 + 126), high = z - k * T(0.693145751953125), low = k * T(1.42860682030941723212e-6),
                r = high - low, r2 = r * r,
                p = (T(0.50000001) + r * T(0.166665186)) +
                    r2 * ((T(0.0416662051) + r * T(0.00836891788)) + r2 * T(0.0013950541)),
                q = high + (r2 * p - low), s = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 23)),
                y = (s * q - (T(0.5) - s)) * T(2),
                finite = select(x > T(88.72283172607421875), broadcast<V>(__builtin_inff()), y);
        return select((abs)(x) < T(2.9802322387695312e-8), x, finite);
    } else {
        const V z = clamp(x, T(-40), T(709.78271289338397310)),
                t = z * T(1.4426950408889634074) + T(6755399441055744 + 1022), k = t - T(6755399441055744 + 1022),
                high = z - k * T(0.69314718036912381649), low = k * T(1.9082149292705877e-10), r = high - low,
                r2 = r * r, r4 = r2 * r2,
                p = ((T(0.5) + r * T(0.16666666666666684)) +
                     r2 * (T(0.041666666666666725) + r * T(0.0083333333333166847))) +
                    r4 * (((T(0.0013888888888858448) + r * T(0.00019841269897194543)) +
                           r2 * (T(2.4801587373722533e-5) + r * T(2.7557234099297083e-6))) +
                          r4 * ((T(2.7557233377762633e-7) + r * T(2.51122884299305e-8)) +
                                r2 * T(2.0926937529983739e-9))),
                q = high + (r2 * p - low), s = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 52)),
                y = (s * q - (T(0.5) - s)) * T(2),
                finite = select(x > T(709.78271289338397310), broadcast<V>(__builtin_inf()), y);
        return select((abs)(x) < T(5.5511151231257827e-17), x, finite);
    }
}

}  // namespace CTNN_NAMESPACE::math
