// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The piecewise linear sigmoid.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/ratio.hpp>

#include <ratio>

namespace CTNN_NAMESPACE {

/// y = min(max(alpha x + beta, 0), 1), dy/dx = alpha where 0 < y < 1 and 0 elsewhere; `Alpha` and `Beta` are std::ratio.
template <class Alpha, class Beta>
struct hard_sigmoid_with {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;
    /// Whether each output is a separate probability, which metrics take for that of a class.
    static constexpr bool gives_probabilities = true;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        using T = math::scalar_t<V>;
        const V line = x * math::from_ratio<T, Alpha> + math::from_ratio<T, Beta>;
        const V above = math::select(line < V{}, V{}, line);
        return math::select(above > math::broadcast<V>(1), math::broadcast<V>(1), above);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        const V slope = math::broadcast<V>(math::from_ratio<math::scalar_t<V>, Alpha>);
        const V rising = math::select(y > V{}, slope, V{});
        return math::select(y < math::broadcast<V>(1), rising, V{});
    }
};

/// y = min(max(x / 6 + 1/2, 0), 1).
///
/// The slope is that of PyTorch and Keras 3; Keras 2 and the default of ONNX use 1/5.
struct hard_sigmoid : hard_sigmoid_with<std::ratio<1, 6>, std::ratio<1, 2>> {};

}  // namespace CTNN_NAMESPACE
