// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The exponential function.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

#include <type_traits>

namespace CTNN_NAMESPACE::math {

/// The range of an argument of `exp`: any, or not above 0. For the latter, results below the smallest normal number are
/// 0 or rounded to a subnormal, which shortens the dependency chain.
struct any_argument {};
struct not_above_zero {};

/// e to the power of each lane.
///
/// With k = round(x / ln 2) and r = x - k ln 2, |r| <= ln(2)/2: e^x = 2^k (1 + r + r^2 P(r)). k comes from adding a
/// constant so large that only integers remain in the low-order bits; the power of two is built from those bits, in two
/// halves, so that subnormal results are rounded and not lost. ln 2 is split into a part of few bits, whose multiples
/// by k are exact, and the remainder.
///
/// *Accuracy*: 1 ulp. Largest error seen: float 0.94 ulp, double 0.92 ulp.
/// *Special values*: exp(-inf) = 0, exp(inf) = inf (also above the largest finite result), exp(nan) = nan.
/// *Source*: range reduction of Cody and Waite (1980); P is a minimax polynomial (Remez) computed for ctnn, with
/// relative error 2^-28 for float and 2^-64 for double.
template <class Argument = any_argument, class V, class T = scalar_t<V>, class B = bits_t<V>>
CTNN_INLINE constexpr V exp(V x) {
    CTNN_AS_WRITTEN(exp<Argument>(held(x)))
    constexpr bool any = std::is_same_v<Argument, any_argument>;
    if constexpr (runs_as_lane<V>)
        if (!__builtin_is_constant_evaluated()) return exp<Argument>(as_lane(x))[0];
    if constexpr (is_single<V>) {
        constexpr T shift = 12582912 + (any ? 254 : 127);
        const V z = any ? clamp(x, T(-104), T(88.72283172607421875)) : at_least(x, T(-88)),
                t = z * T(1.442695040888963407) + shift, k = t - shift, high = z - k * T(0.693145751953125),
                low = k * T(1.42860682030941723212e-6), r = high - low, rr = r * r,
                p = (T(0.50000001) + r * T(0.166665186)) +
                    rr * ((T(0.0416662051) + r * T(0.00836891788)) + rr * T(0.0013950541)),
                y = T(1) + (high + (rr * p - low));
        const B n = __builtin_bit_cast(B, t);
        if constexpr (!any) return y * __builtin_bit_cast(V, B(n << 23));
        const V scaled = y * __builtin_bit_cast(V, B((n >> 1) << 23)) * __builtin_bit_cast(V, B((n - (n >> 1)) << 23));
        return select(x > T(88.72283172607421875), broadcast<V>(__builtin_inff()), scaled);
    } else {
        constexpr T shift = 6755399441055744 + (any ? 2046 : 1023);
        const V z = any ? clamp(x, T(-745.2), T(709.78271289338397310)) : at_least(x, T(-709.1)),
                t = z * T(1.4426950408889634074) + shift, k = t - shift, high = z - k * T(0.69314718036912381649),
                low = k * T(1.9082149292705877e-10), r = high - low, r2 = r * r, r4 = r2 * r2,
                p = ((T(0.5) + r * T(0.16666666666666684)) +
                     r2 * (T(0.041666666666666725) + r * T(0.0083333333333166847))) +
                    r4 * (((T(0.0013888888888858448) + r * T(0.00019841269897194543)) +
                           r2 * (T(2.4801587373722533e-5) + r * T(2.7557234099297083e-6))) +
                          r4 * ((T(2.7557233377762633e-7) + r * T(2.51122884299305e-8)) +
                                r2 * T(2.0926937529983739e-9))),
                y = T(1) + (high + (r2 * p - low));
        const B n = __builtin_bit_cast(B, t);
        if constexpr (!any) return y * __builtin_bit_cast(V, B(n << 52));
        const V scaled = y * __builtin_bit_cast(V, B((n >> 1) << 52)) * __builtin_bit_cast(V, B((n - (n >> 1)) << 52));
        return select(x > T(709.78271289338397310), broadcast<V>(__builtin_inf()), scaled);
    }
}

}  // namespace CTNN_NAMESPACE::math
