// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A sigmoid curve without an exponential.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE {

/// y = x / (1 + |x|), dy/dx = (1 - |y|)^2.
struct softsign {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        // From 2^60 on the quotient rounds to 1; infinity / infinity would be NaN.
        const V z = math::clamp(x, -0x1p60F, 0x1p60F);
        return z / (1 + (math::abs)(z));
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        const V slack = 1 - (math::abs)(y);
        return slack * slack;
    }
};

}  // namespace CTNN_NAMESPACE
