// SPDX-License-Identifier: BSL-1.0
// Graphs, and networks with several inputs and outputs. Derivatives and phases are in laws/layers_graph.cpp.
#define BOOST_TEST_MODULE graph
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "laws/streaming.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <ratio>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using namespace ctnn;
using core_support::numbers;

template <class Net>
constexpr Net start(std::uint64_t seed = 3) {
    return initialize<Net>(glorot_uniform{}, seed, uniform{});
}

// --- The same function as a nest and as a graph

using nest = network<double, input<3>, dense<5, relu>,
                     sum<branch<dense<4, ctnn::tanh>, dense<2>>, branch<dense<2, sigmoid>>>, dense<2, softmax>>;
using flat =
    network<double, input<3>, dense<5, relu>,
            graph<node<"a", from<"input">, dense<4, ctnn::tanh>, dense<2>>, node<"b", from<"input">, dense<2, sigmoid>>,
                  node<"y", sum<from<"a">, from<"b">>, dense<2, softmax>>>>;
constexpr flat flat_of(const nest& net) {
    flat result{};
    get<0>(result) = get<0>(net);
    get<"a", 0>(result) = get<1, 0, 0>(net);
    get<"a", 1>(result) = get<1, 0, 1>(net);
    get<"b", 0>(result) = get<1, 1, 0>(net);
    get<1, 2, 0>(result) = get<2>(net);
    return result;
}
constexpr bool same_as_a_nest() {
    const auto one = start<nest>();
    const auto other = flat_of(one);
    const auto x = numbers<double, shape<4, 3>>(5);
    return one(x) == other(x);
}
static_assert(flat::parameter_count == nest::parameter_count);
static_assert(flat::multiply_accumulates == nest::multiply_accumulates);
static_assert(sizeof(flat) == flat::parameter_bytes);

// --- Names

using two_headed = network<float, inputs<named<"state", shape<2, 2>>, named<"goal", shape<2>>>,
                           graph<node<"seen", from<"state">, flatten, dense<4, ctnn::tanh>>,
                                 node<"both", concatenate<from<"seen">, from<"goal">>, dense<5, relu>>,
                                 node<"policy", from<"both">, dense<3, softmax>>, node<"value", from<"both">, dense<1>>,
                                 outputs<"policy", "value">>>;
constexpr tensor<float, shape<2, 2>> state{1, -1, 2, 0.5f};
constexpr tensor<float, shape<2>> goal{0.25f, -2};

constexpr bool has_names() {
    const auto net = start<two_headed>();
    const auto y = net(state, goal);
    two_headed::input_type x{};
    x.set<"goal">(goal);
    x.set<0>(state);
    const auto [policy, value] = net(x);
    const auto batch = net(numbers<float, shape<3, 6>>(4));
    tensor<float, shape<6>> second{};
    for (std::size_t i = 0; i < 6; ++i) second[i] = numbers<float, shape<3, 6>>(4)(1, i);
    const auto alone = net(second);
    bool same = y == net(x) && y.get<"policy">() == policy && y.get<1>() == value && value[0] == y[3] &&
                x.get<"state">() == state && x.get<1>() == goal;
    for (std::size_t i = 0; i < 4; ++i) same = same && batch(1, i) == alone[i];
    return same;
}
static_assert(std::is_same_v<two_headed::input_shape, shape<6>>);
static_assert(std::is_same_v<two_headed::output_shape, shape<4>>);
static_assert(std::tuple_size_v<two_headed::output_type> == 2);
static_assert(
    std::is_same_v<decltype(std::declval<const two_headed&>()(state, goal).get<"policy">()), tensor<float, shape<3>>>);

constexpr bool parameters_are_named_after_nodes() {
    constexpr std::string_view wanted[]{"seen.1.weights",   "seen.1.bias",   "both.0.weights",  "both.0.bias",
                                        "policy.0.weights", "policy.0.bias", "value.0.weights", "value.0.bias"};
    std::size_t next = 0;
    bool same = true;
    const two_headed net{};
    for_each_parameter(net, [&](auto layer, const char* name, const auto&) {
        same = same && layer() == 0 && next < 8 && wanted[next] == name;
        ++next;
    });
    return same && next == 8;
}

// --- Losses

using both_losses = losses<cross_entropy, mean_squared_error>;

