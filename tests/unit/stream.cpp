// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE stream
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "laws/streaming.hpp"

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

template <class Net, bool InLines, bool OutLines>
constexpr bool whole() {
    return laws::stream_is_the_whole<Net, InLines, OutLines>(start<Net>());
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
using branched = network<T, input<2, 6>, concatenate<branch<>, branch<conv1d<3, window<2>, causal, dilation<3>>>>,
                         residual<conv1d<5, window<3>, ctnn::tanh, causal>, residual<scale<relu>>>, permute<1, 0>,
                         sum<branch<gru<2>>, branch<dense<3>, lstm<2>>, branch<dense<2>>>,
                         product<branch<dense<2, sigmoid>>, branch<>, branch<simple_rnn<2>>>,
                         concatenate<axis<1>, branch<>, branch<>>>;

/// Streams begin with the initial state, and begin with it again after a reset.
template <class T>
using begun = network<T, input<5, 2>, simple_rnn<3, initial_state>, gru<2, reset_before, initial_state>,
                      residual<lstm<2, initial_state>>, gru<4, initial_state>,
                      lstm<4, softsign, gate_activation<hard_sigmoid>, cell_activation<relu>>,
                      gru<4, elu, gate_activation<clipped<sigmoid, std::ratio<1, 2>>>>>;
constexpr bool begun_double() {
    return whole<begun<double>, false, false>();
}
constexpr bool begun_float() {
    return whole<begun<float>, false, false>();
}
/// Its default is zeros, and a stream of a network without begins with the state that it is given.
constexpr bool given_states() {
    const auto plain = start<network<double, input<3, 1>, lstm<2>>>();
    network<double, input<3, 1>, lstm<2, initial_state>> same{};
    get<0>(same).weights = get<0>(plain).weights;
    get<0>(same).recurrent_weights = get<0>(plain).recurrent_weights;
    get<0>(same).bias = get<0>(plain).bias;
    if (same({1, 2, 3}) != plain({1, 2, 3})) return false;
    get<0>(same).initial_state = {0.5, -0.25, 2, 1};
    stream given{plain};
    stream own{same};
    given.state = {0.5, -0.25, 2, 1};
    return given({1}) == own({1}) && given({2}) == own({2}) && own.state != decltype(own.state){};
}

constexpr bool branched_double() {
    return whole<branched<double>, true, false>();
}
constexpr bool mixed_double() {
    return whole<mixed<double>, true, false>();
}
constexpr bool mixed_float() {
    return whole<mixed<float>, true, false>();
}
constexpr bool lines_double() {
    return whole<lines<double>, true, true>();
}
constexpr bool recurrent_double() {
    return whole<recurrent<double>, false, false>();
}
constexpr bool recurrent_float() {
    return whole<recurrent<float>, false, false>();
}

/// After last_step come layers on vectors: after the entire sequence their outputs are those of the network.
using closing = network<double, input<4, 1>, gru<3>, lstm<2, last_step>, dense<3, relu>, dense<1>>;
constexpr bool last_step_is_the_whole() {
    const auto net = start<closing>();
    const auto x = core_support::numbers<double, shape<4, 1>>(5);
    stream s{net};
    double y = 0;
    for (const double number : x) y = s({number})[0];
    return laws::same_in_stream(y, net(x)[0]);
}

/// Which dimension is time is inferred through permutations.
using turned = network<double, input<6, 2>, permute<1, 0>, conv1d<3, window<2>, causal>, permute<1, 0>, gru<2>>;
using turned_inside =
    network<double, input<6, 2>, residual<permute<1, 0>, conv1d<2, window<3>, causal>, permute<1, 0>>, lstm<2>>;
using turned_first = network<double, input<2, 6>, dropout<std::ratio<1, 2>>, permute<1, 0>, gru<4>>;
constexpr bool permuted() {
    return whole<turned, false, false>() && whole<turned_inside, false, false>() && whole<turned_first, true, false>();
}

/// Some of the features of a step, in a sequence and in 1-D signals.
using parted = network<double, input<5, 4>, slice<axis<1>, 1, 3>, gru<3>,
                       layer_norm<ctnn::tanh, epsilon<std::ratio<1, 100>>, no_affine>, slice<axis<1>, 0, 2>>;
using parted_lines =
    network<double, input<4, 5>, conv1d<3, window<2>, causal>, slice<axis<0>, 1, 2>, residual<slice<axis<0>, 0, 2>>>;
constexpr bool sliced() {
    return whole<parted, false, false>() && whole<parted_lines, true, true>();
}
static_assert(stream<parted>::outputs == 2 && stream<parted>::state_bytes == 3 * sizeof(double));

/// One symbol per step.
using spelling = network<double, input<5>, embedding<4, 3>, gru<2>, dense<4, softmax>>;
constexpr bool symbols_are_the_whole() {
    const auto net = start<spelling>();
    const tensor<double, shape<5>> x{3, 0, 0, 2, 1};
    const auto whole = net(x);
    stream s{net};
    for (std::size_t t = 0; t < 5; ++t) {
        const auto y = s({x[t]});
        for (std::size_t i = 0; i < 4; ++i)
            if (!laws::same_in_stream(y[i], whole(t, i))) return false;
    }
    return true;
}
static_assert(stream<spelling>::inputs == 1 && stream<spelling>::state_bytes == 2 * sizeof(double));

static_assert(stream<recurrent<float>>::state_bytes == (3 + 2 + 2 * 3) * sizeof(float));
static_assert(stream<network<double, input<3, 2>, dense<2>>>::state_bytes == 0);
static_assert(stream<network<float, input<3, 2>, residual<gru<2>>, sum<branch<>, branch<lstm<2>>>>>::state_bytes ==
              (2 + 2 * 2) * sizeof(float));
static_assert(stream<mixed<float>>::inputs == 2 && stream<mixed<float>>::outputs == 2);

/// A network without biases whose state decays slowly: its weights are small, and those from a unit to itself 0.9.
template <class Net>
constexpr Net fading() {
    Net net{};
    for_each_tensor(
        []<class T, class Shape>(tensor<T, Shape>& values) {
            constexpr std::size_t columns = Shape::last, rows = Shape::size / columns;
            if constexpr (Shape::rank > 1)
                for (std::size_t i = 0; i < rows; ++i)
                    for (std::size_t k = 0; k < columns; ++k)
                        values[i * columns + k] = rows > 1 && k % rows == i ? T(0.9) : T(0.001);
        },
        net);
    return net;
}

template <class T>
constexpr bool is_subnormal(T number) {
    return number != 0 && number < std::numeric_limits<T>::min() && number > -std::numeric_limits<T>::min();
}

/// The result of steps with zero inputs from a tiny state: how many elements were subnormal, summed over the steps, and
/// how many are not zero at the end.
struct rest {
    int subnormal = 0, nonzero = 0;
    friend constexpr bool operator==(const rest&, const rest&) = default;
};
template <class Net>
constexpr rest of_silence(double start, int steps) {
    using T = typename Net::value_type;
    const Net net = fading<Net>();
    stream s{net};
    for (T& number : s.state.values) number = static_cast<T>(start);
    rest result;
    for (int i = 0; i < steps; ++i) {
        const T x[stream<Net>::inputs]{};
        T y[stream<Net>::outputs]{};
        s.advance(x, y);
        for (const T number : s.state.values) result.subnormal += is_subnormal(number);
        for (const T number : y) result.subnormal += is_subnormal(number);
    }
    for (const T number : s.state.values) result.nonzero += number != 0;
    return result;
}
template <class T, class Layer>
using in_silence = network<T, input<2, 1>, Layer>;

/// Decaying by a factor of 0.9 or less per step, these states would become subnormal and remain so.
template <class T, class Layer>
constexpr bool state_ends_at_zero() {
    return of_silence<in_silence<T, Layer>>(sizeof(T) == 4 ? 1e-27 : -1e-297, 120) == rest{};
}

/// Larger states are unaffected, to the bit: the integrator multiplies them by 0.9.
constexpr bool normal_states_are_untouched() {
    const auto step = [](auto start) {
        using T = decltype(start);
        using net_type = network<T, input<2, 1>, simple_rnn<1, identity>>;
        net_type net{};
        get<0>(net).recurrent_weights = {T(0.9)};
        stream s{net};
        s.state.values[0] = start;
        return s({T{0}})[0] == T(0.9) * start;
    };
    return step(0.7f) && step(-3e-5f) && step(2e-15f) && step(1e30f) && step(0.7) && step(-1e-260) && step(1e-28f) && step(-1e-297);
}

}  // namespace

