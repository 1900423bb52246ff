// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The Gaussian error linear unit, in its tanh approximation.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/sigmoid.hpp>

namespace CTNN_NAMESPACE {

/// y = x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3). As (1 + tanh u) / 2 is s = sigmoid(2 u), nothing
/// cancels far below zero; dy/dx = s (1 + x (1 - s) 2 du/dx).
///
/// It is within 5e-4 of `gelu`. Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016.
struct gelu_tanh {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = true;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return x * share(within(x));
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative(V x, [[maybe_unused]] V y) {
        using T = math::scalar_t<V>;
        const V limited = within(x);
        const V s = share(limited);
        return s * (T(1) + limited * (T(1) - s) * (T(linear) + T(3 * cubic) * (limited * limited)));
    }

  private:
    /// 2 u = linear x + cubic x^3: linear is 2 sqrt(2 / pi).
    static constexpr double linear = 1.5957691216057307117, cubic = linear * 0.044715;

    /// Outside of these bounds s is 0 or 1; the clamp avoids overflow.
    template <class V>
    CTNN_INLINE static constexpr V within(V x) {
        return math::clamp(x, -100, 100);
    }
    template <class V>
    CTNN_INLINE static constexpr V share(V x) {
        using T = math::scalar_t<V>;
        return math::sigmoid(x * (T(linear) + T(cubic) * (x * x)));
    }
};

}  // namespace CTNN_NAMESPACE
