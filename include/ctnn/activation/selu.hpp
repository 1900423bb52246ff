// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The exponential linear unit that keeps mean and variance.

#include <ctnn/config.hpp>
#include <ctnn/math/expm1.hpp>

namespace ctnn {

/// y = scale x above 0 and scale alpha (exp x - 1) elsewhere; dy/dx is scale above 0 and y + scale alpha elsewhere.
///
/// Source: Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", 2017, with its constants.
struct selu {
    static constexpr double scale = 1.0507009873554804934193349852946;
    static constexpr double alpha = 1.6732632423543772848170429916717;

    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        using T = math::scalar_t<V>;
        return math::select(x > V{}, T(scale) * x, T(scale * alpha) * math::expm1(x));
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        using T = math::scalar_t<V>;
        return math::select(y > V{}, math::broadcast<V>(T(scale)), y + T(scale * alpha));
    }
};

}  // namespace ctnn
