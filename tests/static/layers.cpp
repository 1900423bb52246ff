// SPDX-License-Identifier: BSL-1.0
// What each kind of layer computes, with numbers small enough to check by hand. The comments show the computation.

#include <ctnn.hpp>

#include <cstddef>
#include <ratio>

using namespace ctnn;

template <std::size_t... Extents>
using numbers = tensor<double, shape<Extents...>>;

/// A network of layers without parameters.
template <class Input, class... Layers>
constexpr network<double, Input, Layers...> plain{};

/// A network whose first layer has the parameters that `set` gives it; all others are 0.
template <class Input, class... Layers, class Set>
constexpr auto with(Set set) {
    network<double, Input, Layers...> net{};
    set(get<0>(net));
    return net;
}

/// The same, with inner layers reached by their path: `set` takes the network.
template <class Input, class... Layers, class Set>
constexpr auto with_paths(Set set) {
    network<double, Input, Layers...> net{};
    set(net);
    return net;
}

// With log 3, gates are fractions: sigmoid(log 3) = 3/4, sigmoid(-log 3) = 1/4, tanh(log 3) = 4/5,
// tanh(log 3 / 2) = 1/2. sigmoid(0) = 1/2.
constexpr double log3 = 1.0986122886681098;

// --- dense: each step of a sequence is a vector; relu(bias + x weights)
//     (10 + 1*1 + 0*3 + 2*5, -12 + 1*2 + 0*4 + 2*6) = (21, 2)
//     (10 + 0*1 + 1*3 + 1*5, -12 + 0*2 + 1*4 + 1*6) = (18, -2)
static_assert(with<input<2, 3>, dense<2, relu>>([](auto& layer) {
                  layer.weights = {1, 2, 3, 4, 5, 6};
                  layer.bias = {10, -12};
              })({1, 0, 2, 0, 1, 1}) == numbers<2, 2>{21, 2, 18, 0});

// --- conv1d: two channels, windows from 0 and from 2 on
//     100 + (1*1 + 2*2) + (3*5 + 4*6) = 144,  100 + (1*3 + 2*4) + (3*7 + 4*8) = 164
static_assert(with<input<2, 4>, conv1d<1, window<2>, stride<2>>>([](auto& layer) {
                  layer.weights = {1, 3, 2, 4};
                  layer.bias = {100};
              })({1, 2, 3, 4, 5, 6, 7, 8}) == numbers<1, 2>{144, 164});
//     weights: by position in the window, then by filter.  1*1 + 3*10 = 31,  2*1 + 4*10 = 42
static_assert(with<input<1, 2>, conv1d<2, window<2>, no_bias>>([](auto& layer) {
                  layer.weights = {1, 2, 3, 4};
              })({1, 10}) == numbers<2, 1>{31, 42});
//     causal: y(t) = x(t - 4) + 10 x(t - 2) + 100 x(t)
static_assert(with<input<1, 5>, conv1d<1, window<3>, causal, dilation<2>, no_bias>>([](auto& layer) {
                  layer.weights = {1, 10, 100};
              })({1, 2, 3, 4, 5}) == numbers<1, 5>{100, 200, 310, 420, 531});
//     the window is longer than the input
static_assert(with<input<1, 2>, conv1d<1, window<3>, causal, dilation<4>, no_bias>>([](auto& layer) {
                  layer.weights = {1, 10, 100};
              })({1, 2}) == numbers<1, 2>{100, 200});
//     same: the odd zero is at the end, y(t) = x(t) + 10 x(t + 1)
static_assert(with<input<1, 3>, conv1d<1, window<2>, same, no_bias>>([](auto& layer) {
                  layer.weights = {1, 10};
              })({1, 2, 3}) == numbers<1, 3>{21, 32, 3});

// --- conv2d: the window is not flipped
//     1 + 1*1 + 2*2 + 3*4 + 4*5 = 38,  1 + 1*2 + 2*3 + 3*5 + 4*6 = 48
//     1 + 1*4 + 2*5 + 3*7 + 4*8 = 68,  1 + 1*5 + 2*6 + 3*8 + 4*9 = 78
static_assert(with<input<1, 3, 3>, conv2d<1, window<2>>>([](auto& layer) {
                  layer.weights = {1, 2, 3, 4};
                  layer.bias = {1};
              })({1, 2, 3, 4, 5, 6, 7, 8, 9}) == numbers<1, 2, 2>{38, 48, 68, 78});
