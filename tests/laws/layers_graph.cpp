// SPDX-License-Identifier: BSL-1.0
/// @file
/// The laws of graphs.
#define BOOST_TEST_MODULE layers_graph
#include "laws/layers.hpp"

#include <ratio>

namespace {

using namespace ctnn;

/// Q = V + A - mean A.
struct duelling {
    template <class T>
    using net = network<
        T, input<3>, dense<5, ctnn::tanh>,
        graph<node<"v", from<"input">, dense<1>, reshape<1, 1>, upsample<4>, flatten>,
              node<"a", from<"input">, dense<4>>,
              node<"mean", from<"a">, reshape<1, 4>, global_average_pool, reshape<1, 1>, upsample<4>, flatten, scale<>>,
              node<"q", sum<from<"v">, from<"a">, from<"mean">>>>>;
};
/// Residual and skip sums of two layers, with a gate.
struct skips {
    template <class T>
    using net =
        network<T, input<2, 5>,
                graph<node<"c0", from<"input">, conv1d<2, window<2>, ctnn::tanh, causal>>,
                      node<"g0", from<"input">, conv1d<2, window<2>, sigmoid, causal>>,
                      node<"h0", product<from<"c0">, from<"g0">>, conv1d<2, window<1>>>,
                      node<"r0", sum<from<"input">, from<"h0">>>,
                      node<"c1", from<"r0">, conv1d<2, window<2>, ctnn::tanh, causal, dilation<2>>>,
                      node<"skip", sum<from<"h0">, from<"c1">, from<"h0">>, activation<gelu>, conv1d<1, window<1>>>>>;
};
/// A U, with concatenations of its two sides.
struct u_shaped {
    template <class T>
    using net =
        network<T, input<1, 4, 4>,
                graph<node<"d0", from<"input">, conv2d<2, window<3>, relu, same>>,
                      node<"d1", from<"d0">, max_pool2d<window<2>>, conv2d<2, window<3>, ctnn::tanh, same>>,
                      node<"u1", from<"d1">, max_pool2d<window<2>>, upsample<2, 2>>,
                      node<"u0", concatenate<from<"d1">, from<"u1">>, upsample<2, 2>>,
                      node<"y", concatenate<axis<0>, from<"u0">, from<"d0">, from<"input">>, conv2d<1, window<1>>>>>;
};
/// Two inputs, of which one joins late, and three outputs with activations of each kind, one of them used by another.
struct two_in_three_out {
    template <class T>
    using net = network<T, inputs<named<"state", shape<2, 2>>, named<"goal", shape<2>>>,
                        graph<node<"seen", from<"state">, flatten, dense<4, ctnn::tanh>>,
                              node<"wanted", concatenate<from<"seen">, from<"goal">>, dense<3, gelu>>,
                              node<"policy", from<"wanted">, dense<3, softmax>>,
                              node<"value", sum<from<"wanted">, from<"policy">>, dense<1>>,
                              node<"gain", from<"goal">, dense<2, sigmoid>>, outputs<"policy", "value", "gain">>>;
};
/// Aliases, an input and a value twice among the outputs, a graph after a graph by the names of its outputs, and in a branch.
struct passed_through {
    template <class T>
    using net = network<
        T, inputs<named<"a", shape<2>>, named<"b", shape<2>>>,
        graph<node<"row", from<"a">, reshape<1, 2>>, node<"again", from<"row">, flatten>,
              node<"y", sum<from<"again">, from<"b">, from<"again">>, prelu<>>, node<"z", from<"y">>,
              outputs<"y", "a", "z">>,
        residual<graph<node<"ya", concatenate<from<"y">, from<"a">>>,
                       node<"yaz", concatenate<from<"ya">, from<"z">>, dense<6, gelu>>>>,
        flatten,
        graph<node<"low", from<"input">, slice<axis<0>, 0, 3>>, node<"high", from<"input">, slice<axis<0>, 3, 3>>,
              node<"inside", product<from<"low">, from<"high">>,
                   graph<node<"one", from<"input">>, node<"two", from<"one">, scale<>>, outputs<"one", "two">>,
                   graph<node<"sum", sum<from<"one">, from<"two">>>>>,
              outputs<"inside", "low">>>;
};
/// Layers with random numbers and statistics.
struct normalised {
    template <class T>
    using net =
        network<T, input<3>,
                graph<node<"a", from<"input">, dense<4>, batch_norm<relu>>,
                      node<"b", from<"a">, dropout<std::ratio<1, 4>>, dense<4>>, node<"c", from<"a">, layer_norm<>>,
                      node<"y", product<from<"b">, from<"c">, from<"a">>>, outputs<"y">>>;
};
/// Attention, its queries, keys and values by name; nothing is trained.
struct attending {
    template <class T>
    using net = network<T, input<3, 4>,
                        graph<node<"keys", from<"input">, permute<1, 0>>,
                              node<"scores", matmul<from<"input">, from<"keys">>, activation<softmax>>,
                              node<"y", matmul<from<"scores">, from<"input">>>,
                              node<"z", concatenate<axis<1>, from<"y">, from<"scores">>>>>;
};

using cases = std::tuple<duelling, skips, u_shaped, two_in_three_out, passed_through, normalised, attending>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(laws_of, Case, cases) {
    laws::check_layer<Case>();
}
