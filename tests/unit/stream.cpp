// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE stream
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <limits>
#include <ratio>
#include <thread>

namespace {

using namespace ctnn;

template <class Net>
constexpr Net start() {
    return initialize<Net>(glorot_uniform{}, 3, uniform{});
}

// Where operations may be fused, each way may do it in its own way.
#if defined(CTNN_REPRODUCIBLE)
constexpr bool same(double one, double other) {
    return one == other;
}
#else
constexpr bool same(double one, double other) {
    return near(one, other, 1e-5);
}
#endif

/// A line, channels first, or a sequence, time first: for each step what the whole network gives for it.
template <class Net, bool InLines, bool OutLines>
constexpr bool is_the_whole() {
    using T = typename Net::value_type;
    constexpr std::size_t length = Net::input_shape::extent(InLines ? 1 : 0), width = Net::input_shape::size / length;
    constexpr std::size_t outputs = Net::output_shape::size / length;
    const auto net = start<Net>();
    const auto x = core_support::numbers<T, typename Net::input_shape>(4);
    const auto whole = net(x);
    stream s{net};
    // The second time after a reset.
    for (int turn = 0; turn < 2; ++turn) {
        s.state = {};
        for (std::size_t t = 0; t < length; ++t) {
            tensor<T, shape<width>> step{};
            for (std::size_t i = 0; i < width; ++i) step[i] = InLines ? x(i, t) : x(t, i);
            const auto y = s(step);
            for (std::size_t i = 0; i < outputs; ++i)
                if (!same(y[i], OutLines ? whole(i, t) : whole(t, i))) return false;
        }
    }
    return true;
}

template <class T>
using mixed = network<T, input<2, 7>, conv1d<3, window<3>, ctnn::tanh, causal, dilation<2>>,
                      conv1d<4, window<2>, causal, groups<1>>, batch_norm<relu>, permute<1, 0>, gru<3>, layer_norm<>,
                      dense<2, softmax>>;
template <class T>
using lines = network<T, input<4, 6>, scale<>, conv1d<4, window<2>, causal, groups<4>, no_bias>, prelu<>,
                      dropout<std::ratio<1, 2>>, conv1d<1, window<1>>>;
template <class T>
using recurrent = network<T, input<5, 2>, simple_rnn<3>, activation<gelu>, gru<2, reset_before>, lstm<3>,
                          dense<2, ctnn::tanh, no_bias>>;

template <class T>
using branched =
    network<T, input<2, 6>, concatenate<branch<>, branch<conv1d<3, window<2>, causal, dilation<3>>>>,
            residual<conv1d<5, window<3>, ctnn::tanh, causal>, residual<scale<relu>>>, permute<1, 0>,
            sum<branch<gru<2>>, branch<dense<3>, lstm<2>>, branch<dense<2>>>, concatenate<axis<1>, branch<>, branch<>>>;

constexpr bool branched_double() {
    return is_the_whole<branched<double>, true, false>();
}
constexpr bool mixed_double() {
    return is_the_whole<mixed<double>, true, false>();
}
constexpr bool mixed_float() {
    return is_the_whole<mixed<float>, true, false>();
}
constexpr bool lines_double() {
    return is_the_whole<lines<double>, true, true>();
}
constexpr bool recurrent_double() {
    return is_the_whole<recurrent<double>, false, false>();
}
constexpr bool recurrent_float() {
    return is_the_whole<recurrent<float>, false, false>();
}

/// Behind the last step come layers on vectors: after the whole sequence they give what the network gives.
using closing = network<double, input<4, 1>, gru<3>, lstm<2, last_step>, dense<3, relu>, dense<1>>;
constexpr bool last_step_is_the_whole() {
    const auto net = start<closing>();
    const auto x = core_support::numbers<double, shape<4, 1>>(5);
    stream s{net};
    double y = 0;
    for (const double number : x) y = s({number})[0];
    return same(y, net(x)[0]);
}

static_assert(stream<recurrent<float>>::state_bytes == (3 + 2 + 2 * 3) * sizeof(float));
static_assert(stream<network<double, input<3, 2>, dense<2>>>::state_bytes == 0);
static_assert(stream<network<float, input<3, 2>, residual<gru<2>>, sum<branch<>, branch<lstm<2>>>>>::state_bytes ==
              (2 + 2 * 2) * sizeof(float));
static_assert(stream<mixed<float>>::inputs == 2 && stream<mixed<float>>::outputs == 2);

}  // namespace

BOOST_AUTO_TEST_CASE(steps_are_the_whole) {
    BOTH_PHASES(branched_double);
    BOTH_PHASES(mixed_double);
    BOTH_PHASES(mixed_float);
    BOTH_PHASES(lines_double);
    BOTH_PHASES(recurrent_double);
    BOTH_PHASES(recurrent_float);
    BOTH_PHASES(last_step_is_the_whole);
}

BOOST_AUTO_TEST_CASE(two_streams_share_a_network) {
    const auto net = start<recurrent<float>>();
    const auto run = [&net](float* last) {
        stream s{net};
        for (int i = 0; i < 1000; ++i) *last = s({static_cast<float>(i % 7), 1})[0];
    };
    float alone = 0, one = 0, other = 0;
    run(&alone);
    std::thread first{run, &one}, second{run, &other};
    first.join();
    second.join();
    BOOST_TEST(one == alone);
    BOOST_TEST(other == alone);
}
