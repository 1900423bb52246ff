// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The natural logarithm.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE::math {

/// The natural logarithm of each lane.
///
/// With x = 2^k m, sqrt(1/2) <= m < sqrt(2), f = m - 1 and s = f / (2 + f): log m = f - f^2/2 + s (f^2/2 + s^2 R(s^2)),
/// log x = k ln 2 + log m, added from the smallest part to the largest. Subnormals are first multiplied by a power of
/// two.
///
/// *Accuracy*: 1 ulp. Largest error seen: float 0.84 ulp, double 0.86 ulp.
/// *Special values*: log(+-0) = -inf, log(inf) = inf, log(x < 0) = nan, log(nan) = nan.
/// *Source*: the decomposition is that of FDLIBM's e_log (Sun Microsystems, 1993); R is a minimax polynomial (Remez)
/// computed for ctnn, with error 2^-36 for float and 2^-58 for double.
template <class V, class T = scalar_t<V>, class B = bits_t<V>>
CTNN_INLINE constexpr V log(V x) {
    CTNN_AS_WRITTEN(log(held(x)))
    if constexpr (is_single<V>) {
        constexpr std::uint32_t root_half = 0x3f3504f3;
        const auto subnormal = x < T(1.17549435082228750797e-38);
        const B n = __builtin_bit_cast(B, select(subnormal, x * T(33554432), x)) + (0x3f800000 - root_half);
        const V bias = select(subnormal, broadcast<V>(8388608 + 127 + 25), broadcast<V>(8388608 + 127)),
                k = __builtin_bit_cast(V, B((n >> 23) | 0x4b000000)) - bias,
                f = __builtin_bit_cast(V, B((n & 0x007fffff) + root_half)) - T(1), s = f / (f + T(2)), z = s * s,
                half = f * (f * T(0.5)),
                r = z * ((T(0.666666658) + z * T(0.400003399)) + z * z * (T(0.285359867) + z * T(0.236187252))),
                y = k * T(0.693145751953125) - ((half - (s * (half + r) + k * T(1.42860682030941723212e-6))) - f),
                positive = select(x < broadcast<V>(__builtin_inff()), y, x),
                other = select(x < T(0), broadcast<V>(__builtin_nanf("")), broadcast<V>(-__builtin_inff()));
        return select(x <= T(0), other, positive);
    } else {
        constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd;
        const auto subnormal = x < T(2.2250738585072013831e-308);
        const B n =
            __builtin_bit_cast(B, select(subnormal, x * T(18014398509481984), x)) + (0x3ff0000000000000 - root_half);
        const V bias = select(subnormal, broadcast<V>(4503599627370496 + 1023 + 54),
                              broadcast<V>(4503599627370496 + 1023)),
                k = __builtin_bit_cast(V, B((n >> 52) | 0x4330000000000000)) - bias,
                f = __builtin_bit_cast(V, B((n & 0x000fffffffffffff) + root_half)) - T(1), s = f / (f + T(2)),
                z = s * s, zz = z * z, half = f * (f * T(0.5)),
                r = z *
                    ((T(0.66666666666667098) + z * T(0.39999999999517178)) +
                     zz * ((T(0.28571428730011335) + z * T(0.22222199005393076)) +
                           zz * ((T(0.18183576430891061) + z * T(0.15313030178560309)) + zz * T(0.14811936241135092)))),
                y = k * T(0.69314718036912381649) - ((half - (s * (half + r) + k * T(1.9082149292705877e-10))) - f),
                positive = select(x < broadcast<V>(__builtin_inf()), y, x),
                other = select(x < T(0), broadcast<V>(__builtin_nan("")), broadcast<V>(-__builtin_inf()));
        return select(x <= T(0), other, positive);
    }
}

}  // namespace CTNN_NAMESPACE::math
