// SPDX-License-Identifier: BSL-1.0
// WaveNets: the graph that their arrays stand for, and its function. Derivatives are those of graphs.
#define BOOST_TEST_MODULE wavenet
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "laws/streaming.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace {

using namespace ctnn;
using core_support::numbers;

// --- The graph of two arrays of one layer, the second gated

using short_net = network<double, input<1, 8>,
                          wavenet<wavenet_array<2, window<3>, dilations<2>, conv1d<3, window<1>, no_bias>>,
                                  wavenet_array<3, window<2>, dilations<1>, conv1d<1, window<1>>, gated, softsign>>>;
using written_out = network<
    double, input<1, 8>,
    graph<node<"rechannel_0", from<"input">, conv1d<2, window<1>, no_bias>>,
          node<"conv_0_0", from<"rechannel_0">, conv1d<2, window<3>, causal, dilation<2>>>,
          node<"mixin_0_0", from<"input">, conv1d<2, window<1>, no_bias>>,
          node<"active_0_0", sum<from<"conv_0_0">, from<"mixin_0_0">>, activation<ctnn::tanh>>,
          node<"skip_0_0", from<"active_0_0">>, node<"one_by_one_0_0", from<"active_0_0">, conv1d<2, window<1>>>,
          node<"residual_0_0", sum<from<"rechannel_0">, from<"one_by_one_0_0">>>,
          node<"head_0", from<"skip_0_0">, conv1d<3, window<1>, no_bias>>,
          node<"rechannel_1", from<"residual_0_0">, conv1d<3, window<1>, no_bias>>,
          node<"conv_1_0", from<"rechannel_1">, conv1d<6, window<2>, causal, dilation<1>>>,
          node<"mixin_1_0", from<"input">, conv1d<6, window<1>, no_bias>>,
          node<"both_1_0", sum<from<"conv_1_0">, from<"mixin_1_0">>>,
          node<"signal_1_0", from<"both_1_0">, slice<axis<0>, 0, 3>, activation<softsign>>,
          node<"gate_1_0", from<"both_1_0">, slice<axis<0>, 3, 3>, activation<sigmoid>>,
          node<"active_1_0", product<from<"signal_1_0">, from<"gate_1_0">>>,
          node<"skip_1_0", sum<from<"head_0">, from<"active_1_0">>>,
          node<"head_1", from<"skip_1_0">, conv1d<1, window<1>>>>>;
static_assert(std::is_same_v<short_net::chain_type, written_out::chain_type>);

// --- Its function, by loops

using deep_net = network<double, input<1, 20>,
                         wavenet<wavenet_array<4, window<3>, dilations<1, 2, 4>, conv1d<2, window<1>, no_bias>>,
                                 wavenet_array<2, window<2>, dilations<3, 1>, conv1d<1, window<3>, causal>>>>;

