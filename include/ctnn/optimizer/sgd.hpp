// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Stochastic gradient descent.

#include <ctnn/config.hpp>

#include <cstddef>

namespace ctnn {

/// Gradient descent, with momentum, Nesterov's momentum and weight decay where they are asked for.
///
///     g = gradient + weight_decay w
///     v = momentum v + g
///     w = w - learning_rate d,  d = v, or g + momentum v with nesterov
///
/// v starts at 0 and the momentum is not dampened: the form that PyTorch uses.
struct sgd {
    double learning_rate = 0.01;
    double momentum = 0;
    bool nesterov = false;
    double weight_decay = 0;

    /// How many buffers, each as large as the parameters, the optimiser keeps between steps.
    static constexpr std::size_t moments = 1;

    /// What the optimiser counts from step to step: nothing.
    struct progress {};

    /// One step's arithmetic for one parameter.
    template <class T>
    struct rule {
        T rate, momentum, gradient_share, velocity_share, decay;

        template <class V>
        CTNN_INLINE constexpr void operator()(V gradient, V& weight, V& velocity) const {
            const V g = gradient + decay * weight;
            velocity = momentum * velocity + g;
            weight = weight - rate * (gradient_share * g + velocity_share * velocity);
        }
    };

    /// The arithmetic of the next step, with the learning rate times `factor`.
    template <class T>
    CTNN_INLINE constexpr rule<T> next(progress&, double factor) const {
        return {static_cast<T>(learning_rate * factor), static_cast<T>(momentum), static_cast<T>(nesterov ? 1 : 0),
                static_cast<T>(nesterov ? momentum : 1), static_cast<T>(weight_decay)};
    }
};

}  // namespace ctnn