constexpr bool losses_are_weighted_sums() {
    const auto net = start<two_headed>();
    const auto x = numbers<float, shape<4, 6>>(7);
    constexpr tensor<float, shape<4, 3>> policies{1, 0, 0, 0, 1, 0, 0.5f, 0, 0.5f, 0, 0, 1};
    constexpr tensor<float, shape<4, 1>> values{1, -1, 0.5f, 0};
    const auto t = join(policies, values);
    const float all = evaluate(net, x, t, both_losses{{2, 0.5}});
    // The same heads as networks of one output each.
    using one_head = network<float, input<6>,
                             graph<node<"state", from<"input">, slice<axis<0>, 0, 4>, reshape<2, 2>>,
                                   node<"goal", from<"input">, slice<axis<0>, 4, 2>>,
                                   node<"seen", from<"state">, flatten, dense<4, ctnn::tanh>>,
                                   node<"both", concatenate<from<"seen">, from<"goal">>, dense<5, relu>>,
                                   node<"policy", from<"both">, dense<3, softmax>>>>;
    one_head policy{};
    get<"seen", 1>(policy) = get<"seen", 1>(net);
    get<"both", 0>(policy) = get<"both", 0>(net);
    get<"policy", 0>(policy) = get<"policy", 0>(net);
    float squares = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        tensor<float, shape<6>> row{};
        for (std::size_t k = 0; k < 6; ++k) row[k] = x(i, k);
        const float error = net(row).get<"value">()[0] - values(i, 0);
        squares += error * error;
    }
    const float wanted = 2 * evaluate<cross_entropy>(policy, x, policies) + 0.5f * squares / 4;
    return near(all, wanted, 1e-5f);
}

constexpr auto trained(std::size_t epochs) {
    const tensor<float, shape<4, 2, 2>> states{numbers<float, shape<4, 2, 2>>(1)};
    const tensor<float, shape<4, 2>> goals{numbers<float, shape<4, 2>>(2)};
    constexpr tensor<float, shape<4, 3>> policies{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};
    constexpr tensor<float, shape<4, 1>> values{1, -1, 0.5f, 0};
    return fit<both_losses, 3>(start<two_headed>(), join(states, goals), join(policies, values),
                               adam{.learning_rate = 0.05}, {.epochs = epochs}, no_callback{}, both_losses{{1, 0.5}});
}

// --- Folding

using normalised = network<double, input<3>,
                           graph<node<"a", from<"input">, dense<4>, batch_norm<relu>>,
                                 node<"b", from<"a">, dropout<std::ratio<1, 4>>>, node<"c", from<"b">, batch_norm<>>,
                                 node<"y", concatenate<from<"b">, from<"c">>, dense<2>, batch_norm<>>, outputs<"y">>>;
using wanted_folded =
    network<double, input<3>,
            graph<node<"a", from<"input">, dense<4, relu>>, node<"b", from<"a">>, node<"c", from<"b">, scale<>>,
                  node<"y", concatenate<from<"b">, from<"c">>, dense<2>>, outputs<"y">>>;
static_assert(std::is_same_v<folded<normalised>, wanted_folded>);
constexpr bool folds() {
    auto net = start<normalised>();
    get<"a", 1>(net).running_variance = {2, 0.5, 1, 3};
    get<"c", 0>(net).running_mean = {1, -1, 0.25, 0};
    const auto x = numbers<double, shape<3>>(2);
    return near(net(x), fold(net)(x), 1e-12);
}

// --- Streams

using filter = network<
    double, input<2, 7>,
    graph<node<"c0", from<"input">, conv1d<2, window<2>, ctnn::tanh, causal>>,
          node<"g0", from<"input">, conv1d<2, window<2>, sigmoid, causal>>,
          node<"h0", product<from<"c0">, from<"g0">>, conv1d<2, window<1>>>, node<"r0", sum<from<"input">, from<"h0">>>,
          node<"c1", from<"r0">, conv1d<2, window<2>, ctnn::tanh, causal, dilation<2>>>,
          node<"rows", from<"c1">, permute<1, 0>, gru<3>, permute<1, 0>>,
          node<"wide", concatenate<from<"rows">, from<"c1">>>,
          node<"skip", sum<from<"h0">, from<"c1">, from<"h0">>, activation<gelu>, conv1d<5, window<1>>>,
          node<"y", sum<from<"wide">, from<"skip">>, activation<ctnn::tanh>>>>;
/// Two signals in, and two out, one of them an input.
using two_signals =
    network<double, inputs<named<"left", shape<2, 4>>, named<"right", shape<1, 4>>>,
            graph<node<"mixed", concatenate<from<"left">, from<"right">>, conv1d<2, window<3>, ctnn::tanh, causal>>,
                  node<"y", from<"mixed">, conv1d<1, window<1>>>, outputs<"y", "mixed", "right">>>;
