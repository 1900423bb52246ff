// SPDX-License-Identifier: BSL-1.0
// Graphs with QuantizeLinear and DequantizeLinear as graphs of real numbers, of some of which it is known which integers
// stand for them.
#include "evaluate_onnx/evaluate.hpp"
#include "simplify/simplify.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace ctnn_import {

namespace {

/// Operators on integers whose results have the same meaning.
bool keeps_meaning(const node& what) {
    static const std::set<std::string> all{"Reshape", "Flatten",   "Squeeze", "Unsqueeze", "Identity",
                                           "Slice",   "Transpose", "MaxPool", "Split",     "Gather"};
    return all.contains(what.op);
}

bool is_unsigned_of(const node& what) {
    return what.get<std::int64_t>("unsigned", what.has_input(2) ? 0 : 1) != 0;
}

quantization quantization_of(const graph& model, const node& what) {
    const auto constant = [&](std::size_t input, const char* named) -> const array& {
        const auto found = model.constants.find(what.inputs[input]);
        if (found == model.constants.end()) what.refuse(std::string("its ") + named + " is no constant");
        if (found->second.holds_integers() != (input == 2))
            what.refuse(std::string("its ") + named + (input == 2 ? " is no integer" : " is an integer"));
        return found->second;
    };
    quantization result;
    for (const double scale : constant(1, "scale").reals()) {
        if (!(scale > 0) || !std::isfinite(scale)) what.refuse("a scale is " + std::to_string(scale));
        result.scales.push_back(scale);
    }
    result.zero_points.assign(result.scales.size(), 0);
    if (what.has_input(2)) result.zero_points = constant(2, "zero point").integers();
    if (result.zero_points.size() != result.scales.size())
        what.refuse("it has another number of zero points than of scales");
    const bool is_unsigned = is_unsigned_of(what);
    for (std::int64_t& zero : result.zero_points) {
        zero -= is_unsigned ? 128 : 0;
        if (zero < -128 || zero > 127) what.refuse("its zero point is no integer of 8 bits");
    }
    return result;
}

/// An input of integers, which may be moved before DequantizeLinear says what they are.
void take_quantization_of_inputs(graph& model) {
    std::map<std::string, value*> sources;
    for (value& input : model.inputs)
        if (input.integers) sources.emplace(input.name, &input);
    for (const node& what : model.nodes) {
        const auto source = what.inputs.empty() ? sources.end() : sources.find(what.inputs[0]);
        if (source == sources.end()) continue;
        value* const input = source->second;
        if (what.op == "DequantizeLinear") {
            input->integers = false;
            model.quantized.emplace(input->name, quantization_of(model, what));
        } else if (keeps_meaning(what)) {
            for (const std::string& output : what.outputs) sources.emplace(output, input);
        }
    }
}

/// Whether all integers lie between a QuantizeLinear and a DequantizeLinear.
bool has_only_real_operators(const graph& model) {
    if (std::any_of(model.inputs.begin(), model.inputs.end(), [](const value& input) { return input.integers; }))
        return false;
    std::set<std::string> integers;
    for (const node& what : model.nodes) {
        if (what.has("of_integers")) return false;
        if (what.op == "QuantizeLinear" ||
            (keeps_meaning(what) && !what.inputs.empty() && integers.contains(what.inputs[0])))
            integers.insert(what.outputs.begin(), what.outputs.end());
    }
    return std::none_of(model.outputs.begin(), model.outputs.end(),
                        [&](const value& output) { return integers.contains(output.name); });
}

}  // namespace

void take_quantization(graph& model) {
    const bool is_quantized = std::any_of(model.nodes.begin(), model.nodes.end(), [](const node& what) {
        return what.op == "QuantizeLinear" || what.op == "DequantizeLinear";
    });
    if (!is_quantized) return;
    const bool is_real = has_only_real_operators(model);
    take_quantization_of_inputs(model);
    std::map<std::string, quantization>& known = model.quantized;
    std::vector<node> kept;
    std::set<std::string> of_unsigned;  // numbers that DequantizeLinear makes of unsigned integers
    for (node& what : model.nodes) {
        const std::string from = what.inputs.empty() ? std::string() : what.inputs[0];
        if (what.op == "DequantizeLinear") {
            if (is_unsigned_of(what)) of_unsigned.insert(what.outputs[0]);
            if (const auto constant = model.constants.find(from); constant != model.constants.end()) {
                std::vector<const array*> arguments;
                for (const std::string& name : what.inputs)
                    arguments.push_back(name.empty() ? nullptr : &model.constants.at(name));
                model.constants.insert_or_assign(what.outputs[0], std::move(evaluate_node(what, arguments)[0]));
                known[what.outputs[0]] = quantization_of(model, what);
                continue;
            }
            const quantization how = quantization_of(model, what);
            if (how.scales.size() > 1) what.refuse("it has several scales for values that are computed");
            if (!known.contains(from)) what.refuse("its input is no result of QuantizeLinear");
            if (known.at(from) != how) what.refuse("its scale or its zero point is not that of the integers it takes");
            known[what.outputs[0]] = how;
        } else if (what.op == "QuantizeLinear") {
            const quantization how = quantization_of(model, what);
            if (how.scales.size() > 1) what.refuse("it has several scales for values that are computed");
            if (known.contains(from) && known.at(from) != how)
                what.refuse("it changes the scale or the zero point of integers");
            known[what.outputs[0]] = how;
        } else {
            if (keeps_meaning(what) && known.contains(from))
                for (const std::string& output : what.outputs) {
                    known[output] = known.at(from);
                    if (of_unsigned.contains(from)) of_unsigned.insert(output);
                }
            // onnxruntime does these as QLinearAdd and QLinearMul. On x86-64 it makes signed integers that are computed
            // unsigned, but not constants, and then computes with the numbers.
            if ((what.op == "Add" || what.op == "Mul") &&
                std::all_of(what.inputs.begin(), what.inputs.end(),
                            [&](const std::string& input) { return of_unsigned.contains(input); }))
                what.attributes["of_integers"] = std::int64_t{1};
            kept.push_back(std::move(what));
            continue;
        }
        (is_unsigned_of(what) ? model.has_unsigned : model.has_signed) = true;
        what.op = "Identity";
        what.inputs.resize(1);
        what.attributes.clear();
        kept.push_back(std::move(what));
    }
    model.nodes = std::move(kept);
    const auto has_no_constant = [&](const node& what) {
        return std::none_of(what.inputs.begin(), what.inputs.end(),
                            [&](const std::string& input) { return model.constants.contains(input); });
    };
    for (const node& what : model.nodes)
        if ((what.op == "ReduceMean" || (what.op == "Sub" && has_no_constant(what))) && known.contains(what.inputs[0]))
            model.notes.push_back("of integers, which onnxruntime computes in float: " + what.name);
    for (value& output : model.outputs)
        if (known.contains(output.name)) output.integers = false;
    // onnxruntime on x86-64 makes unsigned integers of these.
    if (is_real && model.has_signed) model.has_signed = false, model.has_unsigned = true;
}

}  // namespace ctnn_import
