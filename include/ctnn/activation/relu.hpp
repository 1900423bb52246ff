// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The rectified linear unit.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE {

/// y = max(x, 0); dy/dx is 1 above 0 and 0 elsewhere, 0 included. NaN propagates.
struct relu {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::at_least(x, 0);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        return math::select(y > V{}, math::broadcast<V>(1), V{});
    }
};

}  // namespace CTNN_NAMESPACE
