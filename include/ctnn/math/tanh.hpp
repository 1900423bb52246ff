// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The hyperbolic tangent.

#include <ctnn/math/lane.hpp>

namespace ctnn::math {

/// The hyperbolic tangent of each lane, with one division and no branch.
///
/// With k = round(2x / ln 2), u = x - k ln(2)/2, tanh(u) = B / (1 + A) and s = 2^k: e^2x = s (1 + A + B) / (1 + A - B),
/// so tanh(x) = ((s + 1) B - (1 - s) A - (1 - s)) / ((s + 1) A - (1 - s) B + (s + 1)).
/// Near zero k is 0 and the quotient is B / (1 + A): nothing is lost to cancellation, and the sign of zero is kept.
/// s + 1 and 1 - s are exact and come last, so that only small terms are rounded before them.
///
/// *Accuracy*: 4 ulp. Largest error seen: float 2.79 ulp, double 3.04 ulp. Odd to the bit.
/// *Special values*: tanh(+-0) = +-0, tanh(+-inf) = +-1, tanh(nan) = nan.
/// *Source*: tanh(u) as Lambert's continued fraction cut off after 11 for double, a minimax quotient (Remez) for float.
template <class V, class T = scalar_t<V>, class B = bits_t<V>>
CTNN_INLINE constexpr V tanh(V x) {
    if constexpr (is_single<V>) {
        const V z = at_least(at_most(x, T(10)), T(-10)), t = z * T(2.885390081777926815) + T(12582912 + 127),
                k = t - T(12582912 + 127), u = (z - k * T(0.3465728759765625)) - k * T(7.1430341015470862e-7),
                w = u * u, a = w * T(0.399913823), b = u + u * (w * T(0.0665807764)),
                s = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 23)), sum = s + T(1), difference = T(1) - s;
        return ((sum * b - difference * a) - difference) / ((sum * a - difference * b) + sum);
    } else {
        const V z = at_least(at_most(x, T(20)), T(-20)), t = z * T(2.8853900817779268147) + T(6755399441055744 + 1023),
                k = t - T(6755399441055744 + 1023),
                u = (z - k * T(0.34657359018456190824)) - k * T(9.5410746463529385e-11), w = u * u,
                a = w * T(4725.0 / 10395) + (w * w) * (T(210.0 / 10395) + w * T(1.0 / 10395)),
                b = u + u * (w * (T(1260.0 / 10395) + w * T(21.0 / 10395))),
                s = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 52)), sum = s + T(1), difference = T(1) - s;
        return ((sum * b - difference * a) - difference) / ((sum * a - difference * b) + sum);
    }
}

}  // namespace ctnn::math