//     groups: filter f sees only channel f; dilation: the first and the last column.  1*1 + 2*3 = 7,  3*4 + 4*6 = 36
static_assert(with<input<2, 1, 3>, conv2d<2, window<1, 2>, groups<2>, dilation<2>, no_bias>>([](auto& layer) {
                  layer.weights = {1, 3, 2, 4};
              })({1, 2, 3, 4, 5, 6}) == numbers<2, 1, 1>{7, 36});

// --- conv1d_transpose: 1 * (1, 2, 3) from position 0 on, and 10 * (1, 2, 3) from position 2 on, plus a bias of 5
//     (5 + 1, 5 + 2, 5 + 3 + 10, 5 + 20, 5 + 30); same keeps length * stride = 4 of them
constexpr auto weights_123 = [](auto& layer) {
    layer.weights = {1, 2, 3};
    layer.bias = {5};
};
static_assert(with<input<1, 2>, conv1d_transpose<1, window<3>, stride<2>>>(weights_123)({1, 10}) ==
              numbers<1, 5>{6, 7, 18, 25, 35});
static_assert(with<input<1, 2>, conv1d_transpose<1, window<3>, stride<2>, same>>(weights_123)({1, 10}) ==
              numbers<1, 4>{6, 7, 18, 25});
//     two channels: 1 * 1 + 2 * 100,  1 * 10 + 2 * 1000 + 3 * 1 + 4 * 100,  3 * 10 + 4 * 1000
static_assert(with<input<2, 2>, conv1d_transpose<1, window<2>, no_bias>>([](auto& layer) {
                  layer.weights = {1, 2, 3, 4};
              })({1, 10, 100, 1000}) == numbers<1, 3>{201, 2413, 4030});
//     groups: filter f sees only channel f.  1 * (1, 3) from position 0 on, 10 * (2, 4)
static_assert(with<input<2, 1>, conv1d_transpose<2, window<2>, groups<2>, no_bias>>([](auto& layer) {
                  layer.weights = {1, 2, 3, 4};
              })({1, 10}) == numbers<2, 2>{1, 3, 20, 40});

//     an image: 1 * (1 2 / 3 4) from (0, 0) on, 10 times that from (0, 2) on, and a row of the bias behind
static_assert(with<input<1, 1, 2>, conv2d_transpose<1, window<2>, stride<2>, output_padding<1, 0>>>([](auto& layer) {
                  layer.weights = {1, 2, 3, 4};
                  layer.bias = {5};
              })({1, 10}) == numbers<1, 3, 4>{6, 7, 15, 25, 8, 9, 35, 45, 5, 5, 5, 5});

// --- max_pool: max(3, 1), max(4, 1), and with ceil_mode the remainder; padding is below everything
static_assert(plain<input<1, 5>, max_pool1d<window<2>>>({3, 1, 4, 1, 5}) == numbers<1, 2>{3, 4});
static_assert(plain<input<1, 5>, max_pool1d<window<2>, ceil_mode>>({3, 1, 4, 1, 5}) == numbers<1, 3>{3, 4, 5});
static_assert(plain<input<1, 3>, max_pool1d<window<3>, stride<2>, padding<pad<1>>>>({-1, -2, -3}) ==
              numbers<1, 2>{-1, -2});
static_assert(plain<input<1, 2, 3>, max_pool2d<window<2>, stride<1>>>({1, 5, 2, 4, 3, 6}) == numbers<1, 1, 2>{5, 6});

// --- average_pool: without the padding (1 + 2) / 2 and (2 + 7) / 2, with it (0 + 1 + 2) / 3 and (2 + 7 + 0) / 3
static_assert(plain<input<1, 3>, average_pool1d<window<3>, stride<2>, padding<pad<1>>>>({1, 2, 7}) ==
              numbers<1, 2>{1.5, 4.5});
using counting_zeros = average_pool1d<window<3>, stride<2>, padding<pad<1>>, count_include_pad>;
static_assert(near(plain<input<1, 3>, counting_zeros>({1, 2, 7}), numbers<1, 2>{1, 3}));
//     (1 + 2 + 5 + 6) / 4 and (3 + 4 + 7 + 8) / 4
static_assert(plain<input<1, 2, 4>, average_pool2d<window<2>>>({1, 2, 3, 4, 5, 6, 7, 8}) == numbers<1, 1, 2>{3.5, 5.5});

