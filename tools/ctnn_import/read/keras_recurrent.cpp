// SPDX-License-Identifier: BSL-1.0
// SimpleRNN, GRU, LSTM and Bidirectional of Keras.
#include "graph/operator_call.hpp"
#include "read/keras_layers.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;
using nlohmann::json;

/// A recurrent layer for one direction.
struct direction_of_keras {
    std::string op;
    std::int64_t units = 0;
    std::vector<std::string> activations{};  ///< ONNX's names, and the numbers that they take
    std::vector<double> alpha{}, beta{};
    std::int64_t reset_after = 0;  ///< of GRU
    bool has_steps = false, is_backwards = false;
    std::vector<double> w{}, r{}, b{};  ///< in ONNX's order
};

/// Which block of Keras' columns ONNX's block of rows is: i f c o become i o f c; z r h stay.
std::vector<std::int64_t> gates_of(const std::string& op) {
    if (op == "RNN") return {0};
    if (op == "GRU") return {0, 1, 2};
    return {0, 3, 1, 2};
}

/// Appends rows in ONNX's order: the columns of a matrix of Keras, or of a row of its bias.
void append_rows(const double* columns, std::int64_t inputs, std::int64_t units, const std::vector<std::int64_t>& gates,
                 std::vector<double>& to) {
    const auto width = static_cast<std::int64_t>(gates.size()) * units;
    for (const std::int64_t gate : gates)
        for (std::int64_t unit = 0; unit < units; ++unit)
            for (std::int64_t input = 0; input < inputs; ++input)
                to.push_back(columns[input * width + gate * units + unit]);
}

/// Appends an activation inside a step.
void append_activation(const keras_call& of, const char* name, direction_of_keras& to) {
    const std::string called = of.settings.text(name, "linear");
    const auto append = [&](const char* op, std::vector<double> alpha = {}, std::vector<double> beta = {}) {
        to.activations.emplace_back(op);
        to.alpha.insert(to.alpha.end(), alpha.begin(), alpha.end());
        to.beta.insert(to.beta.end(), beta.begin(), beta.end());
    };
    if (called == "tanh") return append("Tanh");
    if (called == "sigmoid") return append("Sigmoid");
    if (called == "relu") return append("Relu");
    if (called == "softsign") return append("Softsign");
    if (called == "elu") return append("Elu", {1});
    if (called == "linear") return append("Affine", {1}, {0});
    if (called == "hard_sigmoid") return append("HardSigmoid", {hard_sigmoid_slope(of.version)}, {0.5});
    throw refusal(std::string("its ") + name + " is " + in_quotes(called) +
                  ", and inside a step the importer knows tanh, sigmoid, relu, softsign, elu, hard_sigmoid and linear");
}

direction_of_keras direction_of(const keras_call& of) {
    direction_of_keras result;
    result.op = of.type == "SimpleRNN" ? "RNN" : of.type;
    result.units = of.settings.integer("units", 1);
    result.has_steps = of.settings.flag("return_sequences", false);
    result.is_backwards = of.settings.flag("go_backwards", false);
    for (const char* const name : {"stateful", "return_state", "time_major"})
        if (of.settings.flag(name, false)) throw refusal(std::string("its ") + name + " is set");
    of.settings.ignore({"unroll", "dropout", "recurrent_dropout", "implementation", "unit_forget_bias",
                        "zero_output_for_mask", "use_cudnn", "activity_regularizer"});
    if (result.op != "RNN") append_activation(of, "recurrent_activation", result);
    append_activation(of, "activation", result);
    if (result.op == "LSTM") append_activation(of, "activation", result);  // of the cell state
    if (result.op == "GRU") result.reset_after = of.settings.flag("reset_after", false);
    const auto gates = gates_of(result.op);
    const std::int64_t features = of.dims()[2], columns = static_cast<std::int64_t>(gates.size()) * result.units;
    const bool has_bias = of.settings.flag("use_bias", true), two = result.reset_after != 0;
    std::vector<std::pair<std::string, extents>> wanted{{"kernel", {features, columns}},
                                                        {"recurrent_kernel", {result.units, columns}}};
    if (has_bias) wanted.emplace_back("bias", two ? extents{2, columns} : extents{columns});
    keras_call inside = of;
    inside.place = of.weights.part(of.place, "cell", "");
    const auto weights = inside.take(wanted);
    append_rows(weights.at("kernel").reals().data(), features, result.units, gates, result.w);
    append_rows(weights.at("recurrent_kernel").reals().data(), result.units, result.units, gates, result.r);
    if (has_bias) {
        const double* const bias = weights.at("bias").reals().data();
        append_rows(bias, 1, result.units, gates, result.b);
        if (two) append_rows(bias + columns, 1, result.units, gates, result.b);
    }
    result.b.resize(static_cast<std::size_t>(2 * columns), 0);
    return result;
}

