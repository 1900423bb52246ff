// SPDX-License-Identifier: BSL-1.0
// Recurrent layers of ctnn, and its activations.
#include "evaluate_ctnn/interpretation.hpp"
#include "refusal.hpp"
#include "spec/spec_options.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ctnn_import {

namespace {

double sigmoid(double x) {
    return 1 / (1 + std::exp(-x));
}

/// One element of a row vector times a matrix.
double column(const std::vector<double>& x, const std::vector<double>& matrix, std::size_t columns, std::size_t which) {
    double sum = 0;
    for (std::size_t k = 0; k < x.size(); ++k) sum += x[k] * matrix[k * columns + which];
    return sum;
}

}  // namespace

std::vector<double> interpret_recurrent(const interpretation& of) {
    const auto units = static_cast<std::size_t>(of.number(0)), length = static_cast<std::size_t>(of.what.input.at(0));
    const auto features = static_cast<std::size_t>(of.what.input.at(1));
    const bool gru = of.what.kind == "gru", lstm = of.what.kind == "lstm",
               before = of.option("reset_before") != nullptr;
    const std::size_t columns = units * (lstm ? 4 : gru ? 3 : 1);
    const auto &w = of.weights("weights"), &u = of.weights("recurrent_weights"), &b = of.weights("bias");
    const auto at_input = [&](const std::vector<double>& x, std::size_t i) { return column(x, w, columns, i) + b[i]; };
    std::vector<double> h(units), c(units), y;
    if (of.option("initial_state")) {
        const auto& state = of.weights("initial_state");
        std::copy_n(state.begin(), units, h.begin());
        if (lstm) std::copy_n(state.begin() + static_cast<std::ptrdiff_t>(units), units, c.begin());
    }
    spec_term candidate{"tanh", {}, false}, gate_term{"sigmoid", {}, false};
    for (const spec_term& option : of.options)
        if (is_activation(option.name)) candidate = option;
    if (const spec_term* const given = of.option("gate_activation")) gate_term = given->arguments.at(0);
    const spec_term* const given_cell = of.option("cell_activation");
    const spec_term cell = given_cell != nullptr ? given_cell->arguments.at(0) : candidate;
    const auto of_gate = [&](double z) { return interpret_activation(gate_term, z); };
    const auto of_candidate = [&](double z) { return interpret_activation(candidate, z); };
    for (std::size_t t = 0; t < length; ++t) {
        const std::vector<double> x(of.x.begin() + static_cast<std::ptrdiff_t>(t * features),
                                    of.x.begin() + static_cast<std::ptrdiff_t>((t + 1) * features));
        std::vector<double> next(units), reset(units), update(units);
        if (lstm) {
            const auto gate = [&](std::size_t g, std::size_t i) {
                return at_input(x, g * units + i) + column(h, u, columns, g * units + i);
            };
            for (std::size_t i = 0; i < units; ++i) {
                c[i] = of_gate(gate(1, i)) * c[i] + of_gate(gate(0, i)) * of_candidate(gate(2, i));
                next[i] = of_gate(gate(3, i)) * interpret_activation(cell, c[i]);
            }
        } else if (gru) {
            const std::size_t across = before ? 2 * units : columns;
            const auto of_state = [&](std::size_t i) {
                return column(h, u, across, i) + (before ? 0 : of.weights("recurrent_bias")[i]);
            };
            for (std::size_t i = 0; i < units; ++i) {
                reset[i] = of_gate(at_input(x, i) + of_state(i));
                update[i] = of_gate(at_input(x, units + i) + of_state(units + i));
            }
            std::vector<double> kept(units);
            for (std::size_t i = 0; i < units; ++i) kept[i] = reset[i] * h[i];
            for (std::size_t i = 0; i < units; ++i) {
                const double state = before ? column(kept, of.weights("candidate_weights"), units, i)
                                            : reset[i] * of_state(2 * units + i);
                next[i] = (1 - update[i]) * of_candidate(at_input(x, 2 * units + i) + state) + update[i] * h[i];
            }
        } else {
            for (std::size_t i = 0; i < units; ++i) next[i] = of_candidate(at_input(x, i) + column(h, u, columns, i));
        }
        h = next;
        if (!of.option("last_step")) y.insert(y.end(), h.begin(), h.end());
    }
    return of.option("last_step") ? h : y;
}

double interpret_activation(const spec_term& activation, double x) {
    const std::string& name = activation.name;
    const auto argument = [&](std::size_t index) { return activation.arguments.at(index).ratio(); };
    const auto elu = [&](double alpha) { return x > 0 ? x : alpha * std::expm1(x); };
    const auto hard_sigmoid = [&](double alpha, double beta) { return std::clamp(alpha * x + beta, 0.0, 1.0); };
    if (name == "identity") return x;
    if (name == "relu") return x < 0 ? 0 : x;
    if (name == "relu6") return x < 0 ? 0 : std::min(x, 6.0);
    if (name == "sigmoid") return sigmoid(x);
    if (name == "tanh") return std::tanh(x);
    if (name == "softplus") return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    if (name == "softsign") return x / (1 + std::abs(x));
    if (name == "silu") return x * sigmoid(x);
    if (name == "gelu") return 0.5 * x * std::erfc(-x / std::numbers::sqrt2);
    if (name == "gelu_tanh")
        return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
    if (name == "leaky_relu") return x < 0 ? 0.01 * x : x;
    if (name == "leaky_relu_with") return x < 0 ? argument(0) * x : x;
    if (name == "elu") return elu(1);
    if (name == "elu_with") return elu(argument(0));
    if (name == "selu") return 1.0507009873554804934 * elu(1.6732632423543772848);
    if (name == "selu_with") return argument(1) * elu(argument(0));
    if (name == "hard_sigmoid") return hard_sigmoid(1.0 / 6, 0.5);
    if (name == "hard_sigmoid_with") return hard_sigmoid(argument(0), argument(1));
    if (name == "hard_swish") return x * hard_sigmoid(1.0 / 6, 0.5);
    if (name == "reciprocal") return 1 / x;
    if (name == "exp") return std::exp(x);
    if (name == "log") return std::log(x);
    if (name == "sqrt") return std::sqrt(x);
    if (name == "sin") return std::sin(x);
    if (name == "cos") return std::cos(x);
    if (name == "clipped") {
        const double bound = argument(1);
        return interpret_activation(activation.arguments.at(0), std::clamp(x, -bound, bound));
    }
    if (name == "clip") {
        if (activation.arguments.at(0).name != "unbounded") x = std::max(x, argument(0));
        if (activation.arguments.at(1).name != "unbounded") x = std::min(x, argument(1));
        return x;
    }
    throw refusal("the interpreter does not know the activation " + name);
}

}  // namespace ctnn_import
