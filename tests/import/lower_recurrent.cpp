// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_lower_recurrent
#include "lower_support.hpp"

// RNN, GRU and LSTM.

using namespace lower_test;

namespace {

constexpr std::int64_t length = 5, features = 3, units = 4;

struct layer {
    std::string op, direction = "forward";
    bool biased = true, batch_first = false;
    attributes others = {};
    std::int64_t batch = 1;

    std::vector<std::string> in(model& m, const std::vector<std::string>& more = {}) const {
        const std::int64_t gates = op == "RNN"   ? 1
                                   : op == "GRU" ? 3
                                                 : 4,
                           directions = direction == "bidirectional" ? 2 : 1;
        std::vector<std::string> inputs{
            m.input(batch_first ? extents{batch, length, features} : extents{length, batch, features}),
            m.random({directions, gates * units, features}), m.random({directions, gates * units, units})};
        if (biased || !more.empty()) inputs.push_back(biased ? m.random({directions, 2 * gates * units}) : "");
        inputs.insert(inputs.end(), more.begin(), more.end());
        attributes with = others;
        with["hidden_size"] = units;
        with["direction"] = direction;
        if (batch_first) with["layout"] = std::int64_t{1};
        return m.nodes(op, inputs, op == "LSTM" ? 3 : 2, with);
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(all_kinds_and_directions) {
    for (const std::string op : {"RNN", "GRU", "LSTM"})
        for (const std::string direction : {"forward", "reverse", "bidirectional"})
            for (const bool biased : {true, false})
                for (const bool batch_first : {true, false})
                    for (const std::size_t output : {0u, 1u})
                        for (const std::int64_t linear : {0, 1}) {
                            if (op != "GRU" && linear != 0) continue;
                            model m(14);
                            layer one{op, direction, biased, batch_first, {}, 1};
                            if (op == "GRU") one.others["linear_before_reset"] = linear;
                            lowered(m.with_output(one.in(m)[output]));
                        }
}

BOOST_AUTO_TEST_CASE(how_they_are_written) {
    const auto text = [](const layer& one, std::size_t output) {
        model m;
        return lowered(m.with_output(one.in(m)[output]));
    };
    BOOST_TEST(text({"LSTM"}, 0) == "input<5, 3>, lstm<4>");
    BOOST_TEST(text({"LSTM"}, 1) == "input<5, 3>, lstm<4, last_step>");
    BOOST_TEST(text({"GRU"}, 0) == "input<5, 3>, gru<4, reset_before>");
    BOOST_TEST(text({"GRU", "reverse"}, 0) == "input<5, 3>, reverse, gru<4, reset_before>, reverse");
    BOOST_TEST(text({"GRU", "reverse"}, 1) == "input<5, 3>, reverse, gru<4, reset_before, last_step>");
    BOOST_TEST(text({"LSTM", "bidirectional"}, 1) == "input<5, 3>, bidirectional<lstm<4, last_step>>, reshape<2, 4>");
    BOOST_TEST(text({"RNN", "forward", true, false, {{"activations", std::vector<std::string>{"Relu"}}}}, 0) ==
               "input<5, 3>, simple_rnn<4, relu>");
}

BOOST_AUTO_TEST_CASE(the_last_of_all_steps_is_the_last_step) {
    for (const std::int64_t index : {std::int64_t{-1}, length - 1}) {
        model m;
        const auto steps = layer{"LSTM"}.in(m)[0];
        BOOST_TEST(lowered(m.with_output(m("Gather", {m("Squeeze", {steps, m.constant(ints{1})}),
                                                      m.constant(ints{index})}))) == "input<5, 3>, lstm<4, last_step>");
    }
    model m;
    const auto steps = layer{"LSTM"}.in(m)[0];
    BOOST_TEST(lowered(m.with_output(m("Gather", {steps, m.constant(ints{0})}))) ==
               "input<5, 3>, lstm<4>, slice<axis<0>, 0, 1>, flatten");
}

BOOST_AUTO_TEST_CASE(steps_and_state_together) {
    for (const std::string op : {"RNN", "GRU", "LSTM"})
        for (const std::string direction : {"forward", "reverse", "bidirectional"})
            for (const bool batch_first : {true, false}) {
                model m(14);
                const auto both = layer{op, direction, true, batch_first}.in(m);
                const auto mean =
                    m("ReduceMean", {both[0]}, {{"axes", ints{batch_first ? 1 : 0}}, {"keepdims", std::int64_t{0}}});
                const graph whole = m.with_output(m("Add", {mean, m("Tanh", {both[1]})}));
                BOOST_TEST(refusal_of(whole).find("two of its outputs are used, and it would be computed twice") != std::string::npos);
                simplified(whole);
            }
}

BOOST_AUTO_TEST_CASE(the_state_of_the_upper_of_two_layers) {
    model m;
    const auto lower = layer{"GRU"}.in(m);
    const auto rows = m("Squeeze", {lower[0], m.constant(ints{1})});
    const auto upper = m.nodes("GRU", {rows, m.random({1, 12, 4}), m.random({1, 12, 4})}, 2,
                               {{"hidden_size", units}, {"linear_before_reset", std::int64_t{1}}});
    const auto states = m("Concat", {lower[1], upper[1]}, {{"axis", std::int64_t{0}}});
    BOOST_TEST(simplified(m.with_output(m("Gather", {states, m.constant(ints{-1})}))) ==
               "input<5, 3>, gru<4, reset_before>, gru<4, last_step>");
}

BOOST_AUTO_TEST_CASE(states_of_zeros_and_whole_lengths) {
    model m;
    const auto lengths = m.constant(ints{length}), zeros = m.constant({1, 1, units}, std::vector<double>(4));
    BOOST_TEST(lowered(m.with_output(layer{"LSTM"}.in(m, {lengths, zeros, zeros})[0])) == "input<5, 3>, lstm<4>");
}

BOOST_AUTO_TEST_CASE(initial_states) {
    for (const std::string op : {"RNN", "GRU", "LSTM"})
        for (const std::string direction : {"forward", "reverse", "bidirectional"})
            for (const bool batch_first : {true, false})
                for (const std::size_t output : {0u, 1u}) {
                    model m(14);
                    const std::int64_t directions = direction == "bidirectional" ? 2 : 1;
                    const extents dims = batch_first ? extents{1, directions, units} : extents{directions, 1, units};
                    std::vector<std::string> states{"", m.random(dims)};
                    if (op == "LSTM") states.push_back(m.random(dims));
                    lowered(m.with_output(layer{op, direction, true, batch_first}.in(m, states)[output]));
                }
    model m;
    BOOST_TEST(lowered(m.with_output(layer{"LSTM"}.in(m, {"", "", m.random({1, 1, units})})[1])) ==
               "input<5, 3>, lstm<4, initial_state, last_step>");
    // Zeros beside other states: both directions have the option.
    model both;
    const auto state = both.constant({2, 1, units}, {0, 0, 0, 0, 1, 2, 3, 4});
    BOOST_TEST(lowered(both.with_output(layer{"GRU", "bidirectional"}.in(both, {"", state})[1])) ==
               "input<5, 3>, bidirectional<gru<4, reset_before, initial_state, last_step>>, reshape<2, 4>");
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
    const auto reason = [](const layer& one, std::size_t output,
                           const std::function<std::vector<std::string>(model&)>& more) {
        model m(14);
        const auto others = more ? more(m) : std::vector<std::string>{};
        const std::string text = refusal_of(m.with_output(one.in(m, others)[output]));
        return text.substr(text.find("): ") + 3);
    };
    BOOST_TEST(
        reason({"GRU", "forward", true, false, {}, 3}, 0, {}) ==
        "its input is a batch of 3 samples (axis 1), and a network takes one: bind that axis to 1 by --batch, --dim "
        "or --shape");
    BOOST_TEST(reason({"LSTM"}, 2, {}) == "its last cell state is requested");
    BOOST_TEST(reason({"LSTM"}, 0, [](model& m) {
                   return std::vector<std::string>{"", "", "", m.random({1, 3 * units})};
               }) == "it has peepholes");
    const std::vector<std::string> unusual{"Tanh", "Tanh"};
    BOOST_TEST(reason({"GRU", "forward", true, false, {{"activations", unusual}}}, 0, {}) ==
               "its activation Tanh is not the default");
}
