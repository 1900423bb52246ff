// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Clamps values to bounds.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/ratio.hpp>

#include <ratio>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// In place of a bound of `clip`: no bound on this side.
struct unbounded {};

namespace detail {
template <class Min, class Max>
inline constexpr bool are_in_order = math::from_ratio<double, Min> <= math::from_ratio<double, Max>;
template <class Max>
inline constexpr bool are_in_order<unbounded, Max> = true;
template <class Min>
inline constexpr bool are_in_order<Min, unbounded> = true;
template <>
inline constexpr bool are_in_order<unbounded, unbounded> = true;
}  // namespace detail

/// y = min(max(x, Min), Max); dy/dx is 1 between the bounds and 0 elsewhere, the bounds included. NaN propagates.
///
/// Template parameters: the bounds, each a std::ratio or `unbounded`.
/// *Errors*: "ctnn::clip: the first bound is not above the second".
/// *Example*: `clip<std::ratio<-1>, std::ratio<1>>`; `clip<std::ratio<1, 10>, unbounded>`.
template <class Min, class Max>
struct clip {
    static_assert(detail::are_in_order<Min, Max>, "ctnn::clip: the first bound is not above the second");

    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;
    /// Whether each output may be a separate probability, which metrics take for that of a class.
    static constexpr bool gives_probabilities =
        std::is_same_v<Min, std::ratio<0>> && std::is_same_v<Max, std::ratio<1>>;

    static constexpr bool has_min = !std::is_same_v<Min, unbounded>;
    static constexpr bool has_max = !std::is_same_v<Max, unbounded>;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        using T = math::scalar_t<V>;
        if constexpr (has_min && has_max)
            return math::clamp(x, math::from_ratio<T, Min>, math::from_ratio<T, Max>);
        else if constexpr (has_min)
            return math::at_least(x, math::from_ratio<T, Min>);
        else if constexpr (has_max)
            return math::at_most(x, math::from_ratio<T, Max>);
        else
            return x;
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, [[maybe_unused]] V y) {
        using T = math::scalar_t<V>;
        V derivative = math::broadcast<V>(1);
        if constexpr (has_min)
            derivative = math::select(y > math::broadcast<V>(math::from_ratio<T, Min>), derivative, V{});
        if constexpr (has_max)
            derivative = math::select(y < math::broadcast<V>(math::from_ratio<T, Max>), derivative, V{});
        return derivative;
    }
};

/// ReLU with an upper bound of 6.
struct relu6 : clip<std::ratio<0>, std::ratio<6>> {};

}  // namespace CTNN_NAMESPACE
