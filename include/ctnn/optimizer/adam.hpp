// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Steps scaled by running means of the gradient and of its square.

#include <ctnn/config.hpp>
#include <ctnn/math/sqrt.hpp>

#include <cstddef>

namespace ctnn {

namespace detail {

/// The powers of the two betas, for the correction of the bias that starting at 0 causes.
struct adam_progress {
    double beta1_power = 1;
    double beta2_power = 1;
};

/// One step's arithmetic for one parameter; the shares and the rate carry the corrections of the bias.
template <class T>
struct adam_rule {
    T rate, beta1, fresh1, beta2, fresh2, root_scale, epsilon, gradient_decay, weight_share;

    template <class V>
    CTNN_INLINE constexpr void operator()(V gradient, V& weight, V& mean, V& square) const {
        const V g = gradient + gradient_decay * weight;
        mean = beta1 * mean + fresh1 * g;
        square = beta2 * square + fresh2 * (g * g);
        weight = weight_share * weight - rate * mean / (math::sqrt(square) * root_scale + epsilon);
    }
};

/// The arithmetic of the next step of Adam: `decay` is added to the gradient, `weight_share` scales the weight.
template <class T, class Adam>
CTNN_INLINE constexpr adam_rule<T> adam_next(const Adam& adam, adam_progress& progress, double rate, double decay,
                                             double weight_share) {
    progress.beta1_power *= adam.beta1;
    progress.beta2_power *= adam.beta2;
    return {static_cast<T>(rate / (1 - progress.beta1_power)),
            static_cast<T>(adam.beta1),
            static_cast<T>(1 - adam.beta1),
            static_cast<T>(adam.beta2),
            static_cast<T>(1 - adam.beta2),
            static_cast<T>(1 / math::sqrt(1 - progress.beta2_power)),
            static_cast<T>(adam.epsilon),
            static_cast<T>(decay),
            static_cast<T>(weight_share)};
}

}  // namespace detail

/// Adam.
///
///     g = gradient + weight_decay w
///     m = beta1 m + (1 - beta1) g
///     s = beta2 s + (1 - beta2) g^2
///     w = w - learning_rate / (1 - beta1^t) m / (sqrt(s / (1 - beta2^t)) + epsilon) at step t = 1, 2, ...
///
/// Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2014.
struct adam {
    double learning_rate = 0.001;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0;

    /// How many buffers, each as large as the parameters, the optimiser keeps between steps.
    static constexpr std::size_t moments = 2;

    using progress = detail::adam_progress;

    /// The arithmetic of the next step, with the learning rate times `factor`.
    template <class T>
    CTNN_INLINE constexpr detail::adam_rule<T> next(progress& so_far, double factor) const {
        return detail::adam_next<T>(*this, so_far, learning_rate * factor, weight_decay, 1);
    }
};

}  // namespace ctnn