constexpr bool streams_alike() {
    const auto net = start<two_signals>();
    const auto left = numbers<double, shape<2, 4>>(1);
    const auto right = numbers<double, shape<1, 4>>(2);
    const auto [y, mixed, again] = net(left, right);
    stream<two_signals> s{net};
    for (std::size_t t = 0; t < 4; ++t) {
        const auto step = s({left(0, t), left(1, t), right(0, t)});
        if (!laws::same_in_stream(step[0], y(0, t)) || !laws::same_in_stream(step[1], mixed(0, t)) ||
            !laws::same_in_stream(step[2], mixed(1, t)) || step[3] != again(0, t))
            return false;
    }
    return true;
}
static_assert(stream<two_signals>::inputs == 3 && stream<two_signals>::outputs == 4);

// --- Memory

template <class Net>
using memory_of = typename layer_t<0, Net>::template inference<1>;

using u_shaped =
    network<float, input<1, 16, 16>,
            graph<node<"d0", from<"input">, conv2d<4, window<3>, relu, same>>,
                  node<"d1", from<"d0">, max_pool2d<window<2>>, conv2d<8, window<3>, ctnn::tanh, same>>,
                  node<"d2", from<"d1">, max_pool2d<window<2>>, conv2d<8, window<3>, ctnn::tanh, same>, upsample<2, 2>>,
                  node<"u1", concatenate<from<"d1">, from<"d2">>, conv2d<4, window<3>, relu, same>, upsample<2, 2>>,
                  node<"y", concatenate<from<"u1">, from<"d0">, from<"input">>, conv2d<1, window<1>>>>>;

/// Values in a chain of nodes share memory: two of 4 at a time, whatever the number of nodes.
using long_chain =
    network<float, input<4>,
            graph<node<"a", from<"input">, dense<4>>, node<"b", from<"a">, dense<4>>, node<"c", from<"b">, dense<4>>,
                  node<"d", from<"c">, dense<4>>, node<"y", from<"d">, dense<4>>>>;
static_assert(memory_of<long_chain>::plan.size == 8);

/// No two buffers that are needed in one step overlap, and the plan is within 10% of the largest cut.
template <class Net>
constexpr bool is_planned() {
    using memory = memory_of<Net>;
    constexpr auto& buffers = memory::needed.all;
    for (std::size_t i = 0; i < memory::count; ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (detail::needed_together(buffers[i], buffers[k]) &&
                memory::plan.place[i] < memory::plan.place[k] + buffers[k].size &&
                memory::plan.place[k] < memory::plan.place[i] + buffers[i].size)
                return false;
    return 10 * memory::plan.size <= 11 * memory::largest_cut;
}
static_assert(is_planned<u_shaped>() && is_planned<filter>() && is_planned<long_chain>() && is_planned<two_headed>());

}  // namespace

BOOST_AUTO_TEST_CASE(a_graph_computes_what_a_nest_does) {
    static_assert(same_as_a_nest());
    BOOST_TEST(same_as_a_nest());
}

BOOST_AUTO_TEST_CASE(inputs_and_outputs_have_names) {
    static_assert(has_names() && parameters_are_named_after_nodes());
    BOOST_TEST(has_names());
    BOOST_TEST(parameters_are_named_after_nodes());
}

BOOST_AUTO_TEST_CASE(a_loss_for_each_output) {
    static_assert(losses_are_weighted_sums());
    BOOST_TEST(losses_are_weighted_sums());
}

BOOST_AUTO_TEST_CASE(several_outputs_are_trained_in_both_phases) {
    constexpr auto few = trained(2);
    const auto same = trained(2), many = trained(300);
#if defined(CTNN_REPRODUCIBLE)
    BOOST_TEST((static_cast<const two_headed&>(few) == static_cast<const two_headed&>(same)));
#endif
    BOOST_TEST(few.history.loss[1] == same.history.loss[1], boost::test_tools::tolerance(1e-4f));
    BOOST_TEST(many.history.loss[299] < 0.02 * many.history.loss[0]);
}

BOOST_AUTO_TEST_CASE(nodes_are_folded) {
    static_assert(folds());
    BOOST_TEST(folds());
}

BOOST_AUTO_TEST_CASE(a_graph_runs_step_by_step) {
    static_assert(laws::stream_is_the_whole<filter, true, true>(start<filter>()));
    BOOST_TEST((laws::stream_is_the_whole<filter, true, true>(start<filter>())));
    static_assert(streams_alike());
    BOOST_TEST(streams_alike());
}

BOOST_AUTO_TEST_CASE(other_value_types) {
    const auto net = start<flat>();
    const auto small = convert<float>(net);
    BOOST_TEST(near(small({1, 2, 3})[0], static_cast<float>(net({1, 2, 3})[0]), 1e-6f));
}
