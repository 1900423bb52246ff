// SPDX-License-Identifier: BSL-1.0
// RNN, GRU and LSTM.
#include "graph/operator_call.hpp"
#include "graph/recurrent.hpp"
#include "lower/lowering.hpp"

#include <algorithm>

namespace ctnn_import {

namespace {

/// The block of rows of ONNX's weights for each block of columns of ctnn's: z r h become r z n, i o f c become i f g o.
std::vector<std::int64_t> gate_order(const std::string& op) {
    if (op == "RNN") return {0};
    if (op == "GRU") return {1, 0, 2};
    return {0, 2, 3, 1};
}

/// Transposes gate rows in ONNX's order to columns in ctnn's.
std::vector<double> columns_of(const double* rows, std::int64_t inputs, std::int64_t units,
                               const std::vector<std::int64_t>& order) {
    const auto columns = static_cast<std::int64_t>(order.size()) * units;
    std::vector<double> result(static_cast<std::size_t>(inputs * columns));
    for (std::int64_t k = 0; k < inputs; ++k)
        for (std::int64_t column = 0; column < columns; ++column) {
            const std::int64_t row = order[static_cast<std::size_t>(column / units)] * units + column % units;
            result[static_cast<std::size_t>(k * columns + column)] = rows[row * inputs + k];
        }
    return result;
}

/// The tensors of one direction, in ONNX's layout.
struct direction_weights {
    std::vector<double> w, r, of_input, of_state;
};
direction_weights weights_of(const job& of, const recurrence& how, std::int64_t direction) {
    const std::int64_t rows = how.gates * how.units;
    const auto part = [&](std::size_t input, std::int64_t first, std::int64_t size) {
        if (!of.what.has_input(input)) return std::vector<double>(static_cast<std::size_t>(size));
        const auto begin = of.reals(input).begin() + static_cast<std::ptrdiff_t>(first);
        return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(size));
    };
    direction_weights result{part(1, direction * rows * how.features, rows * how.features),
                             part(2, direction * rows * how.units, rows * how.units),
                             part(3, direction * 2 * rows, rows), part(3, (direction * 2 + 1) * rows, rows)};
    const auto each_of = [&](std::int64_t gate, const auto& change) {
        for (auto* const tensor : {&result.w, &result.r, &result.of_input, &result.of_state}) {
            const auto size = static_cast<std::int64_t>(tensor->size()) / how.gates;
            for (std::int64_t i = 0; i < size; ++i)
                change(*tensor, static_cast<std::size_t>(gate * size + i), static_cast<std::size_t>(i));
        }
    };
    // 1 - f(z) is f(-z), as `check_states` makes sure.
    if (how.couples_gates)
        each_of(2, [&](std::vector<double>& tensor, std::size_t at, std::size_t i) { tensor[at] = -tensor[i]; });
    // What is affine is in the weights. The last gate is the candidate, unless there is one alone.
    const auto activations = how.activations_of(direction);
    for (std::int64_t gate = 0; gate < how.gates; ++gate) {
        const step_activation& f = activations[how.gates > 1 && gate + 1 == how.gates ? 1 : 0];
        if (f.name != "Affine") continue;
        each_of(gate, [&](std::vector<double>& tensor, std::size_t at, std::size_t) { tensor[at] *= f.alpha; });
        for (std::int64_t i = 0; i < how.units; ++i)
            result.of_input[static_cast<std::size_t>(gate * how.units + i)] += f.beta;
    }
    return result;
}

/// An activation as layers take it.
std::string activation_text(const job& of, const step_activation& f, double clip) {
    constexpr std::pair<const char*, const char*> plain[]{
        {"Relu", "ctnn::relu"}, {"Tanh", "ctnn::tanh"}, {"Sigmoid", "ctnn::sigmoid"}, {"Softsign", "ctnn::softsign"}};
    std::string text;
    for (const auto& [name, ours] : plain)
        if (f.name == name) text = ours;
    if (f.name == "Softplus" && of.what.op == "RNN") text = "ctnn::softplus";
    if (f.name == "LeakyRelu") text = leaky_relu_text(of.what, f.alpha);
    if (f.name == "Elu") text = elu_text(of.what, f.alpha);
    if (f.name == "HardSigmoid") text = hard_sigmoid_text(of.what, f.alpha, f.beta);
    const bool is_identity = f.name == "Affine" && f.alpha == 1 && f.beta == 0;
    if (is_identity || (f.name == "Affine" && clip == 0)) text = "ctnn::identity";
    if (text.empty())
        of.refuse("its activation " + f.name + (f.name == "Affine" ? " with a clip" : "") +
                  " is none that ctnn has inside a step");
    return clip == 0 ? text : "ctnn::clipped<" + text + ", " + ratio_text(of.what, clip) + ">";
}

/// The options that name activations, without those that are the default.
std::vector<std::string> activation_options(const job& of, const recurrence& how, std::int64_t direction) {
    std::vector<std::string> names, all;
    for (const step_activation& f : how.activations_of(direction)) {
        if (f.name == "Affine" && names.size() == 2 && (f.alpha != 1 || f.beta != 0))
            of.refuse("its activation of the cell state is Affine, and not with 1 and 0");
        names.push_back(activation_text(of, f, names.size() < 2 ? how.clip : 0));
    }
    const std::string& candidate = names[names.size() > 1 ? 1 : 0];
    if (candidate != "ctnn::tanh") all.push_back(candidate);
    if (names.size() > 1 && names[0] != "ctnn::sigmoid") all.push_back("ctnn::gate_activation<" + names[0] + ">");
    if (names.size() > 2 && names[2] != candidate) all.push_back("ctnn::cell_activation<" + names[2] + ">");
    return all;
}

std::vector<parameter> parameters_of(const job& of, const recurrence& how, std::int64_t direction) {
    const std::int64_t rows = how.gates * how.units, units = how.units;
    const auto order = gate_order(of.what.op);
    const direction_weights from = weights_of(of, how, direction);
    const double *const w = from.w.data(), *const r = from.r.data();
    const std::vector<double> of_input = columns_of(from.of_input.data(), 1, units, order),
                              of_state = columns_of(from.of_state.data(), 1, units, order);
    const bool gru = of.what.op == "GRU", reset_before = gru && !how.linear_before_reset;
    std::vector<double> both(of_input);
    for (std::size_t i = 0; i < both.size(); ++i) both[i] += of_state[i];
    std::vector<parameter> all{{"weights", {how.features, rows}, columns_of(w, how.features, units, order)}};
    if (!reset_before) {
        all.push_back({"recurrent_weights", {units, rows}, columns_of(r, units, units, order)});
        all.push_back({"bias", {rows}, gru ? of_input : both});
        if (gru) all.push_back({"recurrent_bias", {rows}, of_state});
        return all;
    }
    all.push_back({"recurrent_weights", {units, 2 * units}, columns_of(r, units, units, {order[0], order[1]})});
    all.push_back({"candidate_weights", {units, units}, columns_of(r + 2 * units * units, units, units, {0})});
    all.push_back({"bias", {rows}, both});
    return all;
}

/// Whether a direction, or the other one, begins elsewhere than at zeros.
bool has_initial_state(const job& of) {
    for (const std::size_t state : {std::size_t{5}, std::size_t{6}})
        if (of.what.has_input(state))
            for (const double number : of.reals(state))
                if (number != 0) return true;
    return false;
}
/// h, or h and then c; an omitted one is zeros.
parameter initial_state_of(const job& of, const recurrence& how, std::int64_t direction) {
    parameter result{"initial_state", {}, {}};
    for (const std::size_t state : {std::size_t{5}, std::size_t{6}}) {
        if (state == 6 && of.what.op != "LSTM") break;
        for (std::int64_t i = direction * how.units; i < (direction + 1) * how.units; ++i)
            result.values.push_back(of.what.has_input(state) ? of.reals(state)[static_cast<std::size_t>(i)] : 0);
    }
    result.dims = {static_cast<std::int64_t>(result.values.size())};
    return result;
}

layer layer_of(const job& of, const recurrence& how, std::int64_t direction, bool last) {
    layer next;
    next.kind = of.what.op == "RNN" ? "simple_rnn" : of.what.op == "GRU" ? "gru" : "lstm";
    next.arguments = {std::to_string(how.units)};
    next.options = activation_options(of, how, direction);
    if (of.what.op == "GRU" && !how.linear_before_reset) next.options.push_back("ctnn::reset_before");
    next.parameters = parameters_of(of, how, direction);
    if (has_initial_state(of)) {
        next.options.push_back("ctnn::initial_state");
        next.parameters.push_back(initial_state_of(of, how, direction));
    }
    if (last) next.options.push_back("ctnn::last_step");
    next.multiply_accumulates = how.length * how.gates * how.units * (how.features + how.units);
    next.input = {how.length, how.features};
    next.output = last ? extents{how.units} : extents{how.length, how.units};
    next.nodes = {of.what.name};
    return next;
}

layer reverse_of(const extents& dims) {
    layer next;
    next.kind = "reverse";
    next.input = next.output = dims;
    return next;
}

void check_states(const job& of, const recurrence& how) {
    if (of.what.has_input(7))
        for (const double number : of.reals(7))
            if (number != 0) of.refuse("it has peepholes");
    if (of.what.has_input(4)) {
        of.constant(4);
        for (const std::int64_t length : of.constant(4).integers())
            if (length != how.length) of.refuse("sequence_lens is shorter than the sequence");
    }
    for (std::int64_t direction = 0; how.couples_gates && direction < how.directions; ++direction) {
        const step_activation f = how.activations_of(direction)[0];
        if (f.name != "Sigmoid" && !(f.name == "HardSigmoid" && f.beta == 0.5))
            of.refuse("input_forget is set, and 1 minus its activation " + f.name + " is not that activation of -z");
    }
}

void recurrent(const job& of) {
    of.wants_live_first();
    std::vector<extents> shapes;
    for (std::size_t i = 0; i < of.what.inputs.size(); ++i)
        shapes.push_back(of.what.has_input(i) ? of.dims(i) : extents{});
    const recurrence how = recurrence_of(of.what, shapes);
    if (how.batch != 1)
        of.refuse("its input is a batch of " + std::to_string(how.batch) + " samples (axis " +
                  (how.batch_first ? "0" : "1") +
                  "), and a network takes one: bind that axis to 1 by --batch, --dim or --shape");
    check_states(of, how);
    if (of.output == 2) of.refuse("its last cell state is requested");
    const bool last = of.output == 1;
    const extents seen{how.length, how.features};
    of.to.view(seen);
    if (how.directions == 1 && !how.backwards) {
        layer next = layer_of(of, how, 0, last);
        const extents output = next.output;
        of.to.add(std::move(next), output);
    } else if (how.directions == 1) {
        of.to.add(reverse_of(seen), seen);
        layer next = layer_of(of, how, 0, last);
        const extents output = next.output;
        of.to.add(std::move(next), output);
        if (!last) of.to.add(reverse_of(output), output);
    } else {
        if (activation_options(of, how, 0) != activation_options(of, how, 1))
            of.refuse("its directions have different activations");
        // bidirectional<L> has the branches L and reverse, L, reverse; without the last reverse if last_step is set.
        layer next;
        next.kind = "bidirectional";
        next.nodes = {of.what.name};
        chain there{layer_of(of, how, 0, last)}, back{reverse_of(seen), layer_of(of, how, 1, last)};
        if (!last) back.push_back(reverse_of(back.back().output));
        next.branches = {std::move(there), std::move(back)};
        of.to.add(std::move(next), last ? extents{2 * how.units} : extents{how.length, 2 * how.units});
    }
}

}  // namespace

void add_recurrent_lowerings(lowering_table& table) {
    table.insert({{"RNN", recurrent}, {"GRU", recurrent}, {"LSTM", recurrent}});
}

}  // namespace ctnn_import
