// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The identity as an activation.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE {

/// y = x.
struct identity {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return x;
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, [[maybe_unused]] V y) {
        return math::broadcast<V>(1);
    }
};

}  // namespace CTNN_NAMESPACE
