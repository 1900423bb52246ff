// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_lower_recurrent
#include "lower_support.hpp"

#include "lower/layer_integers.hpp"

// RNN, GRU and LSTM.

using namespace lower_test;

namespace {

using names = std::vector<std::string>;
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

BOOST_AUTO_TEST_CASE(between_integers_they_run_in_float) {
    for (const std::string op : {"LSTM", "GRU"}) {
        model m;
        const std::string output = layer{op}.in(m)[0];
        graph whole = m.with_output(output);
        whole.quantized["x0"] = {{0.125}, {3}};
        whole.quantized[output] = {{0.0078125}, {0}};
        ctnn_import::network net = lower(whole);
        add_integers(whole, net);
        BOOST_TEST(spec_text(net.layers.at(0)) == (op == "LSTM"
                                                       ? "ctnn::lstm<4, ctnn::initial_state>"
                                                       : "ctnn::gru<4, ctnn::reset_before, ctnn::initial_state>"));
        check_spec(net.layers[0]);
        BOOST_TEST(net.notes.size() == 1u);
        ctnn_import::write_options options;
        options.name = "model";
        const std::string header = integer_header_text(net, options);
        BOOST_TEST(header.find("{.layer = ") != header.npos);
        BOOST_TEST(header.find(".output = {0x1p-7f, 0}") != header.npos);
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
                BOOST_TEST(refusal_of(whole).find("two of its outputs are used, and it would be computed twice") !=
                           std::string::npos);
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

BOOST_AUTO_TEST_CASE(other_activations) {
    const auto text = [](const std::string& op, const names& given, attributes more = {}, std::size_t output = 0,
                         const std::string& direction = "forward") {
        model m(14);
        more["activations"] = given;
        std::string spec = lowered(m.with_output(layer{op, direction, true, false, more}.in(m)[output]), 1e-7);
        return spec.substr(spec.find(">, ") + 3);
    };
    const auto numbers = [](std::vector<double> of) { return of; };
    BOOST_TEST(text("RNN", {"Softplus"}) == "simple_rnn<4, softplus>");
    BOOST_TEST(text("RNN", {"Affine"}, {{"activation_alpha", numbers({0.5})}, {"activation_beta", numbers({0.25})}}) ==
               "simple_rnn<4, identity>");
    BOOST_TEST(text("GRU", {"HardSigmoid", "Relu"}) ==
               "gru<4, relu, gate_activation<hard_sigmoid_with<std::ratio<1, 5>, std::ratio<1, 2>>>, reset_before>");
    BOOST_TEST(text("GRU", {"Affine", "Affine"},
                    {{"activation_alpha", numbers({0.25, 0.5})}, {"linear_before_reset", std::int64_t{1}}}) ==
               "gru<4, identity, gate_activation<identity>>");
    BOOST_TEST(text("LSTM", {"Sigmoid", "Affine", "Affine"},
                    {{"activation_alpha", numbers({1, 1})}, {"activation_beta", numbers({0, 0})}, {"clip", 0.5}}) ==
               "lstm<4, clipped<identity, std::ratio<1, 2>>, gate_activation<clipped<sigmoid, std::ratio<1, 2>>>, "
               "cell_activation<identity>>");
    BOOST_TEST(text("LSTM", {"Sigmoid", "Affine", "Affine"}, {{"activation_alpha", numbers({0.5, 1})}}) ==
               "lstm<4, identity>");
    // Numbers go to those that take them, in their order.
    BOOST_TEST(
        text("LSTM", {"HardSigmoid", "Elu", "LeakyRelu"},
             {{"activation_alpha", numbers({0.25, 2, 0.5})}, {"activation_beta", numbers({0.375})}}) ==
        "lstm<4, elu_with<std::ratio<2>>, gate_activation<hard_sigmoid_with<std::ratio<1, 4>, std::ratio<3, 8>>>, "
        "cell_activation<leaky_relu_with<std::ratio<1, 2>>>>");
    BOOST_TEST(text("LSTM", {"Sigmoid", "Softsign", "Softsign"}, {}, 1) == "lstm<4, softsign, last_step>");
    BOOST_TEST(
        text("LSTM", {"Sigmoid", "Tanh", "Tanh", "Sigmoid", "Tanh", "Tanh"}, {{"clip", 0.5}}, 0, "bidirectional") ==
        "bidirectional<lstm<4, clipped<tanh, std::ratio<1, 2>>, gate_activation<clipped<sigmoid, std::ratio<1, "
        "2>>>, cell_activation<tanh>>>, reshape<5, 2, 4>");
    BOOST_TEST(text("LSTM", {"Sigmoid", "Tanh", "Relu"}, {{"input_forget", std::int64_t{1}}}) ==
               "lstm<4, cell_activation<relu>>");
    BOOST_TEST(
        text("LSTM", {"HardSigmoid", "Tanh", "Tanh"},
             {{"input_forget", std::int64_t{1}}, {"clip", 1.5}, {"activation_alpha", numbers({0.5})}}, 1, "reverse") ==
        "reverse, lstm<4, clipped<tanh, std::ratio<3, 2>>, gate_activation<clipped<hard_sigmoid_with<std::ratio<1, "
        "2>, std::ratio<1, 2>>, std::ratio<3, 2>>>, cell_activation<tanh>, last_step>");
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
    const auto activated = [&](const std::string& op, const names& given, attributes more = {},
                               const std::string& direction = "forward") {
        more["activations"] = given;
        return reason({op, direction, true, false, more}, 0, {});
    };
    BOOST_TEST(activated("GRU", {"Sigmoid", "ScaledTanh"}) ==
               "its activation ScaledTanh is none that ctnn has inside a step");
    BOOST_TEST(activated("LSTM", {"Sigmoid", "Tanh", "Softplus"}) ==
               "its activation Softplus is none that ctnn has inside a step");
    const attributes scaled{{"activation_alpha", std::vector<double>{0.5}}};
    BOOST_TEST(activated("LSTM", {"Sigmoid", "Tanh", "Affine"}, scaled) ==
               "its activation of the cell state is Affine, and not with 1 and 0");
    BOOST_TEST(activated("RNN", {"Affine"}, {{"clip", 1.0}, {"activation_alpha", std::vector<double>{0.5}}}) ==
               "its activation Affine with a clip is none that ctnn has inside a step");
    BOOST_TEST(activated("GRU", {"Sigmoid", "Tanh", "Sigmoid", "Relu"}, {}, "bidirectional") ==
               "its directions have different activations");
    BOOST_TEST(activated("LSTM", {"Softsign", "Tanh", "Tanh"}, {{"input_forget", std::int64_t{1}}}) ==
               "input_forget is set, and 1 minus its activation Softsign is not that activation of -z");
    // What the standard does not have is refused before.
    const auto invalid = [](const attributes& with) {
        model m;
        try {
            m.with_output(layer{"RNN", "forward", true, false, with}.in(m)[0]);
        } catch (const ctnn_import::refusal& error) {
            const std::string text = error.what();
            return text.substr(text.find("): ") + 3);
        }
        return std::string("it is not refused");
    };
    BOOST_TEST(invalid({{"activations", names{"Mish"}}}) == "the standard has no activation Mish inside a step");
    BOOST_TEST(invalid({{"activations", names{"Affine"}}}) ==
               "its activation Affine has no alpha, and the standard no default for it");
    BOOST_TEST(invalid({{"activation_alpha", std::vector<double>{1}}}) ==
               "it has more numbers for its activations than these take");
    BOOST_TEST(invalid({{"clip", -1.0}}) == "its clip is not above 0");
}
