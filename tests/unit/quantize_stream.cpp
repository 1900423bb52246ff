// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_stream
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace {

using namespace ctnn;
using test_support::opaque;

template <class Net>
constexpr Net random_network(std::uint64_t seed) {
    Net net{};
    for_each_parameter(net, [&](auto, const char*, auto& member) {
        random_engine engine{++seed};
        for (auto& number : member)
            number = static_cast<std::remove_reference_t<decltype(number)>>(draw_uniform<float>(engine, -0.7f, 0.7f));
    });
    return net;
}
template <class Shape>
constexpr tensor<float, Shape> random_sample(std::uint64_t seed) {
    tensor<float, Shape> x{};
    random_engine engine{seed};
    for (float& number : x) number = draw_uniform<float>(engine, -1.5f, 1.5f);
    return x;
}
template <class Net, class Rounding, class End>
constexpr auto quantized_network(std::uint64_t seed) {
    const auto net = random_network<Net>(seed);
    tensor<float, batch_of<2, typename Net::input_shape>> samples{};
    random_engine engine{seed};
    for (float& number : samples) number = draw_uniform<float>(engine, -1.5f, 1.5f);
    return quantize<Rounding, per_channel, End>(net, calibrate(net, samples));
}

/// How many outputs of a stream, step by step, differ from those of the whole sequence: integers and real numbers. After
/// `last_step` the last alone is compared. The stream is used twice.
template <class Quantized>
constexpr std::size_t differences(const Quantized& q, std::uint64_t seed) {
    using in_shape = typename Quantized::input_shape;
    using out_shape = typename Quantized::output_shape;
    using stream_type = stream<Quantized>;
    constexpr std::size_t axis = stream_type::time_axis, length = in_shape::extent(axis);
    constexpr bool every_step = out_shape::size == length * stream_type::outputs;
    // Of element i of step t, in a tensor with time first or last.
    constexpr auto place = [](std::size_t t, std::size_t i, std::size_t step, std::size_t along, std::size_t count) {
        return along == 0 ? t * step + i : i * count + t;
    };
    const std::size_t out_axis = out_shape::rank < 2 || out_shape::extent(0) == length ? 0 : 1;
    const auto x = random_sample<in_shape>(seed);
    const auto integers = q.quantize_input(x);
    const auto whole = q(integers);
    const auto real_whole = q(x);
    std::size_t result = 0;
    stream_type s{q}, real{q};
    for (int round = 0; round < 2; ++round) {
        for (std::size_t t = 0; t < length; ++t) {
            tensor<std::int8_t, shape<stream_type::inputs>> step{};
            tensor<float, shape<stream_type::inputs>> real_step{};
            for (std::size_t i = 0; i < stream_type::inputs; ++i) {
                step[i] = integers[place(t, i, stream_type::inputs, axis, length)];
                real_step[i] = x[place(t, i, stream_type::inputs, axis, length)];
            }
            const auto y = s(step);
            const auto real_y = real(real_step);
            if (!every_step && t + 1 < length) continue;
            for (std::size_t i = 0; i < stream_type::outputs; ++i) {
                const std::size_t at = every_step ? place(t, i, stream_type::outputs, out_axis, length) : i;
                if (y[i] != whole[at]) ++result;
                if (real_y[i] != real_whole[at]) ++result;
            }
        }
        if (!(s.state == real.state)) ++result;
        s.state = {};
        real.state = {};
    }
    return result;
}

using listener = network<float, input<9, 3>, lstm<5>, dense<4, relu>, dense<2>>;
using classifier =
    network<float, input<9, 3>, dense<4, sigmoid>, lstm<5>, lstm<4, last_step>, dense<6, relu>, dense<3, softmax>>;
using filter = network<float, input<2, 11>, conv1d<4, window<3>, causal, ctnn::dilation<2>, relu>,
                       conv1d<4, window<2>, causal, ctnn::groups<2>, ctnn::tanh>, conv1d<3, window<1>>>;
using windows = network<float, input<2, 11>, conv1d<4, window<3>, causal>, permute<1, 0>, activation<leaky_relu>,
                        lstm<5>, dense<2, softmax>>;
using gated = network<float, input<9, 3>, gru<4>, gru<3, reset_before>, dense<2>>;
using branched = network<float, input<2, 11>, conv1d<4, window<1>, ctnn::relu>,
                         residual<conv1d<4, window<3>, causal, ctnn::dilation<2>, ctnn::relu>, conv1d<4, window<1>>>,
                         concatenate<branch<conv1d<2, window<2>, causal>>, branch<>, branch<activation<ctnn::tanh>>>,
                         permute<1, 0>, sum<branch<lstm<3>>, branch<gru<3>>, branch<dense<3>>>, dense<2>>;
using in_float = network<float, input<7, 3>, simple_rnn<4>, dropout<std::ratio<1, 4>>, gru<3, softsign>, dense<2>>;

template <class Net>
void check() {
    BOOST_TEST(differences(quantized_network<Net, rounding::twice, ends_in_sums>(1), 2) == 0u);
    BOOST_TEST(differences(quantized_network<Net, rounding::once, ends_in_integers>(3), 4) == 0u);
    BOOST_TEST(differences(quantized_network<Net, rounding::half_even, ends_in_integers>(5), 6) == 0u);
}

BOOST_AUTO_TEST_CASE(streams_have_the_integers_of_the_whole_sequence) {
    check<listener>();
    check<classifier>();
    check<filter>();
    check<windows>();
    check<gated>();
    check<branched>();
}

#if defined(CTNN_REPRODUCIBLE)
// A step of real numbers may be contracted in another way than a sequence.
BOOST_AUTO_TEST_CASE(layers_that_run_in_float_do_so_in_streams) {
    check<in_float>();
}
#endif

constexpr auto small =
    quantized_network<network<float, input<4, 2>, lstm<3>, dense<2>>, rounding::twice, ends_in_sums>(7);
static_assert(differences(small, 8) == 0);

BOOST_AUTO_TEST_CASE(a_stream_is_constant_too) {
    BOOST_TEST(differences(opaque(small), 8) == 0u);
    // Three hidden integers, a byte of padding, three cells.
    static_assert(stream<std::remove_const_t<decltype(small)>>::state_bytes == 10);
    constexpr float answer = [] {
        stream s{small};
        s({0.5f, -1});
        return s({0.25f, 1})[1];
    }();
    stream s{small};
    s({opaque(0.5f), -1});
    BOOST_TEST(s({0.25f, 1})[1] == answer);
    float rows[]{0.5f, -1, 0.25f, 1}, out[4]{};
    s.state = {};
    s.advance(static_cast<const float*>(rows), static_cast<float*>(out), 2);
    BOOST_TEST(out[3] == answer);
}

}  // namespace
