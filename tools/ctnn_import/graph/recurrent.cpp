// SPDX-License-Identifier: BSL-1.0
#include "graph/recurrent.hpp"

#include "graph/operator_call.hpp"

#include <vector>

namespace ctnn_import {

namespace {

/// An activation of the standard, how many numbers it takes, and their defaults: those of the operator.
struct known_activation {
    const char* name;
    int numbers = 0;
    double alpha = 0, beta = 0;
};
constexpr known_activation known_activations[]{{"Relu"},
                                               {"Tanh"},
                                               {"Sigmoid"},
                                               {"Softsign"},
                                               {"Softplus"},
                                               {"LeakyRelu", 1, double{0.01f}},
                                               {"Elu", 1, 1},
                                               {"ThresholdedRelu", 1, 1},
                                               {"Affine", 2, 1, 0},
                                               {"ScaledTanh", 2, 1, 1},
                                               {"HardSigmoid", 2, double{0.2f}, 0.5}};

const known_activation& activation_called(const node& of, const std::string& name) {
    for (const known_activation& known : known_activations)
        if (name == known.name) return known;
    of.refuse("the standard has no activation " + name + " inside a step");
}

std::vector<double> numbers_of(const node& of, const char* name) {
    return of.get<std::vector<double>>(name, {});
}
/// Those that take a number take them in their order; when none are left they have their defaults.
void take_first(std::vector<double>& from, double& to) {
    if (from.empty()) return;
    to = from.front();
    from.erase(from.begin());
}

}  // namespace

recurrence recurrence_of(const node& of, const std::vector<extents>& inputs) {
    if (inputs.size() < 3 || inputs[0].size() != 3 || inputs[1].size() != 3 || inputs[2].size() != 3)
        of.refuse("X, W and R have to have three dimensions each");
    const extents &x = inputs[0], &w = inputs[1], &r = inputs[2];
    recurrence result{};
    result.gates = of.op == "RNN" ? 1 : of.op == "GRU" ? 3 : 4;
    result.batch_first = of.get<std::int64_t>("layout", 0) != 0;
    result.length = x[result.batch_first ? 1 : 0];
    result.batch = x[result.batch_first ? 0 : 1];
    result.features = x[2];
    result.directions = w[0];
    result.units = r[2];
    result.linear_before_reset = of.get<std::int64_t>("linear_before_reset", 0) != 0;
    const std::int64_t units = of.get<std::int64_t>("hidden_size", result.units);
    const extents right_w{result.directions, result.gates * result.units, result.features};
    const extents right_r{result.directions, result.gates * result.units, result.units};
    if (units != result.units || w != right_w || r != right_r)
        of.refuse("W of " + text_of(w) + " and R of " + text_of(r) + " do not fit X of " + text_of(x));
    if (inputs.size() > 3 && !inputs[3].empty() &&
        inputs[3] != extents{result.directions, 2 * result.gates * result.units})
        of.refuse("B is " + text_of(inputs[3]));
    const auto direction = of.get<std::string>("direction", "forward");
    if (direction != "forward" && direction != "reverse" && direction != "bidirectional")
        of.refuse("direction is \"" + direction + "\"");
    if ((direction == "bidirectional" ? 2 : 1) != result.directions)
        of.refuse("the weights are of " + std::to_string(result.directions) + " directions, and direction is " +
                  direction);
    result.backwards = direction == "reverse";
    if (of.has("clip")) {
        result.clip = of.get<double>("clip", 0);
        if (!(result.clip > 0)) of.refuse("its clip is not above 0");
    }
    result.couples_gates = of.get<std::int64_t>("input_forget", 0) != 0;
    const std::vector<std::string> usual = of.op == "RNN"   ? std::vector<std::string>{"Tanh"}
                                           : of.op == "GRU" ? std::vector<std::string>{"Sigmoid", "Tanh"}
                                                            : std::vector<std::string>{"Sigmoid", "Tanh", "Tanh"};
    std::vector<std::string> all;
    for (std::int64_t i = 0; i < result.directions; ++i) all.insert(all.end(), usual.begin(), usual.end());
    const auto names = of.get<std::vector<std::string>>("activations", all);
    if (names.size() != all.size()) of.refuse("activations has the wrong number of names");
    auto alpha = numbers_of(of, "activation_alpha"), beta = numbers_of(of, "activation_beta");
    for (const std::string& name : names) {
        const known_activation& known = activation_called(of, name);
        step_activation& next = result.activations.emplace_back(step_activation{name, known.alpha, known.beta});
        if (name == "Affine" && alpha.empty())
            of.refuse("its activation Affine has no alpha, and the standard no default for it");
        if (known.numbers >= 1) take_first(alpha, next.alpha);
        if (known.numbers == 2) take_first(beta, next.beta);
    }
    if (!alpha.empty() || !beta.empty()) of.refuse("it has more numbers for its activations than these take");
    return result;
}

}  // namespace ctnn_import
