// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The square root as an activation.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/sqrt.hpp>

namespace CTNN_NAMESPACE {

/// y = sqrt x, dy/dx = 1 / (2 y).
///
/// The root of a negative number is nan, and the slope at 0 infinite.
struct sqrt {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::sqrt(x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        return math::broadcast<V>(math::scalar_t<V>(0.5)) / y;
    }
};

}  // namespace CTNN_NAMESPACE