// --- global pools: (1 + 2 + 3 + 4) / 4 and (5 + 6 + 20 - 1) / 4; the maximum of each channel
static_assert(plain<input<2, 2, 2>, global_average_pool>({1, 2, 3, 4, 5, 6, 20, -1}) == numbers<2>{2.5, 7.5});
static_assert(plain<input<2, 2, 2>, global_max_pool>({1, 2, 3, 4, 5, 6, 20, -1}) == numbers<2>{4, 20});

// --- batch_norm outside of training: weights (x - mean) / sqrt(variance + 1e-5) + bias for each channel
//     4 (3 - 1) / 2 + 1 = 5,  4 (5 - 1) / 2 + 1 = 9;  3 (8 - 5) / 3 - 1 = 2,  3 (2 - 5) / 3 - 1 = -4
static_assert(near(with<input<2, 2>, batch_norm<>>([](auto& layer) {
                       layer.weights = {4, 3};
                       layer.bias = {1, -1};
                       layer.running_mean = {1, 5};
                       layer.running_variance = {4 - 1e-5, 9 - 1e-5};
                   })({3, 5, 8, 2}),
                   numbers<2, 2>{5, 9, 2, -4}));

//     with an epsilon of 3: 4 (3 - 1) / sqrt(1 + 3) + 1 = 5
static_assert(with<input<1>, batch_norm<identity, axis<0>, std::ratio<1, 10>, epsilon<std::ratio<3>>>>([](auto& layer) {
                  layer.weights = {4};
                  layer.bias = {1};
                  layer.running_mean = {1};
                  layer.running_variance = {1};
              })({3}) == numbers<1>{5});

// --- layer_norm: both rows have the variance 1 and become -z, z with z = 1 / sqrt(1 + 1e-5) =
//     1 - 1/2 1e-5 + 3/8 1e-10 - 5/16 1e-15 + ...; then 2 (-z) + 10 and 3 z + 20
constexpr double z = 0.9999950000374997;
static_assert(near(with<input<2, 2>, layer_norm<>>([](auto& layer) {
                       layer.weights = {2, 3};
                       layer.bias = {10, 20};
                   })({1, 3, 5, 7}),
                   numbers<2, 2>{10 - 2 * z, 20 + 3 * z, 10 - 2 * z, 20 + 3 * z}));

//     with an epsilon of 3, -1/2 and 1/2; without weights and bias, and with an activation
static_assert(with<input<2, 2>, layer_norm<identity, epsilon<std::ratio<3>>>>([](auto& layer) {
                  layer.weights = {2, 4};
                  layer.bias = {10, 20};
              })({1, 3, 5, 7}) == numbers<2, 2>{9, 22, 9, 22});
static_assert(plain<input<2, 2>, layer_norm<identity, epsilon<std::ratio<3>>, no_affine>>({1, 3, 5, 7}) ==
              numbers<2, 2>{-0.5, 0.5, -0.5, 0.5});
static_assert(near(plain<input<2, 2>, layer_norm<relu, epsilon<>, no_affine>>({1, 3, 5, 7}),
                   numbers<2, 2>{0, z, 0, z}));

// --- dropout outside of training
static_assert(plain<input<3>, dropout<std::ratio<1, 4>>>({1, -2, 3}) == numbers<3>{1, -2, 3});

// --- activation
static_assert(plain<input<3>, activation<relu>>({1, -2, 3}) == numbers<3>{1, 0, 3});
static_assert(plain<input<3>, activation<relu6>>({1, -2, 8}) == numbers<3>{1, 0, 6});
static_assert(plain<input<3>, activation<clip<std::ratio<-1>, std::ratio<2>>>>({1, -2, 3}) == numbers<3>{1, -1, 2});
static_assert(plain<input<3>, activation<clip<unbounded, std::ratio<2>>>>({1, -2, 3}) == numbers<3>{1, -2, 2});
static_assert(plain<input<3>, activation<leaky_relu_with<std::ratio<1, 4>>>>({1, -2, 3}) == numbers<3>{1, -0.5, 3});
static_assert(plain<input<3>, activation<elu_with<std::ratio<2>>>>({1, 0, 3}) == numbers<3>{1, 0, 3});
static_assert(plain<input<3>, activation<selu_with<std::ratio<2>, std::ratio<3>>>>({1, 0, 3}) == numbers<3>{3, 0, 9});
//     1/4 + 1/2 = 3/4,  -2/4 + 1/2 = 0,  3/4 + 1/2 above 1;  1 (1/6 + 1/2);  1/4, 3/3, 4/1
static_assert(plain<input<3>, activation<hard_sigmoid_with<std::ratio<1, 4>, std::ratio<1, 2>>>>({1, -2, 3}) ==
              numbers<3>{0.75, 0, 1});
