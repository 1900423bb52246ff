// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The smooth rectified linear unit.

#include <ctnn/config.hpp>
#include <ctnn/math/sigmoid.hpp>
#include <ctnn/math/softplus.hpp>

namespace CTNN_NAMESPACE {

/// y = log(1 + exp x), dy/dx = sigmoid x.
struct softplus {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = true;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::softplus(x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative(V x, [[maybe_unused]] V y) {
        return math::sigmoid(x);
    }
};

}  // namespace CTNN_NAMESPACE
