// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network with its first parameters.

#include <ctnn/initializer/zeros.hpp>
#include <ctnn/network.hpp>
#include <ctnn/neuron.hpp>
#include <ctnn/random.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>

namespace ctnn {

namespace detail {

/// Fills one parameter of a layer: biases have one extent, weights have more.
template <class T, class Shape, class Weights, class Biases>
constexpr void draw_tensor(random_engine& engine, tensor<T, Shape>& values, std::size_t fan_in, std::size_t fan_out,
                           const Weights& weights, const Biases& biases) {
    for (T& value : values) {
        if constexpr (Shape::rank > 1)
            value = weights.template draw<T>(engine, fan_in, fan_out);
        else
            value = biases.template draw<T>(engine, fan_in, fan_out);
    }
}

template <class Model>
struct initializer_of {
    template <class Weights, class Biases>
    static constexpr Model make(random_engine& engine, const Weights& weights, const Biases& biases) {
        Model net{};
        for_each_layer(
            [&](auto& bound_layer) {
                using layer_type = std::remove_cvref_t<decltype(bound_layer)>;
                if constexpr (requires { layer_type::start(); })
                    bound_layer = layer_type::start();
                else
                    for_each_member(
                    [&](auto& parameter) {
                        draw_tensor(engine, parameter, layer_type::fan_in, layer_type::fan_out, weights, biases);
                    },
                    bound_layer);
            },
            net);
        return net;
    }
};

template <std::size_t Inputs, class Activation, class T>
struct initializer_of<neuron<Inputs, Activation, T>> {
    template <class Weights, class Biases>
    static constexpr neuron<Inputs, Activation, T> make(random_engine& engine, const Weights& weights,
                                                        const Biases& biases) {
        neuron<Inputs, Activation, T> result{};
        for (T& weight : result.weights) weight = weights.template draw<T>(engine, Inputs, 1);
        result.bias = biases.template draw<T>(engine, Inputs, 1);
        return result;
    }
};

}  // namespace detail

/// A network or neuron whose weights are drawn by `weights` and whose biases by `biases`, which are zero unless given.
///
/// Weights are what has two dimensions or more. Layers that start from something of their own (normalisation, scale,
/// prelu) do so. The same seed gives the same parameters in both phases and on every platform. Fans are those of the
/// layer: for `dense`, its inputs and its outputs.
/// *Example*: `constexpr auto net = initialize<xor_net>(glorot_uniform{}, 1);`
template <class Model, class Weights, class Biases = zeros>
constexpr Model initialize(const Weights& weights, std::uint64_t seed, const Biases& biases = {}) {
    random_engine engine{seed};
    return detail::initializer_of<Model>::make(engine, weights, biases);
}

}  // namespace ctnn