static_assert(plain<input<3>, activation<ctnn::sqrt>>({4, 9, 0}) == numbers<3>{2, 3, 0});
static_assert(plain<input<2>, activation<ctnn::log>, activation<ctnn::exp>>({1, 1}) == numbers<2>{1, 1});
static_assert(plain<input<1>, activation<ctnn::sin>, activation<ctnn::cos>>({0}) == numbers<1>{1});
static_assert(near(plain<input<3>, activation<hard_swish>>({1, -4, 4}), numbers<3>{2.0 / 3, 0, 4}));
static_assert(plain<input<3>, activation<gelu_tanh>>({0, -100, 100}) == numbers<3>{0, 0, 100});
static_assert(plain<input<3>, product<branch<>, branch<reverse, activation<reciprocal>>>>({1, 3, 4}) ==
              numbers<3>{0.25, 1, 4});

// --- simple_rnn: h(t) = relu(x(t) W + h(t - 1) U + b)
//     h(0) = (1*1 + 0, 1*2 + 1) = (1, 3),  h(1) = (2*1 + 1*1 + 3*3 + 0, 2*2 + 1*2 + 3*4 + 1) = (12, 19)
static_assert(with<input<2, 1>, simple_rnn<2, relu>>([](auto& layer) {
                  layer.weights = {1, 2};
                  layer.recurrent_weights = {1, 2, 3, 4};
                  layer.bias = {0, 1};
              })({1, 2}) == numbers<2, 2>{1, 3, 12, 19});
//     tanh by default: h(0) = tanh(log 3) = 4/5,  h(1) = tanh(0 + 4/5 * 5/8 log 3) = tanh(log 3 / 2) = 1/2
static_assert(near(with<input<2, 1>, simple_rnn<1, last_step>>([](auto& layer) {
                       layer.weights = {1};
                       layer.recurrent_weights = {log3 * 5 / 8};
                   })({log3, 0}),
                   numbers<1>{0.5}));

// --- gru, reset_after: r = sigmoid(0) = 1/2, z = sigmoid(log 3) = 3/4
//     n(0) = tanh(log 3 / 2 + 1/2 (0 + log 3)) = 4/5,            h(0) = 1/4 * 4/5 + 3/4 * 0 = 1/5
//     n(1) = tanh(0 + 1/2 (1/5 * 5 log 3 + log 3)) = 4/5,        h(1) = 1/4 * 4/5 + 3/4 * 1/5 = 7/20
static_assert(near(with<input<2, 1>, gru<1>>([](auto& layer) {
                       layer.weights = {0, 0, 1};
                       layer.recurrent_weights = {0, 0, 5 * log3};
                       layer.bias = {0, log3, 0};
                       layer.recurrent_bias = {0, 0, log3};
                   })({log3 / 2, 0}),
                   numbers<2, 1>{0.2, 0.35}));

// --- gru, reset_before: r = (1/2, 3/4), z = (1/2, 1/2)
//     n(0) = (tanh(log 3), tanh(log 3)) = (4/5, 4/5),            h(0) = 1/2 n(0) = (2/5, 2/5), r h(0) = (1/5, 3/10)
//     n(1) = (tanh(3/10 * 10/3 log 3), tanh(1/5 * 5/2 log 3)) = (4/5, 1/2)
//     h(1) = 1/2 n(1) + 1/2 h(0) = (2/5 + 1/5, 1/4 + 1/5)
static_assert(near(with<input<2, 1>, gru<2, reset_before>>([](auto& layer) {
                       layer.weights = {0, 0, 0, 0, 1, 1};
                       layer.bias = {0, log3, 0, 0, 0, 0};
                       layer.candidate_weights = {0, 2.5 * log3, log3 * 10 / 3, 0};
                   })({log3, 0}),
                   numbers<2, 2>{0.4, 0.4, 0.6, 0.45}));

