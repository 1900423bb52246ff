// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Converts ctnn networks to the description that the peers take.

#include "../compare.hpp"
#include "peers.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace peers {

inline activation described(ctnn::identity) {
    return activation::identity;
}
inline activation described(ctnn::sigmoid) {
    return activation::sigmoid;
}
inline activation described(ctnn::tanh) {
    return activation::tanh;
}
inline activation described(ctnn::relu) {
    return activation::relu;
}
inline activation described(ctnn::softmax) {
    return activation::softmax;
}

/// The dense layer `from`, followed by an activation.
template <class Layer, class Activation>
layer dense_layer(const Layer& from, Activation then) {
    return {.what = kind::dense,
            .inputs = Layer::input_shape::size,
            .outputs = Layer::output_shape::size,
            .weights = {from.weights.begin(), from.weights.end()},
            .bias = {from.bias.begin(), from.bias.end()},
            .then = described(then)};
}

/// A network of dense layers.
template <class Hidden, class Last, class Net>
network dense_network(const Net& net, std::size_t batch) {
    network result{.input_shape = {Net::input_shape::size}, .layers = {}, .batch = batch};
    ctnn::for_each_layer(
        [&](const auto& from) {
            if (result.layers.size() + 1 < Net::layer_count)
                result.layers.push_back(dense_layer(from, Hidden{}));
            else
                result.layers.push_back(dense_layer(from, Last{}));
        },
        net);
    return result;
}

/// Adds every library that can compute the network.
inline void add_all(const compare::calls<float>& row, const network& net) {
    for (const library& peer : libraries()) {
        const auto make = [evaluate = peer.evaluate, net] { return evaluate(net); };
        if (make() != nullptr) row.add(peer.name, make);
    }
}
inline void add_all(const compare::steps& row, const training& problem) {
    for (const library& peer : libraries()) {
        const auto make = [train = peer.train, problem] { return train(problem); };
        if (make() != nullptr) row.add(peer.name, make);
    }
}

}  // namespace peers
