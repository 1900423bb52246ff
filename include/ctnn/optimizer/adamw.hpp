// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Adam whose weight decay does not pass through the moments.

#include <ctnn/config.hpp>
#include <ctnn/optimizer/adam.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

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

    template <class T>
    constexpr detail::adam_stepper<T> start() const {
        return {learning_rate, beta1, beta2, weight_decay, static_cast<T>(epsilon), true};
    }
};

}  // namespace CTNN_NAMESPACE