/// One node for directions that differ in their weights alone: the steps, or the last state.
std::string recur(const keras_call& of, const std::string& name, std::vector<direction_of_keras> directions) {
    const direction_of_keras& first = directions[0];
    const auto gates = static_cast<std::int64_t>(gates_of(first.op).size());
    const auto number = static_cast<std::int64_t>(directions.size());
    array w, r, b;
    std::vector<double> numbers_w, numbers_r, numbers_b;
    std::vector<std::string> activations;
    std::vector<double> alpha, beta;
    for (const direction_of_keras& one : directions) {
        numbers_w.insert(numbers_w.end(), one.w.begin(), one.w.end());
        numbers_r.insert(numbers_r.end(), one.r.begin(), one.r.end());
        numbers_b.insert(numbers_b.end(), one.b.begin(), one.b.end());
        activations.insert(activations.end(), one.activations.begin(), one.activations.end());
        alpha.insert(alpha.end(), one.alpha.begin(), one.alpha.end());
        beta.insert(beta.end(), one.beta.begin(), one.beta.end());
    }
    const std::int64_t rows = gates * first.units, length = of.dims()[1];
    keras_graph::attributes with{{"hidden_size", first.units},
                                 {"layout", std::int64_t{1}},
                                 {"direction", std::string(number == 2          ? "bidirectional"
                                                           : first.is_backwards ? "reverse"
                                                                                : "forward")}};
    with["activations"] = activations;
    if (!alpha.empty()) with["activation_alpha"] = alpha;
    if (!beta.empty()) with["activation_beta"] = beta;
    if (first.op == "GRU") with["linear_before_reset"] = first.reset_after;
    const std::string made =
        of.to.emit(first.op, name,
                   {of.to.in_place(of.input()), of.to.constant(name + "/w", {{number, rows, of.dims()[2]}, numbers_w}),
                    of.to.constant(name + "/r", {{number, rows, first.units}, numbers_r}),
                    of.to.constant(name + "/b", {{number, 2 * rows}, numbers_b})},
                   with, first.has_steps ? 0 : 1);
    const std::vector<std::int64_t> dims = first.has_steps ? std::vector<std::int64_t>{1, length, number * first.units}
                                                           : std::vector<std::int64_t>{1, number * first.units};
    return of.to.emit("Reshape", name + "/joined", {made, of.to.integers(name + "/extents", dims)});
}

keras_value recurrent_of_keras(const keras_call& of) {
    of.wants_rank(3);
    const direction_of_keras one = direction_of(of);
    const std::string made = recur(of, of.name, {one});
    if (!one.is_backwards || !one.has_steps) return of.to.as_is(made);
    // Keras leaves the steps in the order in which they were computed.
    const auto number = [&](const char* name, std::int64_t value) {
        return of.to.integers(of.name + "/" + name, {value});
    };
    return of.to.as_is(of.to.emit("Slice", of.name + "/reversed",
                                  {made, number("starts", -1), number("ends", std::numeric_limits<std::int32_t>::min()),
                                   number("axes", 1), number("steps", -1)}));
}

direction_of_keras direction_inside(const keras_call& of, const json& config, const std::string& group) {
    if (!config.is_object() || !config.contains("class_name") || !config["class_name"].is_string() ||
        !config.contains("config"))
        throw refusal("its layer is no layer");
    const auto type = config["class_name"].get<std::string>();
    if (type != "SimpleRNN" && type != "GRU" && type != "LSTM")
        throw refusal("its layer is of the class " + in_quotes(type));
    keras_settings settings(config["config"]);
    const std::string name = settings.text("name", "");
    const std::string prefix = group == "forward_layer" ? "forward_" : "backward_";
    const direction_of_keras result = direction_of(
        {type, name, settings, of.weights.part(of.place, group, name.starts_with(prefix) ? name : prefix + name),
         of.weights, of.to, of.version, of.inputs});
    settings.finish();
    return result;
}

keras_value bidirectional_of_keras(const keras_call& of) {
    of.wants_rank(3);
    json config = of.settings.get("layer");
    direction_of_keras there = direction_inside(of, config, "forward_layer");
    if (there.is_backwards) throw refusal("its layer has go_backwards");
    if (of.settings.has("backward_layer")) {
        config = of.settings.get("backward_layer");
    } else if (config["config"].contains("go_backwards")) {
        config["config"]["go_backwards"] = true;
    }
    direction_of_keras back = direction_inside(of, config, "backward_layer");
    if (!back.is_backwards || there.has_steps != back.has_steps)
        throw refusal("its two layers do not go in two directions");
    if (!of.settings.has("merge_mode")) throw refusal("its merge_mode is none");
    const std::string mode = of.settings.text("merge_mode", "");
    const bool alike = there.op == back.op && there.units == back.units && there.reset_after == back.reset_after &&
                       there.activations == back.activations;
    if (mode == "concat" && alike) return of.to.as_is(recur(of, of.name, {there, back}));
    const std::string forwards = recur(of, of.name + "/forward", {there}),
                      backwards = recur(of, of.name + "/backward", {back});
    if (mode == "concat")
        return of.to.as_is(of.to.emit("Concat", of.name, {forwards, backwards}, {{"axis", std::int64_t{-1}}}));
    if (mode != "sum" && mode != "mul" && mode != "ave") throw refusal("its merge_mode is " + in_quotes(mode));
    const std::string made = of.to.emit(mode == "mul" ? "Mul" : "Add", of.name, {forwards, backwards});
    if (mode != "ave") return of.to.as_is(made);
    return of.to.as_is(of.to.emit("Mul", of.name + "/half",
                                  {made, of.to.constant(of.name + "/factor", {{}, std::vector<double>{0.5}})}));
}

}  // namespace

void add_keras_recurrent(keras_table& table) {
    table.insert({{"SimpleRNN", recurrent_of_keras},
                  {"GRU", recurrent_of_keras},
                  {"LSTM", recurrent_of_keras},
                  {"Bidirectional", bidirectional_of_keras}});
}

}  // namespace ctnn_import
