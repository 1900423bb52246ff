// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The exponential function as an activation.

#include <ctnn/config.hpp>
#include <ctnn/math/exp.hpp>

namespace CTNN_NAMESPACE {

/// y = e^x, dy/dx = y.
struct exp {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::exp(x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        return y;
    }
};

}  // namespace CTNN_NAMESPACE
