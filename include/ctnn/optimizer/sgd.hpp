// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Stochastic gradient descent.

#include <ctnn/config.hpp>
#include <ctnn/optimizer/decay.hpp>
#include <ctnn/optimizer/rate_stepper.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// The update rule of one step for one parameter, without momentum. `keep` is 1 - rate decay. `keep * weight` does not
/// depend on the gradient; the product with the gradient comes first because compilers contract the first product and
/// the addition.
template <class T>
struct descent_rule {
    T minus_rate, keep;

    template <class V>
    CTNN_INLINE constexpr void operator()(V gradient, V& weight) const {
        weight = minus_rate * gradient + keep * weight;
    }
};

/// The same with momentum. Nesterov momentum is a choice of coefficients, not a branch.
template <class T>
struct momentum_rule {
    T rate, momentum, gradient_share, velocity_share, decay;

    template <class V>
    CTNN_INLINE constexpr void operator()(V gradient, V& weight, V& velocity) const {
        const V g = gradient + decay * weight;
        velocity = (momentum * velocity + g + fade_out<V>)-fade_out<V>;
        weight = weight - rate * (gradient_share * g + velocity_share * velocity);
    }
    /// Without momentum the velocity has no effect, and a step uses `descent_rule`.
    CTNN_INLINE constexpr bool needs_moments() const { return momentum != 0; }
    CTNN_INLINE constexpr descent_rule<T> without_moments() const { return {-rate, 1 - rate * decay}; }
};

}  // namespace detail

/// Gradient descent, optionally with momentum, Nesterov momentum and weight decay.
///
///     g = gradient + weight_decay w
///     v = momentum v + g
///     w = w - learning_rate d,  d = v, or g + momentum v with nesterov
///
/// v starts at 0, and momentum has no dampening, as in PyTorch.
struct sgd {
    double learning_rate = 0.01;
    double momentum = 0;
    bool nesterov = false;
    double weight_decay = 0;

    /// How many buffers, each as large as the parameters, the optimiser keeps between steps.
    static constexpr std::size_t moments = 1;

    /// Performs the steps, on values of type T.
    template <class T>
    using stepper = detail::rate_stepper<T, detail::momentum_rule<T>>;
    template <class T>
    constexpr stepper<T> start() const {
        return {{static_cast<T>(learning_rate), static_cast<T>(momentum), static_cast<T>(nesterov ? 1 : 0),
                 static_cast<T>(nesterov ? momentum : 1), static_cast<T>(weight_decay)}};
    }
};

}  // namespace CTNN_NAMESPACE
