// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Adam whose weight decay does not pass through the moments.

#include <ctnn/optimizer/adam.hpp>

#include <cstddef>

namespace ctnn {

/// AdamW: Adam on the bare gradient, after w = w - learning_rate weight_decay w.
///
/// Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2017; the decay is scaled by the learning
/// rate, as in PyTorch.
struct adamw {
    double learning_rate = 0.001;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.01;

    /// How many buffers, each as large as the parameters, the optimiser keeps between steps.
    static constexpr std::size_t moments = 2;

    using progress = detail::adam_progress;

    /// The arithmetic of the next step, with the learning rate times `factor`.
    template <class T>
    CTNN_INLINE constexpr detail::adam_rule<T> next(progress& so_far, double factor) const {
        const double rate = learning_rate * factor;
        return detail::adam_next<T>(*this, so_far, rate, 0, 1 - rate * weight_decay);
    }
};

}  // namespace ctnn
