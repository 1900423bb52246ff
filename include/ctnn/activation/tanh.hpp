// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The hyperbolic tangent as an activation.

#include <ctnn/config.hpp>
#include <ctnn/math/tanh.hpp>

namespace CTNN_NAMESPACE {

/// y = tanh x, dy/dx = 1 - y^2.
struct tanh {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::tanh(x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        return 1 - y * y;
    }
};

}  // namespace CTNN_NAMESPACE
