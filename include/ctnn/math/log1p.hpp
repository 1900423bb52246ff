// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The natural logarithm of 1 + x.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE::math {

/// The natural logarithm of one plus each lane, also accurate near zero.
///
/// 1 + x is kept as an unevaluated sum v + c. With v = 2^k m, sqrt(1/2) <= m < sqrt(2), the logarithm is computed as in
/// `log`, with f = (m - 1) + 2^-k c; for small x, f is x itself. (c/2 is multiplied by 2^(1-k), which is representable
/// for every k.)
///
/// *Accuracy*: 4 ulp. Largest error seen: float 1.41 ulp, double 1.40 ulp.
/// *Special values*: log1p(+-0) = +-0, log1p(-1) = -inf, log1p(inf) = inf, log1p(x < -1) = nan, log1p(nan) = nan.
/// *Source*: the exact sum is Knuth's (1969); otherwise as for `log`.
template <class V, class T = scalar_t<V>, class B = bits_t<V>>
CTNN_INLINE constexpr V log1p(V x) {
    CTNN_AS_WRITTEN(log1p(held(x)))
    if constexpr (is_single<V>) {
        constexpr std::uint32_t root_half = 0x3f3504f3;
        const V a = clamp(x, T(-0.999999940395355225), T(3.4028234663852886e38)), v = a + T(1), b = v - T(1),
                c = (T(1) - (v - b)) + (a - b);
        const B n = __builtin_bit_cast(B, v) + (0x3f800000 - root_half);
        const V k = __builtin_bit_cast(V, B((n >> 23) | 0x4b000000)) - T(8388608 + 127),
                scale = __builtin_bit_cast(V, B(0x7f800000 - (n & 0x7f800000))),
                f = (__builtin_bit_cast(V, B((n & 0x007fffff) + root_half)) - T(1)) + (c * T(0.5)) * scale,
                s = f / (f + T(2)), z = s * s, half = f * (f * T(0.5)),
                r = z * ((T(0.666666658) + z * T(0.400003399)) + z * z * (T(0.285359867) + z * T(0.236187252))),
                y = k * T(0.693145751953125) - ((half - (s * (half + r) + k * T(1.42860682030941723212e-6))) - f),
                usual = select((abs)(x) < T(2.9802322387695312e-8), x, select(x > T(3.4028234663852886e38), x, y)),
                edge = select(x == T(-1), broadcast<V>(-__builtin_inff()), broadcast<V>(__builtin_nanf("")));
        return select(x > T(-1), usual, edge);
    } else {
        constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd;
        const V a = clamp(x, T(-0.99999999999999988898), T(1.7976931348623157e308)), v = a + T(1), b = v - T(1),
                c = (T(1) - (v - b)) + (a - b);
        const B n = __builtin_bit_cast(B, v) + (0x3ff0000000000000 - root_half);
        const V k = __builtin_bit_cast(V, B((n >> 52) | 0x4330000000000000)) - T(4503599627370496 + 1023),
                scale = __builtin_bit_cast(V, B(0x7ff0000000000000 - (n & 0x7ff0000000000000))),
                f = (__builtin_bit_cast(V, B((n & 0x000fffffffffffff) + root_half)) - T(1)) + (c * T(0.5)) * scale,
                s = f / (f + T(2)), z = s * s, zz = z * z, half = f * (f * T(0.5)),
                r = z *
                    ((T(0.66666666666667098) + z * T(0.39999999999517178)) +
                     zz * ((T(0.28571428730011335) + z * T(0.22222199005393076)) +
                           zz * ((T(0.18183576430891061) + z * T(0.15313030178560309)) + zz * T(0.14811936241135092)))),
                y = k * T(0.69314718036912381649) - ((half - (s * (half + r) + k * T(1.9082149292705877e-10))) - f),
                usual = select((abs)(x) < T(5.5511151231257827e-17), x, select(x > T(1.7976931348623157e308), x, y)),
                edge = select(x == T(-1), broadcast<V>(-__builtin_inf()), broadcast<V>(__builtin_nan("")));
        return select(x > T(-1), usual, edge);
    }
}

}  // namespace CTNN_NAMESPACE::math
