// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The reciprocal as an activation.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE {

/// y = 1 / x, dy/dx = -y^2: with `product`, the quotient of two branches.
///
/// 1 / 0 is infinite at run time and not a constant expression.
struct reciprocal {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::broadcast<V>(1) / x;
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        return -(y * y);
    }
};

}  // namespace CTNN_NAMESPACE
