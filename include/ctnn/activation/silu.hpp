// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The sigmoid linear unit, also called swish.

#include <ctnn/config.hpp>
#include <ctnn/math/sigmoid.hpp>

namespace CTNN_NAMESPACE {

/// y = x s with s = sigmoid x, dy/dx = s (1 + x (1 - s)).
struct silu {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = true;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return x * math::sigmoid(x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative(V x, [[maybe_unused]] V y) {
        const V s = math::sigmoid(x);
        return s * (1 + x * (1 - s));
    }
};

}  // namespace CTNN_NAMESPACE
