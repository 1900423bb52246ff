// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Adam with decoupled weight decay.

#include <ctnn/config.hpp>
#include <ctnn/optimizer/adam.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// AdamW: Adam on the plain gradient, after w = w - learning_rate weight_decay w. (The fields repeat those of `adam`, so
/// that designated initialisers work.)
///
/// Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2017; the decay is scaled by the learning
/// rate, as in PyTorch.
struct adamw {
    double learning_rate = 0.001;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.01;

    /// Buffers of the size of the parameters that the optimiser keeps between steps.
    static constexpr std::size_t moments = 2;

    template <class T>
    constexpr detail::adam_stepper<T> start() const {
        return {learning_rate, beta1, beta2, weight_decay, static_cast<T>(epsilon), true};
    }
};

}  // namespace CTNN_NAMESPACE