// --- lstm: i = sigmoid(log 3) = 3/4, f = sigmoid(0) = 1/2, o = sigmoid(-log 3) = 1/4
//     g(0) = tanh(log 3) = 4/5,  c(0) = 1/2 * 0 + 3/4 * 4/5 = 3/5,       h(0) = 1/4 tanh(0.6)
//     g(1) = tanh(0 + h(0) log 3 / h(0)) = 4/5,  c(1) = 1/2 * 3/5 + 3/4 * 4/5 = 9/10,  h(1) = 1/4 tanh(0.9)
constexpr double tanh_06 = 0.5370495669980353, tanh_09 = 0.7162978701990245;
static_assert(near(with<input<2, 1>, lstm<1>>([](auto& layer) {
                       layer.weights = {0, 0, 1, 0};
                       layer.recurrent_weights = {0, 0, log3 / (tanh_06 / 4), 0};
                       layer.bias = {log3, 0, 0, -log3};
                   })({log3, 0}),
                   numbers<2, 1>{tanh_06 / 4, tanh_09 / 4}));

// --- initial_state: h(0) = 1 + 10 h(-1) of h(-1) = 2, h(1) = 0 + 10 h(0); it is the last parameter
static_assert(with<input<2, 1>, simple_rnn<1, identity, initial_state>>([](auto& layer) {
                  layer.weights = {1};
                  layer.recurrent_weights = {10};
                  layer.initial_state = {2};
              })({1, 0}) == numbers<2, 1>{21, 210});
//     gru with z = 3/4 and n = 0: h(0) = 3/4 h(-1)
static_assert(near(with<input<1, 1>, gru<1, last_step, initial_state>>([](auto& layer) {
                       layer.bias = {0, log3, 0};
                       layer.initial_state = {4};
                   })({1}),
                   numbers<1>{3}));
//     lstm with gates of 1/2 and g = 0: c(0) = 1/2 c(-1); h(-1) = 5 is multiplied by 0
static_assert(near(with<input<1, 1>, lstm<1, initial_state, last_step>>([](auto& layer) {
                       layer.initial_state = {5, 1.2};
                   })({1}),
                   numbers<1>{tanh_06 / 2}));

// --- Other activations: i = f = o = min(max(0 / 6 + 1/2, 0), 1) = 1/2, g = max(3, 0) = 3, c = 3/2, h = 1/2 c / (1 + c)
static_assert(
    with<input<1, 1>, lstm<1, relu, gate_activation<hard_sigmoid>, cell_activation<softsign>>>([](auto& layer) {
        layer.weights = {0, 0, 1, 0};
    })({3}) == numbers<1, 1>{0.3});
//     gru with z = 1/4 without its activation, n = max(3, 0): h = 3/4 * 3
static_assert(with<input<1, 1>, gru<1, gate_activation<identity>, relu>>([](auto& layer) {
                  layer.weights = {0, 0, 1};
                  layer.bias = {0, 0.25, 0};
              })({3}) == numbers<1, 1>{2.25});
static_assert(plain<input<3>, activation<clipped<identity, std::ratio<3, 2>>>>({-4, 1, 2}) == numbers<3>{-1.5, 1, 1.5});

// --- bidirectional: forwards h(t) = x(t) + h(t - 1): 1, 1 + 2, 1 + 2 + 3
//     backwards h(t) = x(t) + 10 h(t + 1): 3 at the end, 2 + 10 * 3 = 32, 1 + 10 * 32 = 321
using both_ways = bidirectional<simple_rnn<1, identity>>;
using both_ends = bidirectional<simple_rnn<1, identity, last_step>>;
constexpr auto there_and_back = [](auto& net) {
    get<0, 0, 0>(net).weights = {1};
    get<0, 0, 0>(net).recurrent_weights = {1};
    get<0, 1, 1>(net).weights = {1};
    get<0, 1, 1>(net).recurrent_weights = {10};
};
static_assert(with_paths<input<3, 1>, both_ways>(there_and_back)({1, 2, 3}) == numbers<3, 2>{1, 321, 3, 32, 6, 3});
static_assert(with_paths<input<3, 1>, both_ends>(there_and_back)({1, 2, 3}) == numbers<2>{6, 321});

