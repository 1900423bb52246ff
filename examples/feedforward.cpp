// SPDX-License-Identifier: BSL-1.0
// From neurons to a network: the outputs of two neurons are the inputs of a third. Layers express the same in two
// lines.
#include <ctnn.hpp>

#include <cstdio>

// By hand: every neuron has the weights 0 and 1 and no bias.
constexpr ctnn::neuron<2> neuron{.weights = {0, 1}, .bias = 0};

constexpr double three_neurons(double x1, double x2) {
    const double h1 = neuron({x1, x2});
    const double h2 = neuron({x1, x2});
    return neuron({h1, h2});
}

// As layers: two inputs, two hidden neurons, one output. The sizes of the weights follow from this type.
using network_2_2_1 =
    ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::sigmoid>, ctnn::dense<1, ctnn::sigmoid>>;

constexpr network_2_2_1 network = [] {
    network_2_2_1 net{};
    // weights(input, neuron): one row per input, one column per neuron. Both hidden neurons use only the second input.
    ctnn::get<0>(net).weights = {0, 0,
                                 1, 1};
    ctnn::get<1>(net).weights = {0, 1};
    return net;
}();

static_assert(three_neurons(2, 3) == 0.7216325609518421);
// Exactly equal: the same operations in the same order give the same bits.
static_assert(network({2, 3})[0] == three_neurons(2, 3));

int main() {
    volatile double x1 = 2, x2 = 3;
    const double by_hand = three_neurons(x1, x2);
    const double by_layers = network({x1, x2})[0];
    std::printf("three neurons: %.16g\n", by_hand);
    std::printf("two layers:    %.16g\n", by_layers);
    return by_hand == 0.7216325609518421 && by_layers == by_hand ? 0 : 1;
}
