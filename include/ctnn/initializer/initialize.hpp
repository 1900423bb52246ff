// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Initial parameters of a network.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/initializer/zeros.hpp>
#include <ctnn/network.hpp>
#include <ctnn/neuron.hpp>
#include <ctnn/random.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// Whether an initialiser draws element by element, as biases need. It is false where it is named in an error.
template <class Initializer>
inline constexpr bool draws_values = requires(const Initializer& initializer, random_engine& engine) {
    initializer.template draw<double>(engine, 1, 1);
};

namespace detail {

/// Fills a tensor of weights with what an initialiser draws, element by element or as a matrix.
template <class T, class Shape, class Weights>
constexpr void draw_weights(random_engine& engine, tensor<T, Shape>& values, std::size_t fan_in, std::size_t fan_out,
                            const Weights& weights) {
    if constexpr (requires { weights.template fill<1, 1>(engine, values.values); })
        weights.template fill<Shape::size / Shape::last, Shape::last>(engine, values.values);
    else
        for (T& value : values) value = weights.template draw<T>(engine, fan_in, fan_out);
}

/// Fills one parameter of a layer: biases have one dimension, weights have more.
template <class T, class Shape, class Weights, class Biases>
constexpr void draw_tensor(random_engine& engine, tensor<T, Shape>& values, std::size_t fan_in, std::size_t fan_out,
                           const Weights& weights, const Biases& biases) {
    if constexpr (Shape::rank > 1)
        draw_weights(engine, values, fan_in, fan_out, weights);
    else if constexpr (draws_values<Biases>)
        for (T& value : values) value = biases.template draw<T>(engine, fan_in, fan_out);
}

template <class Model>
struct initializer_of {
    template <class Weights, class Biases, class Recurrent>
    static constexpr Model make(random_engine& engine, const Weights& weights, const Biases& biases,
                                const Recurrent& recurrent) {
        Model net{};
        for_each_layer(
            [&](auto& bound_layer) {
                using layer_type = std::remove_cvref_t<decltype(bound_layer)>;
                if constexpr (requires { layer_type::start(); }) {
                    bound_layer = layer_type::start();
                } else {
                    std::size_t member = 0;
                    for_each_member(
                        [&](auto& parameter) {
                            constexpr std::size_t recurrent_members = recurrent_members_of<layer_type>;
                            [[maybe_unused]] const std::size_t index = member++;
                            // Each recurrent matrix has the entire state as its inputs.
                            if constexpr (recurrent_members > 0)
                                if (index > 0 && index <= recurrent_members)
                                    return draw_tensor(engine, parameter, layer_type::units, layer_type::units,
                                                       recurrent, biases);
                            draw_tensor(engine, parameter, layer_type::fan_in, layer_type::fan_out, weights, biases);
                        },
                        bound_layer);
                }
            },
            net);
        return net;
    }
};

template <std::size_t Inputs, class Activation, class T>
struct initializer_of<neuron<Inputs, Activation, T>> {
    template <class Weights, class Biases, class Recurrent>
    static constexpr neuron<Inputs, Activation, T> make(random_engine& engine, const Weights& weights,
                                                        const Biases& biases, const Recurrent&) {
        neuron<Inputs, Activation, T> result{};
        draw_weights(engine, result.weights, Inputs, 1, weights);
        if constexpr (draws_values<Biases>) result.bias = biases.template draw<T>(engine, Inputs, 1);
        return result;
    }
};

}  // namespace detail

/// A network or neuron as below, with another initialiser, such as `orthogonal`, for the recurrent weights: those that
/// are multiplied with the state of a recurrent layer.
template <class Model, class Weights, class Biases, class Recurrent>
constexpr Model initialize(const Weights& weights, std::uint64_t seed, const Biases& biases,
                           const Recurrent& recurrent) {
    static_assert(draws_values<Biases>, "ctnn::initialize: biases are drawn element by element, so not by orthogonal");
    random_engine engine{seed};
    return detail::initializer_of<Model>::make(engine, weights, biases, recurrent);
}

/// A network or neuron whose weights are drawn by `weights` and whose biases by `biases`, which are zero unless given.
///
/// Weights are tensors of two dimensions or more. Layers with initial values of their own (normalisation, scale, prelu)
/// keep these. The same seed gives the same parameters in both phases and on every platform. Fans are those of the
/// tensor: for `dense`, its inputs and its outputs; for `recurrent_weights`, the units twice. Where a tensor is several
/// concatenated matrices (the gates of a recurrent layer; queries, keys and values), they are those of one.
/// *Errors*: "ctnn::initialize: biases are drawn element by element, so not by orthogonal".
/// *Example*: `constexpr auto net = initialize<xor_net>(glorot_uniform{}, 1);`
template <class Model, class Weights, class Biases = zeros>
constexpr Model initialize(const Weights& weights, std::uint64_t seed, const Biases& biases = {}) {
    return initialize<Model>(weights, seed, biases, weights);
}

}  // namespace CTNN_NAMESPACE
