// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The error function.

#include <ctnn/config.hpp>
#include <ctnn/math/expm1.hpp>

namespace CTNN_NAMESPACE::math {

/// The error function of each lane.
///
/// 1 - erf(a) = e^-(a + a G(a)) for a >= 0, where G is smooth: one polynomial on the whole range where erf differs from
/// 1. So erf(x) = -expm1(-(a + a G(a))) with a = |x| and the sign of x, without case distinctions.
///
/// *Accuracy*: 4 ulp. Largest error seen: float 2.17 ulp, double 2.01 ulp. Odd to the bit.
/// *Special values*: erf(+-0) = +-0, erf(+-inf) = +-1, erf(nan) = nan.
/// *Source*: G is a minimax polynomial (Remez) of degree 9 for float and 25 for double, computed for ctnn; the relative
/// error of erf is 2^-31 and 2^-60.
template <class V, class T = scalar_t<V>>
CTNN_INLINE constexpr V erf(V x) {
    CTNN_AS_WRITTEN(erf(held(x)))
    if constexpr (is_single<V>) {
        const V a = at_most((abs)(x), T(3.93)), a2 = a * a, a4 = a2 * a2,
                g = ((T(0.1283791666) + a * T(0.6366198346)) + a2 * (T(0.1027712771) + a * T(-0.01911769439))) +
                    a4 * (((T(-2.530626237e-4) + a * T(1.799356372e-3)) +
                           a2 * (T(-7.406881088e-4) + a * T(1.674820252e-4))) +
                          a4 * (T(-2.135486149e-5) + a * T(1.193325651e-6)));
        return copysign(-expm1(-(a + a * g)), x);
    } else {
        const V a = at_most((abs)(x), T(5.93)), a2 = a * a, a4 = a2 * a2, a8 = a4 * a4,
                g0 = (T(0.1283791670955125731) + a * T(0.6366197723675816233)) +
                     a2 * (T(0.1027726033019235491) + a * T(-0.01912844700867208614)),
                g1 = (T(-2.091946442572674049e-4) + a * T(1.696205953330639676e-3)) +
                     a2 * (T(-5.901230955261440394e-4) + a * T(2.586876236394242182e-5)),
                g2 = (T(6.452080077169495329e-5) + a * T(-2.978841061251019733e-5)) +
                     a2 * (T(3.517959653424043712e-6) + a * T(2.685477522428544609e-6)),
                g3 = (T(-1.58050680545129125e-6) + a * T(1.972391657264636379e-7)) +
                     a2 * (T(2.342437130416178049e-7) + a * T(-1.966137103418453601e-7)),
                g4 = (T(9.085234573254142058e-8) + a * T(-3.026083666697860479e-8)) +
                     a2 * (T(7.763898747564147182e-9) + a * T(-1.563126265998660819e-9)),
                g5 = (T(2.463514888953065603e-10) + a * T(-2.986975319133233487e-11)) +
                     a2 * (T(2.69375636407488847e-12) + a * T(-1.702379262610968702e-13)),
                g6 = (T(6.726420225186491889e-15) + a * T(-1.249916480534517751e-16)),
                g = ((g0 + a4 * g1) + a8 * (g2 + a4 * g3)) + (a8 * a8) * ((g4 + a4 * g5) + a8 * g6);
        return copysign(-expm1(-(a + a * g)), x);
    }
}

}  // namespace CTNN_NAMESPACE::math
