// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What sine and cosine share: the nearest quarter turn, the rest of the angle, and a polynomial for each.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE::math::detail {

/// The sine of `x` plus `Quarters` quarter turns, which is 1 for the cosine.
///
/// With a = |x|, k = round(a / (pi/2)) and r = a - k pi/2, |r| <= pi/4: the sine or cosine of r, by whether
/// k + `Quarters` is even, with the sign of its second bit. pi/2 is split into three parts of so few bits that their
/// multiples by k are exact, and the remainder; r is the sum of two values, the second of which is below the rounding
/// of the first. sin r = r - r^3 S(r^2), cos r = 1 - r^2/2 + r^4 C(r^2). Clamping both keeps results within [-1, 1]
/// where multiples are no longer exact.
template <unsigned Quarters, class V, class T = scalar_t<V>, class B = bits_t<V>>
CTNN_INLINE constexpr V sine_of_turns(V x) {
    CTNN_AS_WRITTEN(sine_of_turns<Quarters>(held(x)))
    if constexpr (runs_as_lane<V>)
        if (!__builtin_is_constant_evaluated()) return sine_of_turns<Quarters>(as_lane(x))[0];
    if constexpr (is_single<V>) {
        const V a = from_bits<V>(to_bits(x) & 0x7fffffffu), t = a * T(0.63661977236758134308) + T(12582912),
                k = t - T(12582912), k1 = k * T(1.5706787109375), k2 = k * T(0.00011761486530303955078125),
                k3 = k * T(9.92031345958821475505828857422e-10), r1 = a - k1, r2 = r1 - k2, r3 = r2 - k3,
                rest = (((r1 - r2) - k2) + ((r2 - r3) - k3)) - k * T(6.22337217189661339225846767097e-14),
                r = clamp(r3, T(-0.8), T(0.8)), low = clamp(rest, T(-0x1p-20), T(0x1p-20)), z = r * r,
                half = z * T(0.5), w = T(1) - half,
                s = r - (r * z *
                             (T(0.16666654602273414862) -
                              z * (T(0.0083321602917053059317) - z * T(0.00019515218093211308844))) -
                         low * w),
                c = w +
                    (((T(1) - w) - half) + (z * z *
                                                (T(0.041666645670154495655) -
                                                 z * (T(0.0013887315616463262785) - z * T(0.00002443308268460138353))) -
                                            r * low));
        const B n = to_bits(t) + Quarters, sign = (n & 2) << 30;
        const V y = select((n & 1) != 0, c, s);
        return from_bits<V>(to_bits(y) ^ (Quarters == 0 ? B(sign ^ (to_bits(x) & 0x80000000u)) : sign));
    } else {
        const V a = from_bits<V>(to_bits(x) & 0x7fffffffffffffffu),
                t = a * T(0.63661977236758134308) + T(6755399441055744), k = t - T(6755399441055744),
                k1 = k * T(1.570796326734125614166259765625),
                k2 = k * T(0.00000000006077100506303965976595549136618501506746),
                k3 = k * T(2.022266248711166455795995623655170701782e-21), r1 = a - k1, r2 = r1 - k2, r3 = r2 - k3,
                rest = (((r1 - r2) - k2) + ((r2 - r3) - k3)) - k * T(8.478427660368899643958701469380991909055e-32),
                r = clamp(r3, T(-0.8), T(0.8)), low = clamp(rest, T(-0x1p-50), T(0x1p-50)), z = r * r,
                half = z * T(0.5), w = T(1) - half,
                s = r - (r * z *
                             (T(0.16666666666666630686) -
                              z * (T(0.0083333333333221073244) -
                                   z * (T(0.00019841269829580162704) -
                                        z * (T(2.7557313618016400563e-6) -
                                             z * (T(2.5050747218064815071e-8) - z * T(1.5896197629012050583e-10)))))) -
                         low * w),
                c = w + (((T(1) - w) - half) +
                         (z * z *
                              (T(0.041666666666666592832) -
                               z * (T(0.0013888888888873040347) -
                                    z * (T(0.000024801587288841384617) -
                                         z * (T(2.7557314176236063326e-7) -
                                              z * (T(2.0875700415574247775e-9) - z * T(1.1358513926309875113e-11)))))) -
                          r * low));
        const B n = to_bits(t) + Quarters, sign = (n & 2) << 62;
        const V y = select((n & 1) != 0, c, s);
        return from_bits<V>(to_bits(y) ^ (Quarters == 0 ? B(sign ^ (to_bits(x) & 0x8000000000000000u)) : sign));
    }
}

}  // namespace CTNN_NAMESPACE::math::detail
