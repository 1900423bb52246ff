// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The leaky rectified linear unit: a small slope below 0.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

#include <ratio>

namespace CTNN_NAMESPACE {

/// y = x above 0 and slope x elsewhere; `Slope` is a std::ratio. dy/dx is 1 above 0 and the slope elsewhere.
///
/// *Errors*: "ctnn::leaky_relu: the slope is at least 0", because the derivative is computed from the sign of y.
template <class Slope>
struct leaky_relu_with {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    static constexpr math::scalar_t<V> slope = math::scalar_t<V>(Slope::num) / math::scalar_t<V>(Slope::den);

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::select(x < V{}, x * slope<V>, x);
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        return math::select(y > V{}, math::broadcast<V>(1), math::broadcast<V>(slope<V>));
    }

    static_assert(Slope::num >= 0, "ctnn::leaky_relu: the slope is at least 0");
};

/// The usual slope of 1/100.
struct leaky_relu : leaky_relu_with<std::ratio<1, 100>> {};

}  // namespace CTNN_NAMESPACE