// --- rearrangements: (1 2 3 / 4 5 6)
static_assert(plain<input<2, 3>, flatten>({1, 2, 3, 4, 5, 6}) == numbers<6>{1, 2, 3, 4, 5, 6});
static_assert(plain<input<2, 3>, reshape<3, 2>>({1, 2, 3, 4, 5, 6}) == numbers<3, 2>{1, 2, 3, 4, 5, 6});
static_assert(plain<input<2, 3>, permute<1, 0>>({1, 2, 3, 4, 5, 6}) == numbers<3, 2>{1, 4, 2, 5, 3, 6});
static_assert(plain<input<2, 3>, reverse>({1, 2, 3, 4, 5, 6}) == numbers<2, 3>{4, 5, 6, 1, 2, 3});
//     permute<2, 0, 1>: y(i, j, k) = x(j, k, i), the odd numbers and then the even ones
static_assert(plain<input<1, 3, 2>, permute<2, 0, 1>>({1, 2, 3, 4, 5, 6}) == numbers<2, 1, 3>{1, 3, 5, 2, 4, 6});
//     one row above and below, two columns at the end
static_assert(plain<input<1, 1, 2>, zero_pad<pad<1>, pad<0, 2>>>({1, 2}) ==
              numbers<1, 3, 4>{0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0});
//     axis by axis: the second row; the last two columns; the middle of three
static_assert(plain<input<2, 3>, slice<axis<0>, 1, 1>>({1, 2, 3, 4, 5, 6}) == numbers<1, 3>{4, 5, 6});
static_assert(plain<input<2, 3>, slice<axis<1>, 1, 2>>({1, 2, 3, 4, 5, 6}) == numbers<2, 2>{2, 3, 5, 6});
static_assert(plain<input<1, 3, 2>, slice<axis<1>, 1, 1>>({1, 2, 3, 4, 5, 6}) == numbers<1, 1, 2>{3, 4});
static_assert(plain<input<4>, slice<axis<0>, 0, 4>>({1, 2, 3, 4}) == numbers<4>{1, 2, 3, 4});
// --- reflect_pad, edge_pad, wrap_pad
static_assert(plain<input<3>, reflect_pad<pad<2, 1>>>({1, 2, 3}) == numbers<6>{3, 2, 1, 2, 3, 2});
static_assert(plain<input<3>, edge_pad<pad<1, 4>>>({1, 2, 3}) == numbers<8>{1, 1, 2, 3, 3, 3, 3, 3});
static_assert(plain<input<3>, wrap_pad<pad<2, 3>>>({1, 2, 3}) == numbers<8>{2, 3, 1, 2, 3, 1, 2, 3});
//     rows 0 1 become 1 0 1, and their columns 0 1 2 become 0 1 2 1; the channels stay
static_assert(plain<input<2, 2, 3>, reflect_pad<pad<1, 0>, pad<0, 1>>>({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}) ==
              numbers<2, 3, 4>{4, 5, 6, 5, 1, 2, 3, 2, 4, 5, 6, 5, 10, 11, 12, 11, 7, 8, 9, 8, 10, 11, 12, 11});
static_assert(plain<input<2, 2>, wrap_pad<pad<1>, pad<0>>>({1, 2, 3, 4}) == numbers<4, 2>{3, 4, 1, 2, 3, 4, 1, 2});
static_assert(layer_accepts_shape<layer_number<0>, gives<shape<4, 3>>, reflect_pad<pad<3>, pad<2>>::wants>);
static_assert(!layer_accepts_shape<layer_number<0>, gives<shape<4, 3>>, reflect_pad<pad<0>, pad<3>>::wants>);
static_assert(!layer_accepts_shape<layer_number<0>, gives<shape<4, 3>>, wrap_pad<pad<0, 5>, pad<0>>::wants>);
static_assert(!layer_accepts_shape<layer_number<0>, gives<shape<4>>, edge_pad<pad<1>, pad<1>>::wants>);

