// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The sine as an activation.

#include <ctnn/config.hpp>
#include <ctnn/math/cos.hpp>
#include <ctnn/math/sin.hpp>

namespace CTNN_NAMESPACE {

/// y = sin x, dy/dx = cos x.
struct sin {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = true;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::sin(x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative(V x, [[maybe_unused]] V y) {
        return math::cos(x);
    }
};

}  // namespace CTNN_NAMESPACE
