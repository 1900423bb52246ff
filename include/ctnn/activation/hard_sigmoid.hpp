// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The sigmoid made of three straight lines.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

namespace ctnn {

/// y = min(max(x / 6 + 1/2, 0), 1), dy/dx = 1/6 where 0 < y < 1 and 0 elsewhere.
///
/// The slope is that of PyTorch and Keras 3; Keras 2 and the default of ONNX use 1/5.
struct hard_sigmoid {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        const V line = x * math::scalar_t<V>(1.0 / 6) + math::scalar_t<V>(0.5);
        const V above = math::select(line < V{}, V{}, line);
        return math::select(above > math::broadcast<V>(1), math::broadcast<V>(1), above);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        const V slope = math::broadcast<V>(math::scalar_t<V>(1.0 / 6));
        const V rising = math::select(y > V{}, slope, V{});
        return math::select(y < math::broadcast<V>(1), rising, V{});
    }
};

}  // namespace ctnn
