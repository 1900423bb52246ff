// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The exponential linear units.

#include <ctnn/config.hpp>
#include <ctnn/math/expm1.hpp>

#include <ratio>

namespace CTNN_NAMESPACE {

/// y = x above 0 and alpha (exp x - 1) elsewhere; `Alpha` is a std::ratio. dy/dx is 1 above 0 and y + alpha elsewhere.
///
/// Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units",
/// 2015.
template <class Alpha>
struct elu_with {
    static_assert(Alpha::num >= 0, "ctnn::elu: alpha is at least 0");

    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    static constexpr math::scalar_t<V> alpha = math::scalar_t<V>(Alpha::num) / math::scalar_t<V>(Alpha::den);

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        return math::select(x > V{}, x, alpha<V> * math::expm1(x));
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        return math::select(y > V{}, math::broadcast<V>(1), y + alpha<V>);
    }
};

/// The usual alpha of 1.
struct elu : elu_with<std::ratio<1>> {};

}  // namespace CTNN_NAMESPACE
