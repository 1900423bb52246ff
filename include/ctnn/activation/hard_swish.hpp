// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The sigmoid linear unit with the piecewise linear sigmoid.

#include <ctnn/activation/hard_sigmoid.hpp>
#include <ctnn/config.hpp>

namespace CTNN_NAMESPACE {

/// y = x h with h = hard_sigmoid x, dy/dx = h + x h' with h' = 1/6 where 0 < h < 1 and 0 elsewhere.
///
/// Source: Howard and others, "Searching for MobileNetV3", 2019.
struct hard_swish {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = true;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return x * hard_sigmoid{}(x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative(V x, [[maybe_unused]] V y) {
        const V gate = hard_sigmoid{}(x);
        return gate + x * hard_sigmoid::derivative(x, gate);
    }
};

}  // namespace CTNN_NAMESPACE