BOOST_AUTO_TEST_CASE(steps_are_the_whole) {
    BOTH_PHASES(branched_double);
    BOTH_PHASES(mixed_double);
    BOTH_PHASES(mixed_float);
    BOTH_PHASES(lines_double);
    BOTH_PHASES(recurrent_double);
    BOTH_PHASES(recurrent_float);
    BOTH_PHASES(begun_double);
    BOTH_PHASES(begun_float);
    BOTH_PHASES(given_states);
    BOTH_PHASES(permuted);
    BOTH_PHASES(sliced);
    BOTH_PHASES(symbols_are_the_whole);
    BOTH_PHASES(last_step_is_the_whole);
}

BOOST_AUTO_TEST_CASE(silence) {
    BOTH_PHASES((state_ends_at_zero<float, simple_rnn<2, identity>>));
    BOTH_PHASES((state_ends_at_zero<float, simple_rnn<2>>));
    BOTH_PHASES((state_ends_at_zero<float, lstm<2>>));
    BOTH_PHASES((state_ends_at_zero<float, gru<2>>));
    BOTH_PHASES((state_ends_at_zero<float, gru<2, reset_before>>));
    BOTH_PHASES((state_ends_at_zero<double, simple_rnn<2, identity>>));
    BOTH_PHASES((state_ends_at_zero<double, lstm<2>>));
    BOTH_PHASES((state_ends_at_zero<double, gru<2>>));
    BOTH_PHASES(normal_states_are_untouched);
#if !defined(CTNN_TEST_SANITIZED)
    // Layers wide enough for registers, from a normal state to zero.
    BOOST_TEST((of_silence<in_silence<float, lstm<32>>>(0.5, 20000) == rest{}));
    BOOST_TEST((of_silence<in_silence<float, gru<16>>>(0.5, 20000) == rest{}));
    BOOST_TEST((of_silence<in_silence<double, gru<16>>>(0.5, 60000) == rest{}));
    BOOST_TEST((of_silence<in_silence<float, gru<16, reset_before>>>(0.5, 20000) == rest{}));
    BOOST_TEST((of_silence<in_silence<float, simple_rnn<16>>>(0.5, 20000) == rest{}));
    BOOST_TEST((of_silence<in_silence<double, lstm<12>>>(0.5, 60000) == rest{}));
#endif
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
