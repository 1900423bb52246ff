// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A training step of a chain of small dense layers in constant evaluation.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/small_dense.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/network.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/train/gradient.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// Whether a layer is `dense` with a bias, for a single vector, and small enough for `constant_step`.
template <class Layer>
inline constexpr bool is_small_dense = false;
template <class T, std::size_t Inputs, std::size_t Outputs, class Activation>
inline constexpr bool is_small_dense<dense_layer<T, Inputs, Outputs, Activation, with_bias, shape<Inputs>>> =
    kernel::detail::small_dense<T, Inputs, Outputs>::is_small;

template <class Chain>
inline constexpr bool is_small_dense_chain = false;
template <class T, class InputShape, class... Layers>
inline constexpr bool is_small_dense_chain<chain<T, InputShape, Layers...>> = (... && is_small_dense<Layers>);

/// A training step in constant evaluation: what `gradient_pass` and the layers compute, to the bit, for one sample.
///
/// There a call, an element behind a pointer, and one of an object that is nested in others cost more than arithmetic.
/// So each layer is one function, with its values and their gradients in local arrays.
template <class Net, class Loss>
struct constant_step {
    using T = typename Net::value_type;
    using chain = typename Net::chain_type;
    using pass = gradient_pass<Net, Loss, 1>;

    /// The layers from `Index` on: updates them, returns the loss, and writes dL/dx, but not that of the first layer.
    template <std::size_t Index, std::size_t Inputs, class Rule, class... Moments>
    static constexpr T run(const T (&x)[Inputs], T (&dx)[Inputs], const T* target, const Loss& loss, const Rule& rule,
                           Net& net, Moments&... moments) {
        using layer = layer_t<Index, Net>;
        constexpr std::size_t outputs = layer::fan_out;
        constexpr bool is_last = Index + 1 == Net::layer_count;
        using activation = std::conditional_t<!is_last || pass::activated, typename layer::activation, identity>;
        using product = kernel::detail::small_dense<T, Inputs, outputs>;
        std::conditional_t<product::is_tiny, layer&, layer> own = chain::template at<Index>(net.layers);
        T z[outputs], y[outputs], dy[outputs], mean;
        product::forward(x, own.weights.values, own.bias.values, z);
        if constexpr (elementwise_activation<activation, T>)
            for (std::size_t o = 0; o < outputs; ++o) y[o] = activation{}(z[o]);
        else
            activation::template forward<outputs>(static_cast<const T*>(z), static_cast<T*>(y));
        if constexpr (is_last)
            mean = T{} + loss_of_row<typename layer::activation>(loss).template sample<outputs, true>(
                             static_cast<const T*>(y), target, T{1}, static_cast<T*>(dy));
        else
            mean = run<Index + 1>(y, dy, target, loss, rule, net, moments...);
        if constexpr (std::is_same_v<activation, identity>) {
        } else if constexpr (elementwise_activation<activation, T>)
            for (std::size_t o = 0; o < outputs; ++o) dy[o] = dy[o] * activation::derivative(z[o], y[o]);
        else
            activation::template backward<outputs>(static_cast<const T*>(y), static_cast<const T*>(dy),
                                                   static_cast<T*>(dy));
        if constexpr (Index > 0) product::input_gradient(dy, own.weights.values, dx);
        product::update(rule, x, dy, own, chain::template at<Index>(moments.layers)...);
        if constexpr (!product::is_tiny) chain::template at<Index>(net.layers) = own;
        return mean;
    }
};

}  // namespace CTNN_NAMESPACE::detail
