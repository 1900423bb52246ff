// SPDX-License-Identifier: BSL-1.0
#include "graph/recurrent.hpp"

#include "graph/operator_call.hpp"

namespace ctnn_import {

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
    for (const char* name : {"activation_alpha", "activation_beta", "clip"})
        if (of.has(name)) of.refuse(std::string("it has the attribute ") + name);
    if (of.get<std::int64_t>("input_forget", 0) != 0) of.refuse("input_forget is set");
    const std::vector<std::string> usual = of.op == "RNN"   ? std::vector<std::string>{"Tanh"}
                                           : of.op == "GRU" ? std::vector<std::string>{"Sigmoid", "Tanh"}
                                                            : std::vector<std::string>{"Sigmoid", "Tanh", "Tanh"};
    std::vector<std::string> all;
    for (std::int64_t i = 0; i < result.directions; ++i) all.insert(all.end(), usual.begin(), usual.end());
    result.activations = of.get<std::vector<std::string>>("activations", all);
    if (result.activations.size() != all.size()) of.refuse("activations has the wrong number of names");
    return result;
}

}  // namespace ctnn_import
