// SPDX-License-Identifier: BSL-1.0
#include "evaluate_onnx/evaluate.hpp"

#include "evaluate_onnx/operators.hpp"
#include "graph/trees.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace ctnn_import {

namespace {

const operation_table& operations() {
    static const operation_table table = [] {
        operation_table all;
        add_elementwise(all);
        add_linear(all);
        add_windows(all);
        add_normalisations(all);
        add_recurrent(all);
        add_rearrangements(all);
        add_resampling(all);
        add_trees(all);
        add_quantized(all);
        return all;
    }();
    return table;
}

/// Moves features to thresholds that they are compared with, and beside them: elsewhere all trees go one way.
void move_to_thresholds(const node& of, std::mt19937_64& engine, std::vector<double>& features) {
    std::vector<std::vector<double>> thresholds(features.size());
    for (const tree_node& one : trees_of(of).nodes)
        if (!one.is_leaf && one.feature < static_cast<std::int64_t>(features.size()) && std::isfinite(one.threshold))
            thresholds[static_cast<std::size_t>(one.feature)].push_back(one.threshold);
    for (std::size_t i = 0; i < features.size(); ++i) {
        if (thresholds[i].empty()) continue;
        const double at = thresholds[i][engine() % thresholds[i].size()];
        const std::uint64_t aside = engine() % 4;
        // The thresholds of a float network are floats.
        const bool is_float = at == static_cast<double>(static_cast<float>(at));
        features[i] = aside == 0 && is_float ? at : at + features[i] * (std::abs(at) + 1) / (aside == 1 ? 8 : 64);
        features[i] = static_cast<double>(static_cast<float>(features[i]));
    }
}

}  // namespace

std::vector<array> evaluate_node(const node& what, const std::vector<const array*>& inputs) {
    const auto found = operations().find(what.op);
    if (found == operations().end()) what.refuse("the importer does not know this operator");
    return found->second(call{what, inputs});
}

std::map<std::string, array> evaluate(const graph& model, const std::map<std::string, array>& inputs) {
    std::map<std::string, array> values = model.constants;
    for (const value& input : model.inputs) {
        const auto given = inputs.find(input.name);
        if (given == inputs.end()) throw refusal("the input \"" + input.name + "\" is not given");
        if (given->second.dims != input.dims)
            throw refusal("the input \"" + input.name + "\" is " + text_of(given->second.dims) + ", and not " +
                          text_of(input.dims));
        if (given->second.holds_integers() != input.integers)
            throw refusal("the input \"" + input.name + "\" holds " +
                          (input.integers ? "floating-point values" : "integers") + ", and not " +
                          (input.integers ? "integers" : "floating-point values"));
        values.insert_or_assign(input.name, given->second);
    }
    std::size_t held = 0;
    for (const node& step : model.nodes) {
        std::vector<const array*> arguments;
        for (const std::string& name : step.inputs) {
            const auto found = values.find(name);
            if (!name.empty() && found == values.end()) step.refuse("nothing computes its input \"" + name + "\"");
            arguments.push_back(name.empty() ? nullptr : &found->second);
        }
        auto results = evaluate_node(step, arguments);
        for (std::size_t i = 0; i < step.outputs.size(); ++i) {
            if (step.outputs[i].empty()) continue;
            if (i >= results.size()) step.refuse("the importer does not compute its output " + std::to_string(i));
            held += results[i].size();
            if (held > 2 * most_elements) step.refuse("there are too many values up to this node");
            values.insert_or_assign(step.outputs[i], std::move(results[i]));
        }
    }
    return values;
}

std::map<std::string, array> random_inputs(const graph& model, std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::map<std::string, array> inputs;
    for (const value& input : model.inputs) {
        const auto size = static_cast<std::size_t>(count(input.dims));
        if (input.integers) {
            std::int64_t symbols = 2;
            for (const node& user : model.nodes) {
                if (user.op != "Gather" || user.inputs.size() < 2 || user.inputs[1] != input.name) continue;
                const auto table = model.constants.find(user.inputs[0]);
                if (table == model.constants.end() || table->second.dims.empty()) continue;
                const auto axis = axis_in(user, user.get<std::int64_t>("axis", 0), table->second.dims.size());
                symbols = table->second.dims[axis];
            }
            std::vector<std::int64_t> numbers(size);
            for (auto& number : numbers)
                number = static_cast<std::int64_t>(engine() %
                                                   static_cast<std::uint64_t>(std::max<std::int64_t>(symbols, 1)));
            inputs[input.name] = {input.dims, std::move(numbers)};
        } else {
            std::vector<double> numbers(size);
            // 24 bits, so that they are exact in float.
            for (auto& number : numbers) number = static_cast<double>(engine() >> 40) * 0x1p-23 - 1;
            for (const node& user : model.nodes)
                if (user.op == "TreeEnsembleRegressor" && user.inputs[0] == input.name)
                    move_to_thresholds(user, engine, numbers);
            inputs[input.name] = {input.dims, std::move(numbers)};
        }
    }
    return inputs;
}

bool near(const array& a, const array& b, double relative, double absolute) {
    if (a.dims != b.dims || a.holds_integers() != b.holds_integers()) return false;
    if (a.holds_integers()) return a.integers() == b.integers();
    return std::equal(a.reals().begin(), a.reals().end(), b.reals().begin(), [&](double x, double y) {
        return x == y || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= absolute + relative * std::abs(y);
    });
}

}  // namespace ctnn_import
