// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The Gaussian error linear unit, in its exact form.

#include <ctnn/config.hpp>
#include <ctnn/math/erf.hpp>
#include <ctnn/math/exp.hpp>

namespace CTNN_NAMESPACE {

/// y = x P(x) with P(x) = (1 + erf(x / sqrt 2)) / 2, dy/dx = P(x) + x exp(-x^2 / 2) / sqrt(2 pi).
///
/// Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016; this is the form with erf, not the one with tanh.
struct gelu {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = true;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        using T = math::scalar_t<V>;
        return x * (T(0.5) + T(0.5) * math::erf(x * T(0.70710678118654752440)));
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative(V x, [[maybe_unused]] V y) {
        using T = math::scalar_t<V>;
        const V below = T(0.5) + T(0.5) * math::erf(x * T(0.70710678118654752440));
        return below + x * (T(0.39894228040143267794) * math::exp(x * x * T(-0.5)));
    }
};

}  // namespace CTNN_NAMESPACE
