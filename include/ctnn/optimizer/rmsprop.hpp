// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Steps scaled by a running root mean square of the gradient.

#include <ctnn/config.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/optimizer/decay.hpp>
#include <ctnn/optimizer/rate_stepper.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// The update rule of one step for one parameter.
template <class T>
struct rmsprop_rule {
    T rate, smoothing, fresh, epsilon, decay;

    template <class V>
    CTNN_INLINE constexpr void operator()(V gradient, V& weight, V& square) const {
        const V g = gradient + decay * weight;
        square = (smoothing * square + fresh * (g * g) + fade_out_squares<V>)-fade_out_squares<V>;
        weight = weight - rate * g / (math::sqrt(square) + epsilon);
    }
};

}  // namespace detail

/// RMSprop.
///
///     g = gradient + weight_decay w
///     s = smoothing s + (1 - smoothing) g^2
///     w = w - learning_rate g / (sqrt(s) + epsilon)
///
/// Source: Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012; epsilon is added outside
/// the root, as in PyTorch.
struct rmsprop {
    double learning_rate = 0.01;
    double smoothing = 0.99;
    double epsilon = 1e-8;
    double weight_decay = 0;

    /// How many buffers, each as large as the parameters, the optimiser keeps between steps.
    static constexpr std::size_t moments = 1;

    /// Performs the steps, on values of type T.
    template <class T>
    using stepper = detail::rate_stepper<T, detail::rmsprop_rule<T>>;
    template <class T>
    constexpr stepper<T> start() const {
        return {{static_cast<T>(learning_rate), static_cast<T>(smoothing), static_cast<T>(1 - smoothing),
                 static_cast<T>(epsilon), static_cast<T>(weight_decay)}};
    }
};

}  // namespace CTNN_NAMESPACE
