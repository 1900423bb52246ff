// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The exponential linear unit that keeps mean and variance.

#include <ctnn/config.hpp>
#include <ctnn/math/expm1.hpp>
#include <ctnn/math/ratio.hpp>

#include <cstdint>
#include <ratio>

namespace ctnn {

/// y = scale x above 0 and scale alpha (exp x - 1) elsewhere; dy/dx is scale above 0 and y + scale alpha elsewhere.
/// `Alpha` and `Scale` are std::ratio.
///
/// *Errors*: "ctnn::selu: alpha is at least 0, and the scale above 0", because the derivative is taken from the sign of
/// y.
template <class Alpha, class Scale>
struct selu_with {
    static_assert(Alpha::num >= 0 && Scale::num > 0, "ctnn::selu: alpha is at least 0, and the scale above 0");

    static constexpr double scale = math::from_ratio<double, Scale>;
    static constexpr double alpha = math::from_ratio<double, Alpha>;

    /// Whether `derivative` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <class V>
    CTNN_INLINE constexpr V operator()(V x) const {
        using T = math::scalar_t<V>;
        return math::select(x > V{}, T(scale) * x, T(scale * alpha) * math::expm1(x));
    }
    /// dy/dx at the point where the activation of x is y.
    template <class V>
    CTNN_INLINE static constexpr V derivative([[maybe_unused]] V x, V y) {
        using T = math::scalar_t<V>;
        return math::select(y > V{}, math::broadcast<V>(T(scale)), y + T(scale * alpha));
    }
};

/// With the constants of its source, as doubles: alpha is 1.6732632423543772, the scale 1.0507009873554805.
///
/// Source: Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", 2017.
struct selu : selu_with<std::ratio<7535707714759921, std::intmax_t{1} << 52>,
                        std::ratio<2365968287565977, std::intmax_t{1} << 51>> {};

static_assert(selu::scale == 1.0507009873554804934193349852946 && selu::alpha == 1.6732632423543772848170429916717);

}  // namespace ctnn
