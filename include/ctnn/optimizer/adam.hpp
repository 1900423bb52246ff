// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Adam: steps scaled by running means of the gradient and of its square.

#include <ctnn/config.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/optimizer/decay.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// The update rule of one parameter in one step; `rate` and `root_scale` include the bias corrections. `fade` and
/// `fade_squares` are `fade_out` and `fade_out_squares`, in memory: as constants they would occupy registers that the
/// accumulators of a product need.
template <class T>
struct adam_rule {
    T rate, beta1, fresh1, beta2, fresh2, root_scale, epsilon, gradient_decay, weight_share, fade, fade_squares;

    template <class V>
    CTNN_INLINE constexpr void operator()(V gradient, V& weight, V& mean, V& square) const {
        const V g = gradient + gradient_decay * weight, m = (beta1 * mean + fresh1 * g + fade) - fade,
                s = (beta2 * square + fresh2 * (g * g) + fade_squares) - fade_squares;
        mean = m;
        square = s;
        weight = weight_share * weight - rate * m / (math::sqrt(s) * root_scale + epsilon);
    }
};

/// The running state of Adam for parameters of type T. Weight decay is added to the gradient or, if `decoupled`,
/// subtracted from the weight.
template <class T>
struct adam_stepper {
    double learning_rate, beta1, beta2, weight_decay;
    T epsilon;
    bool decoupled;
    double beta1_power = 1;
    double beta2_power = 1;

    /// `f(name, number)` for what steps change.
    template <class Self, class F>
    static constexpr void for_each_number(Self& self, F&& f) {
        f("beta1_power", self.beta1_power);
        f("beta2_power", self.beta2_power);
    }

    /// The update rule of the next step, with the learning rate times `factor`.
    CTNN_INLINE constexpr adam_rule<T> next(T factor) {
        const double rate = learning_rate * static_cast<double>(factor);
        beta1_power *= beta1;
        beta2_power *= beta2;
        return {.rate = static_cast<T>(rate / (1 - beta1_power)),
                .beta1 = static_cast<T>(beta1),
                .fresh1 = static_cast<T>(1 - beta1),
                .beta2 = static_cast<T>(beta2),
                .fresh2 = static_cast<T>(1 - beta2),
                .root_scale = static_cast<T>(1 / math::sqrt(1 - beta2_power)),
                .epsilon = epsilon,
                .gradient_decay = static_cast<T>(decoupled ? 0 : weight_decay),
                .weight_share = static_cast<T>(decoupled ? 1 - rate * weight_decay : 1),
                .fade = fade_out<T>,
                .fade_squares = fade_out_squares<T>};
    }
};

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

    /// Buffers of the size of the parameters that the optimiser keeps between steps.
    static constexpr std::size_t moments = 2;

    template <class T>
    constexpr detail::adam_stepper<T> start() const {
        return {learning_rate, beta1, beta2, weight_decay, static_cast<T>(epsilon), false};
    }
};

}  // namespace CTNN_NAMESPACE
