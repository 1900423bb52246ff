// SPDX-License-Identifier: BSL-1.0
// Networks whose state goes in and out: the same as the recurrent layer that they write out.
#define BOOST_TEST_MODULE stateful
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <type_traits>

namespace {

using namespace ctnn;
using core_support::numbers;

// h' = tanh(x W + h U + b), y = h' V + c, beside a simple_rnn with the same numbers.
using whole = network<double, input<6, 2>, simple_rnn<3>, dense<1>>;
using step = network<double, inputs<named<"x", shape<2>>, named<"h", shape<3>>>,
                     graph<node<"of_x", from<"x">, dense<3>>, node<"of_h", from<"h">, dense<3, identity, no_bias>>,
                           node<"h_next", sum<from<"of_x">, from<"of_h">>, activation<ctnn::tanh>>,
                           node<"y", from<"h_next">, dense<1>>, outputs<"h_next", "y">>>;
constexpr whole sequence = initialize<whole>(glorot_uniform{}, 5, uniform{});
constexpr step written_out = [] {
    step result{};
    get<"of_x", 0>(result).weights = get<0>(sequence).weights;
    get<"of_x", 0>(result).bias = get<0>(sequence).bias;
    get<"of_h", 0>(result).weights = get<0>(sequence).recurrent_weights;
    get<"y", 0>(result).weights = get<1>(sequence).weights;
    get<"y", 0>(result).bias = get<1>(sequence).bias;
    return result;
}();
using running = stateful<step, carry<"h", "h_next">>;
static_assert(running::inputs == 2 && running::outputs == 1 && running::state_bytes == 3 * sizeof(double));
static_assert(std::is_same_v<running::input_type, tensor<double, shape<2>>>);
static_assert(std::is_same_v<running::output_type, tensor<double, shape<1>>>);

constexpr bool is_the_sequence() {
    const auto x = numbers<double, shape<6, 2>>(2);
    const auto y = sequence(x);
    running s{written_out};
    for (int turn = 0; turn < 2; ++turn) {
        s.state = {};
        for (std::size_t t = 0; t < 6; ++t)
            if (!near(s({x(t, 0), x(t, 1)})[0], y(t, 0), 1e-14)) return false;
    }
    running in_a_block{written_out};
    tensor<double, shape<6>> outputs{};
    in_a_block.advance(x.values, outputs.values, 6);
    for (std::size_t t = 0; t < 6; ++t)
        if (!near(outputs[t], y(t, 0), 1e-14)) return false;
    return in_a_block.state == s.state;
}

// Two parts of a state, between other inputs and outputs, in another order than the network's.
using crossing =
    network<float, inputs<named<"a", shape<1>>, named<"x", shape<2>>, named<"b", shape<2>>, named<"z", shape<1>>>,
            graph<node<"b_next", sum<from<"b">, from<"x">>>, node<"sum", sum<from<"a">, from<"z">>>,
                  node<"twice", from<"x">, activation<identity>>, outputs<"sum", "twice", "b_next">>>;
constexpr crossing accumulates{};
using accumulator = stateful<crossing, carry<"b", "b_next">, carry<"a", "sum">>;
using only_one = stateful<crossing, carry<"b", "b_next">>;
static_assert(accumulator::inputs == 3 && accumulator::outputs == 2);
static_assert(only_one::inputs == 4 && only_one::outputs == 3);
constexpr bool parts_have_their_places() {
    accumulator s{accumulates};
    s.state.set<"a">({10});
    auto x = accumulator::input_type{};
    x.set<"x">({1, 2});
    x.set<"z">({0.5F});
    bool right = s(x) == accumulator::output_type{1, 2} && s(x) == accumulator::output_type{1, 2};
    right = right && s.state.get<"b">()[1] == 4 && s.state.get<"a">()[0] == 11;
    only_one t{accumulates};
    const auto y = t(only_one::input_type{{3, 1, 2, 4}});
    return right && y.get<"sum">()[0] == 7 && y.get<"twice">()[1] == 2 && t.state[1] == 2;
}

}  // namespace

BOOST_AUTO_TEST_CASE(recurrent_layer) {
    static_assert(is_the_sequence());
    BOOST_TEST(is_the_sequence());
}

BOOST_AUTO_TEST_CASE(parts) {
    static_assert(parts_have_their_places());
    BOOST_TEST(parts_have_their_places());
}
