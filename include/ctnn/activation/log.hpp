// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The natural logarithm as an activation.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/log.hpp>

namespace CTNN_NAMESPACE {

/// y = log x, dy/dx = 1 / x.
///
/// log 0 is -inf, and the logarithm of a negative number nan.
struct log {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = true;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::log(x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative(V x, [[maybe_unused]] V y) {
        return math::broadcast<V>(1) / x;
    }
};

}  // namespace CTNN_NAMESPACE
