// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The logistic function as an activation.

#include <ctnn/config.hpp>
#include <ctnn/math/sigmoid.hpp>

namespace CTNN_NAMESPACE {

/// y = 1 / (1 + exp(-x)), dy/dx = y (1 - y).
struct sigmoid {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;
    /// Whether each output is a separate probability, which metrics take for that of a class.
    static constexpr bool gives_probabilities = true;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::sigmoid(x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        return y * (1 - y);
    }
};

}  // namespace CTNN_NAMESPACE
