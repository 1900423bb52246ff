// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Another activation, of clipped values.

#include <ctnn/activation/activate.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/ratio.hpp>

namespace CTNN_NAMESPACE {

/// y = f(min(max(x, -Bound), Bound)), where f is an activation that nowhere falls; dy/dx is f' between the bounds and 0
/// elsewhere, the bounds included. `Bound` is a std::ratio above 0.
///
/// What ONNX calls `clip` of recurrent layers, whose gates it applies to: `gate_activation<clipped<sigmoid,
/// std::ratio<3>>>`.
/// *Errors*: "ctnn::clipped: an elementwise activation is followed by a bound above 0".
template <class Activation, class Bound>
struct clipped {
    static constexpr bool is_valid = [] {
        if constexpr (requires { Activation::derivative_needs_input, Bound::num; })
            return elementwise_activation<Activation, float> && Bound::num > 0;
        else
            return false;
    }();
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = [] {
        if constexpr (is_valid)
            return Activation::derivative_needs_input;
        else
            return false;
    }();
    /// Whether each output is a separate probability, which metrics take for that of a class.
    static constexpr bool gives_probabilities = [] {
        if constexpr (requires { Activation::gives_probabilities; })
            return Activation::gives_probabilities;
        else
            return false;
    }();

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        if constexpr (is_valid) {
            constexpr auto bound = math::from_ratio<math::scalar_t<V>, Bound>;
            return Activation{}(math::clamp(x, -bound, bound));
        } else {
            return x;
        }
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, [[maybe_unused]] V y) {
        if constexpr (!is_valid) {
            return V{};
        } else {
            const V bound = math::broadcast<V>(math::from_ratio<math::scalar_t<V>, Bound>);
            const V slope = Activation::derivative(x, y);
            if constexpr (derivative_needs_input)
                return math::select((math::abs)(x) < bound, slope, V{});
            else
                return math::select(y > Activation{}(-bound), math::select(y < Activation{}(bound), slope, V{}), V{});
        }
    }

    static_assert(is_valid, "ctnn::clipped: an elementwise activation is followed by a bound above 0");
};

}  // namespace CTNN_NAMESPACE
