// SPDX-License-Identifier: BSL-1.0
#include "command/import_model.hpp"

#include "evaluate_ctnn/interpret.hpp"
#include "graph/operator_call.hpp"
#include "lower/layer_integers.hpp"
#include "lower/lower.hpp"
#include "simplify/simplify.hpp"

#include <algorithm>
#include <cmath>

namespace ctnn_import {

namespace {

double largest_of(const std::vector<double>& numbers) {
    double largest = 0;
    for (const double number : numbers)
        if (std::isfinite(number)) largest = std::max(largest, std::abs(number));
    return largest;
}

bool same(double a, double b, double tolerance) {
    return a == b || (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= tolerance;
}

void compare(const graph& model, const network& imported, std::uint64_t seed) {
    const std::vector<double> sample = flat(model, random_inputs(model, seed)), expected = answer(model, sample);
    const auto outputs = interpret(imported.layers, sample);
    const std::vector<double>& found = outputs.empty() ? sample : outputs.back();
    const double tolerance = 1e-6 * largest_of(expected);
    bool near = found.size() == expected.size();
    for (std::size_t i = 0; near && i < found.size(); ++i) near = same(found[i], expected[i], tolerance);
    if (!near)
        throw refusal(
            "the network does not compute what the model does: this is a bug in the importer, please report it");
}

void round_parameters(chain& layers) {
    for (layer& what : layers) {
        for (parameter& one : what.parameters)
            for (double& number : one.values) number = static_cast<float>(number);
        for (chain& branch : what.branches) round_parameters(branch);
    }
}

}  // namespace

network import_model(const graph& model) {
    graph simple = model;
    fold_constants(simple);
    recognise_patterns(simple);
    network result = lower(simple);
    add_integers(simple, result);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) compare(model, result, seed);
    return result;
}

std::map<std::string, array> inputs_of(const graph& model, const std::vector<double>& sample) {
    std::map<std::string, array> inputs;
    std::size_t first = 0;
    for (const value& input : model.inputs) {
        const auto size = static_cast<std::size_t>(count(input.dims));
        if (size > sample.size() - first) throw refusal("a sample has fewer elements than the model's inputs");
        const auto begin = sample.begin() + static_cast<std::ptrdiff_t>(first),
                   end = begin + static_cast<std::ptrdiff_t>(size);
        if (input.integers) {
            std::vector<std::int64_t> numbers;
            for (auto at = begin; at != end; ++at) {
                if (*at != std::round(*at) || std::abs(*at) > 0x1p53)
                    throw refusal("a sample has " + std::to_string(*at) + " where the input \"" + input.name +
                                  "\" takes integers");
                numbers.push_back(static_cast<std::int64_t>(*at));
            }
            inputs[input.name] = {input.dims, std::move(numbers)};
        } else {
            inputs[input.name] = {input.dims, std::vector<double>(begin, end)};
        }
        first += size;
    }
    if (first != sample.size())
        throw refusal("a sample has " + std::to_string(sample.size()) + " elements, and the model's inputs " +
                      std::to_string(first));
    return inputs;
}

std::vector<double> flat(const graph& model, const std::map<std::string, array>& inputs) {
    std::vector<double> sample;
    for (const value& input : model.inputs) {
        const array& given = inputs.at(input.name);
        if (given.holds_integers())
            sample.insert(sample.end(), given.integers().begin(), given.integers().end());
        else
            sample.insert(sample.end(), given.reals().begin(), given.reals().end());
    }
    return sample;
}

std::vector<double> answer(const graph& model, const std::vector<double>& sample) {
    const auto values = evaluate(model, inputs_of(model, sample));
    std::vector<double> all;
    for (const value& output : model.outputs) {
        const array& result = values.at(output.name);
        if (result.holds_integers())
            all.insert(all.end(), result.integers().begin(), result.integers().end());
        else
            all.insert(all.end(), result.reals().begin(), result.reals().end());
    }
    return all;
}

std::vector<layer_difference> differences(const graph& model, const network& imported,
                                          const std::vector<double>& sample, bool double_precision) {
    network rounded = imported;
    if (!double_precision) round_parameters(rounded.layers);
    const auto outputs = interpret(rounded.layers, sample);
    const auto values = evaluate(model, inputs_of(model, sample));
    std::map<std::string, std::string> first_output;
    for (const node& what : model.nodes)
        if (what.has_output(0)) first_output[what.name] = what.outputs[0];
    std::vector<layer_difference> all;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        layer_difference& one = all.emplace_back();
        const layer& what = imported.layers[i];
        if (what.nodes.empty()) continue;
        const std::string& last = what.nodes.back();
        // Of the layers that implement one operator, only the last has its result.
        const bool goes_on = i + 1 < outputs.size() &&
                             std::find(imported.layers[i + 1].nodes.begin(), imported.layers[i + 1].nodes.end(),
                                       last) != imported.layers[i + 1].nodes.end();
        const auto name = first_output.find(last);
        if (goes_on || name == first_output.end()) continue;
        const array& expected = values.at(name->second);
        if (expected.holds_integers() || expected.size() != outputs[i].size()) continue;
        one.value = name->second;
        one.largest = largest_of(expected.reals());
        for (std::size_t k = 0; k < outputs[i].size(); ++k)
            one.worst = std::max(one.worst, std::abs(outputs[i][k] - expected.reals()[k]));
    }
    return all;
}

}  // namespace ctnn_import