/// y(f, t) = the sum of weights(k, c, f) x(c, t - dilation (window - 1 - k)), with zeros before the start.
template <class Weights, class In, class Out>
constexpr void add_convolution(const Weights& weights, const In& x, Out& y, std::size_t dilation) {
    constexpr std::size_t window = Weights::shape_type::extent(0);
    for (std::size_t f = 0; f < Out::shape_type::extent(0); ++f)
        for (std::size_t t = 0; t < 20; ++t)
            for (std::size_t k = 0; k < window; ++k)
                for (std::size_t c = 0; c < In::shape_type::extent(0); ++c)
                    if (const std::size_t back = dilation * (window - 1 - k); back <= t)
                        y(f, t) += weights(k, c, f) * x(c, t - back);
}
template <class Bias, class Out>
constexpr void add_bias(const Bias& bias, Out& y) {
    for (std::size_t f = 0; f < Out::shape_type::extent(0); ++f)
        for (std::size_t t = 0; t < 20; ++t) y(f, t) += bias[f];
}
/// One layer of `Channels`: changes r and adds its activations to s.
template <std::size_t Array, std::size_t Layer, std::size_t Dilation, bool IsLast, class Signals, class Rows>
constexpr void add_layer(const deep_net& net, const Signals& x, Rows& r, Rows& s) {
    using value = detail::wavenet_values<Array, Layer>;
    Rows a{};
    add_bias(get<value::conv, 0>(net).bias, a);
    add_convolution(get<value::conv, 0>(net).weights, r, a, Dilation);
    add_convolution(get<value::mixin, 0>(net).weights, x, a, 1);
    for (double& element : a.values) element = math::tanh(element);
    for (std::size_t i = 0; i < Rows::size(); ++i) s[i] += a[i];
    if constexpr (!IsLast) {
        add_bias(get<value::one_by_one, 0>(net).bias, r);
        add_convolution(get<value::one_by_one, 0>(net).weights, a, r, 1);
    }
}
constexpr tensor<double, shape<1, 20>> by_loops(const deep_net& net, const tensor<double, shape<1, 20>>& x) {
    tensor<double, shape<4, 20>> r{}, s{};
    add_convolution(get<"rechannel_0", 0>(net).weights, x, r, 1);
    add_layer<0, 0, 1, false>(net, x, r, s);
    add_layer<0, 1, 2, false>(net, x, r, s);
    add_layer<0, 2, 4, false>(net, x, r, s);
    tensor<double, shape<2, 20>> next_r{}, next_s{};
    add_convolution(get<"head_0", 0>(net).weights, s, next_s, 1);
    add_convolution(get<"rechannel_1", 0>(net).weights, r, next_r, 1);
    add_layer<1, 0, 3, false>(net, x, next_r, next_s);
    add_layer<1, 1, 1, true>(net, x, next_r, next_s);
    tensor<double, shape<1, 20>> y{};
    add_bias(get<"head_1", 0>(net).bias, y);
    add_convolution(get<"head_1", 0>(net).weights, next_s, y, 1);
    return y;
}
constexpr bool is_its_function() {
    const auto net = initialize<deep_net>(glorot_uniform{}, 4, uniform{});
    const auto x = numbers<double, shape<1, 20>>(7);
    const auto y = net(x), z = by_loops(net, x);
    for (std::size_t t = 0; t < 20; ++t)
        if (!near(y[t], z[t], 1e-12)) return false;
    return y[19] != y[0];
}

// A file of Neural Amp Modeler has 13802 weights: also the scale of the head, and a 1x1 convolution after the last layer.
using ten = dilations<1, 2, 4, 8, 16, 32, 64, 128, 256, 512>;
using nam_sized = network<float, input<1, 1>,
                          wavenet<wavenet_array<16, window<3>, ten, conv1d<8, window<1>, no_bias>>,
                                  wavenet_array<8, window<3>, ten, conv1d<1, window<1>>>>>;
static_assert(nam_sized::parameter_count == 13802 - 1 - (8 * 8 + 8));
static_assert(stream<nam_sized>::state_bytes >= 4 * 1023 * 2 * (16 + 8));

}  // namespace

BOOST_AUTO_TEST_CASE(function) {
    static_assert(is_its_function());
    BOOST_TEST(is_its_function());
}

BOOST_AUTO_TEST_CASE(streams) {
    static_assert(laws::stream_is_the_whole<short_net, true, true>(initialize<short_net>(glorot_uniform{}, 2)));
    BOOST_TEST((laws::stream_is_the_whole<deep_net, true, true>(initialize<deep_net>(glorot_uniform{}, 2, uniform{}))));
}

BOOST_AUTO_TEST_CASE(names_have_numbers) {
    static_assert(std::string_view(detail::numbered<detail::wavenet_part::conv, 0, 10>.text) == "conv_0_10");
    static_assert(std::string_view(detail::numbered<detail::wavenet_part::head, 123>.text) == "head_123");
    static_assert(sizeof(detail::numbered<detail::wavenet_part::conv, 0, 10>) == sizeof("conv_0_10"));
    const auto net = initialize<short_net>(glorot_uniform{}, 2);
    BOOST_TEST((&get<"conv_0_0", 0>(net).weights == &get<0, 1, 0>(net).weights));
}