// --- linear_resize: of two elements at the places -1/4, 1/4, 3/4, 5/4; 0, 1/3, 2/3, 1; 0, 1/2, 1, 3/2
static_assert(plain<input<2>, linear_resize<axis<0>, 4>>({4, 8}) == numbers<4>{4, 5, 7, 8});
static_assert(near(plain<input<2>, linear_resize<axis<0>, 4, align_corners>>({3, 6}), numbers<4>{3, 4, 5, 6}));
static_assert(plain<input<2>, linear_resize<axis<0>, 4, asymmetric>>({4, 8}) == numbers<4>{4, 6, 8, 8});
//     of five elements three, at 1/3, 2 and 11/3; of three one, in the middle, or at the corner
static_assert(near(plain<input<5>, linear_resize<axis<0>, 3>>({0, 3, 6, 9, 12}), numbers<3>{1, 6, 11}));
static_assert(plain<input<3>, linear_resize<axis<0>, 1>>({1, 2, 4}) == numbers<1>{2});
static_assert(plain<input<3>, linear_resize<axis<0>, 1, align_corners>>({1, 2, 4}) == numbers<1>{1});
static_assert(plain<input<1>, linear_resize<axis<0>, 3>>({7}) == numbers<3>{7, 7, 7});
//     bilinear, of two rows and columns
static_assert(plain<input<1, 2, 2>, linear_resize<axis<1>, 3, align_corners>, linear_resize<axis<2>, 3, align_corners>>(
                  {0, 4, 8, 12}) == numbers<1, 3, 3>{0, 2, 4, 4, 6, 8, 8, 10, 12});

static_assert(plain<input<1, 1, 2>, upsample<2, 3>>({1, 2}) == numbers<1, 2, 6>{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2});

//     one element becomes an image
static_assert(plain<input<2, 1, 1>, upsample<4, 5>, slice<axis<1>, 3, 1>, slice<axis<2>, 4, 1>>({1, 2}) ==
              numbers<2, 1, 1>{1, 2});

// --- residual: (1, 2) + (10 + 0*1 + 1*2, 20 + 1*1 + 0*2)
static_assert(with_paths<input<2>, residual<dense<2>>>([](auto& net) {
                  get<0, 1, 0>(net).weights = {0, 1, 1, 0};
                  get<0, 1, 0>(net).bias = {10, 20};
              })({1, 2}) == numbers<2>{13, 23});

// --- sum: (1, 2, 4) + (4, 2, 1)
static_assert(plain<input<3>, sum<branch<>, branch<reverse>>>({1, 2, 4}) == numbers<3>{5, 4, 5});

// --- product: (1, 2, 4) * (4, 2, 1), and once more times (1, 2, 4)
static_assert(plain<input<3>, product<branch<>, branch<reverse>>>({1, 2, 4}) == numbers<3>{4, 4, 4});
static_assert(plain<input<3>, product<branch<>, branch<reverse>, branch<>>>({1, 2, 4}) == numbers<3>{4, 8, 16});

// --- matmul: the rows (1 2 3), (4 5 6) times the columns (1 2 3), (4 5 6): 1*1 + 2*2 + 3*3, 1*4 + 2*5 + 3*6 ...
static_assert(plain<input<2, 3>, matmul<branch<>, branch<permute<1, 0>>>>({1, 2, 3, 4, 5, 6}) ==
              numbers<2, 2>{14, 32, 32, 77});
//     (1*3 + 2*1, 1*4 + 2*2), (3*3 + 4*1, 3*4 + 4*2)
static_assert(plain<input<2, 2>, matmul<branch<>, branch<reverse>>>({1, 2, 3, 4}) == numbers<2, 2>{5, 8, 13, 20});
//     two matrices: the column (1, 2) times the row (1 2), the column (3, 4) times the row (3 4)
static_assert(plain<input<2, 2, 1>, matmul<branch<>, branch<permute<0, 2, 1>>>>({1, 2, 3, 4}) ==
              numbers<2, 2, 2>{1, 2, 2, 4, 9, 12, 12, 16});

// --- concatenate: 100 + 2*3 + 1*4, then the input; along axis 1 the rows (1 2), (3 4) beside the rows (3 4), (1 2)
static_assert(with_paths<input<2>, concatenate<branch<dense<1>>, branch<>>>([](auto& net) {
                  get<0, 0, 0>(net).weights = {2, 1};
                  get<0, 0, 0>(net).bias = {100};
              })({3, 4}) == numbers<3>{110, 3, 4});
