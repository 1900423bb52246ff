// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Another activation, of clipped values.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/ratio.hpp>

namespace CTNN_NAMESPACE {

/// y = f(min(max(x, -Bound), Bound)), where f is an activation that nowhere falls; dy/dx is f' between the bounds and 0
/// elsewhere, the bounds included. `Bound` is a std::ratio above 0.
///
/// What ONNX calls `clip` of recurrent layers, whose gates it applies to: `gate_activation<clipped<sigmoid,
/// std::ratio<3>>>`.
/// *Errors*: "ctnn::clipped: the bound is above 0".
template <class Activation, class Bound>
struct clipped {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = Activation::derivative_needs_input;
    /// Whether each output is a separate probability, which metrics take for that of a class.
    static constexpr bool gives_probabilities = [] {
        if constexpr (requires { Activation::gives_probabilities; })
            return Activation::gives_probabilities;
        else
            return false;
    }();

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        constexpr auto bound = math::from_ratio<math::scalar_t<V>, Bound>;
        return Activation{}(math::clamp(x, -bound, bound));
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative(V x, V y) {
        const V bound = math::broadcast<V>(math::from_ratio<math::scalar_t<V>, Bound>);
        const V slope = Activation::derivative(x, y);
        if constexpr (derivative_needs_input)
            return math::select((math::abs)(x) < bound, slope, V{});
        else
            return math::select(y > Activation{}(-bound), math::select(y < Activation{}(bound), slope, V{}), V{});
    }

    static_assert(Bound::num > 0, "ctnn::clipped: the bound is above 0");
};

}  // namespace CTNN_NAMESPACE
