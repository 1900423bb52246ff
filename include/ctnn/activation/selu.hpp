// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The scaled exponential linear unit, which preserves mean and variance.

#include <ctnn/config.hpp>
#include <ctnn/math/expm1.hpp>
#include <ctnn/math/ratio.hpp>

namespace CTNN_NAMESPACE {

namespace detail {

/// y = scale x above 0 and scale alpha (exp x - 1) elsewhere; dy/dx is scale above 0 and y + scale alpha elsewhere.
template <class Constants>
struct scaled_elu : Constants {
    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        using T = math::scalar_t<V>;
        return math::select(x > V{}, T(Constants::scale) * x, T(Constants::scale * Constants::alpha) * math::expm1(x));
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        using T = math::scalar_t<V>;
        return math::select(y > V{}, math::broadcast<V>(T(Constants::scale)),
                            y + T(Constants::scale * Constants::alpha));
    }
};

struct selu_constants {
    static constexpr double scale = 1.0507009873554804934193349852946;
    static constexpr double alpha = 1.6732632423543772848170429916717;
};
template <class Alpha, class Scale>
struct ratios_of_selu {
    static constexpr double scale = math::from_ratio<double, Scale>;
    static constexpr double alpha = math::from_ratio<double, Alpha>;
};

}  // namespace detail

/// y = scale x above 0 and scale alpha (exp x - 1) elsewhere; dy/dx is scale above 0 and y + scale alpha elsewhere.
///
/// Source: Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", 2017, with its constants.
struct selu : detail::scaled_elu<detail::selu_constants> {};

/// The same with other constants, each a std::ratio.
///
/// *Errors*: "ctnn::selu: alpha is at least 0, and the scale above 0", because the derivative is computed from the sign
/// of y.
template <class Alpha, class Scale>
struct selu_with : detail::scaled_elu<detail::ratios_of_selu<Alpha, Scale>> {
    static_assert(Alpha::num >= 0 && Scale::num > 0, "ctnn::selu: alpha is at least 0, and the scale above 0");
};

}  // namespace CTNN_NAMESPACE