static_assert(plain<input<2, 2>, concatenate<axis<1>, branch<>, branch<reverse>>>({1, 2, 3, 4}) ==
              numbers<2, 4>{1, 2, 3, 4, 3, 4, 1, 2});

// --- prelu: 1/2 * -2, 2 in channel 0; 2 * -3, 3 in channel 1
static_assert(with<input<2, 2>, prelu<>>([](auto& layer) {
                  layer.weights = {0.5, 2};
              })({-2, 2, -3, 3}) == numbers<2, 2>{-1, 2, -6, 3});

// --- scale: the features of a sequence; (2*1 + 1, relu(3*2 - 10)), (2*3 + 1, relu(3*4 - 10))
static_assert(with<input<2, 2>, scale<relu, axis<1>>>([](auto& layer) {
                  layer.weights = {2, 3};
                  layer.bias = {1, -10};
              })({1, 2, 3, 4}) == numbers<2, 2>{3, 0, 7, 2});

// --- decision_trees: of five leaves and then three splits. 1/2 > 0 leads to split 2, -1 < 0 there to leaf 0; the other
//     tree leads to leaf 2: (100 + 1 + 5, 200 + 2 + 6)
static_assert(with<input<2>, decision_trees<2, 2, 3>>([](auto& layer) {
                  layer.splits = {4,  0, 7, 4,   // x[0] > 0: split 7 - 5, else leaf 4
                                  3,  0, 2, 2,   //
                                  17, 0, 0, 1};  // x[1] < 0: leaf 0, else leaf 1
                  layer.weights = {1, 2, 3, 4, 5, 6};
                  layer.bias = {100, 200};
              })({0.5, -1}) == numbers<2>{106, 208});

// --- embedding: rows 2 and 0 of the weights
static_assert(with<input<2>, embedding<3, 2>>([](auto& layer) { layer.weights = {1, 2, 3, 4, 5, 6}; })({2, 0}) ==
              numbers<2, 2>{5, 6, 1, 2});

// --- positional_encoding: frequencies 10000^0 = 1 and 10000^(-2/4) = 1/100; sin, cos of 0 and 0, then of 1 and 0.01
static_assert(near(plain<input<2, 4>, positional_encoding>({0, 0, 0, 0, 10, 20, 30, 40}),
                   numbers<2, 4>{0, 1, 0, 1, 10.8414709848078965, 20.5403023058681397, 30.0099998333341667,
                                 40.9999500004166653}));

// --- multi_head_attention of (0 0), (1 1) with two heads: queries 1; keys 0 and log 3, 0 and 0; values 0 and 8 in both
//     head 0: softmax(0, log 3) = (1/4, 3/4), 1/4 * 0 + 3/4 * 8 = 6; head 1: softmax(0, 0) = (1/2, 1/2), 1/2 * 8 = 4
//     then the heads are swapped: (100 + 4, 200 + 6). With causal_mask, step 0 sees only the values 0.
constexpr auto two_heads = [](auto& layer) {
    layer.weights = {0, 0, log3, 0, 8, 0,   // from x[0]: queries, keys, values of head 0 and head 1
                     0, 0, 0,    0, 0, 8};  // from x[1]
    layer.bias = {1, 1, 0, 0, 0, 0};
    layer.output_weights = {0, 1, 1, 0};
    layer.output_bias = {100, 200};
};
static_assert(near(with<input<2, 2>, multi_head_attention<2>>(two_heads)({0, 0, 1, 1}),
                   numbers<2, 2>{104, 206, 104, 206}));
static_assert(near(with<input<2, 2>, multi_head_attention<2, causal_mask>>(two_heads)({0, 0, 1, 1}),
                   numbers<2, 2>{100, 200, 104, 206}));
//     one head of width 4: the score 2 log 3 is divided by sqrt(4); 1/4 * 0 + 3/4 * 8 = 6
static_assert(near(with<input<2, 4>, multi_head_attention<1>>([](auto& layer) {
                       layer.bias[0] = 1;               // query 0
                       layer.weights(0, 4) = 2 * log3;  // key 0
                       layer.weights(0, 8) = 8;         // value 0
                       layer.output_weights(0, 3) = 1;
                   })({0, 0, 0, 0, 1, 0, 0, 0}),
                   numbers<2, 4>{0, 0, 0, 6, 0, 0, 0, 6}));
