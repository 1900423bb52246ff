// SPDX-License-Identifier: BSL-1.0
// Loop and Scan, with the nodes of each step in their place.
#include "evaluate_onnx/evaluate.hpp"
#include "graph/operator_call.hpp"
#include "read/node_reader.hpp"
#include "read/tensor_data.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <utility>

namespace ctnn_import {

namespace {

/// A network of more steps, or of more nodes, would take compilers too long.
constexpr std::int64_t most_steps = 64;
constexpr std::size_t most_unrolled_nodes = 20000;

const onnx::AttributeProto* attribute_called(const onnx::NodeProto& of, const char* name) {
    for (const auto& one : of.attribute())
        if (one.name() == name) return &one;
    return nullptr;
}
std::int64_t integer_of(const onnx::NodeProto& of, const char* name, std::int64_t otherwise) {
    const auto* const found = attribute_called(of, name);
    return found == nullptr ? otherwise : found->i();
}
/// A list with one number for each of `count` values; zeros if it is absent.
std::vector<std::int64_t> numbers_in(const onnx::NodeProto& given, const char* name, std::size_t count,
                                     const node& of) {
    const auto* const found = attribute_called(given, name);
    if (found == nullptr) return std::vector<std::int64_t>(count);
    if (static_cast<std::size_t>(found->ints_size()) != count)
        of.refuse("its " + std::string(name) + " has " + std::to_string(found->ints_size()) + " numbers, and not " +
                  std::to_string(count));
    return {found->ints().begin(), found->ints().end()};
}

}  // namespace

const onnx::GraphProto& node_reader::body_of(const onnx::NodeProto& given, const node& of) const {
    const auto* const body = attribute_called(given, "body");
    if (body == nullptr || !body->has_g()) of.refuse("its attribute body is missing");
    return body->g();
}

std::string node_reader::constant(const std::string& name, array numbers) {
    if (!made_.insert(name).second) throw refusal("value " + ctnn::io::detail::in_quotes(name) + ": it is made twice");
    to_.constants.emplace(name, std::move(numbers));
    return name;
}

void node_reader::apply(const node& like, const std::string& op, std::vector<std::string> inputs,
                        const std::string& output, std::map<std::string, attribute> attributes) {
    node next = like;
    next.op = op;
    next.inputs = std::move(inputs);
    next.outputs = {output};
    next.attributes = std::move(attributes);
    next.opset = 13;
    add(std::move(next));
}

/// The outputs of one step: the values that go to the next one, and what is collected.
std::vector<std::string> node_reader::step(const onnx::GraphProto& body, const node& of, scope& in,
                                           const std::vector<std::string>& inputs, std::size_t nodes_before) {
    for (int i = 0; i < body.input_size(); ++i) in.names[body.input(i).name()] = inputs[static_cast<std::size_t>(i)];
    read(body, in);
    if (to_.nodes.size() - nodes_before > most_unrolled_nodes)
        of.refuse("its steps have more than " + std::to_string(most_unrolled_nodes) +
                  " nodes, and the importer writes out each of them");
    std::vector<std::string> outputs;
    for (const auto& output : body.output()) {
        const auto name = resolved(in, output.name());
        if (!name || name->empty() || !made_.contains(*name))
            of.refuse("nothing computes the output " + ctnn::io::detail::in_quotes(output.name()) + " of its body");
        outputs.push_back(*name);
    }
    return outputs;
}

/// Joins what the steps have collected along a new axis.
void node_reader::collect(const node& of, const std::vector<std::string>& parts, const std::string& prefix,
                          std::int64_t axis, const std::string& output) {
    if (output.empty()) return;
    if (parts.empty()) of.refuse("it takes no step, and an output is empty");
    std::vector<std::string> rows;
    const std::string axes = constant(prefix + output + " axis", {{1}, std::vector<std::int64_t>{axis}});
    for (std::size_t i = 0; i < parts.size(); ++i)
        apply(of, "Unsqueeze", {parts[i], axes}, rows.emplace_back(prefix + output + " " + std::to_string(i)));
    apply(of, "Concat", rows, output, {{"axis", axis}});
}

void node_reader::begin(const onnx::GraphProto& body, const node& of, scope& constants) {
    is_plain_ = false;
    if (constants.depth > deepest_call) of.refuse("loops are nested more than 32 deep");
    for (const auto& tensor : body.initializer())
        constant(defined(constants, tensor.name()),
                 array_of(tensor, folder_, "initialiser " + ctnn::io::detail::in_quotes(tensor.name())));
}

void node_reader::loop(const onnx::NodeProto& given, const scope& from) {
    const node caller = caller_of(given, from.opset);
    const onnx::GraphProto& body = body_of(given, caller);
    const int carried = given.input_size() - 2, collected = body.output_size() - 1 - carried;
    if (carried < 0 || body.input_size() != carried + 2 || collected < 0 || given.output_size() > carried + collected)
        caller.refuse("its inputs and outputs are not those of its body");
    std::int64_t most = most_steps + 1;
    if (!given.input(0).empty()) most = std::min(most, whole_number(caller, given.input(0), "its trip count"));
    bool goes_on = given.input(1).empty() || whole_number(caller, given.input(1), "its condition") != 0;

    scope constants{&from, prefix_of(caller), {}, from.caller, from.opset, from.depth + 1};
    begin(body, caller, constants);
    const std::size_t before = to_.nodes.size();
    std::vector<std::string> values(given.input().begin() + 2, given.input().end());
    std::vector<std::vector<std::string>> parts(static_cast<std::size_t>(collected));
    for (std::int64_t t = 0; goes_on && t < most; ++t) {
        if (t == most_steps)
            caller.refuse("it takes more than " + std::to_string(most_steps) +
                          " steps, and the importer writes out each of them");
        scope in{&constants, constants.prefix + std::to_string(t) + "/", {}, from.caller, from.opset, constants.depth};
        std::vector<std::string> inputs{constant(in.prefix + "step", {{}, std::vector<std::int64_t>{t}}),
                                        constant(in.prefix + "goes on", {{}, std::vector<std::int64_t>{1}})};
        inputs.insert(inputs.end(), values.begin(), values.end());
        const auto outputs = step(body, caller, in, inputs, before);
        values.assign(outputs.begin() + 1, outputs.begin() + 1 + carried);
        for (std::size_t i = 0; i < parts.size(); ++i) parts[i].push_back(outputs[values.size() + 1 + i]);
        goes_on = whole_number(caller, outputs[0], "its condition") != 0;
    }
    for (int i = 0; i < given.output_size(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (i >= carried)
            collect(caller, parts[at - values.size()], constants.prefix, 0, given.output(i));
        else if (!given.output(i).empty())
            alias(values[at], given.output(i), caller);
    }
}

void node_reader::scan(const onnx::NodeProto& given, const scope& from) {
    const node caller = caller_of(given, from.opset);
    const onnx::GraphProto& body = body_of(given, caller);
    // Before opset 9 there are lengths, and the first axis of all others is a batch.
    const bool batched = from.opset < 9;
    if (batched && given.input_size() > 0 && !given.input(0).empty()) caller.refuse("its sequence_lens are given");
    const std::vector<std::string> given_inputs(given.input().begin() + (batched && given.input_size() > 0 ? 1 : 0),
                                                given.input().end());
    const auto taken = static_cast<std::size_t>(std::max<std::int64_t>(integer_of(given, "num_scan_inputs", 0), 0));
    const std::size_t inputs_of_body = static_cast<std::size_t>(body.input_size()),
                      outputs_of_body = static_cast<std::size_t>(body.output_size());
    if (taken == 0 || taken > given_inputs.size() || inputs_of_body != given_inputs.size() ||
        outputs_of_body < given_inputs.size() - taken ||
        static_cast<std::size_t>(given.output_size()) > outputs_of_body)
        caller.refuse("its inputs and outputs are not those of its body");
    const std::size_t carried = given_inputs.size() - taken, collected = outputs_of_body - carried;
    auto axes = numbers_in(given, "scan_input_axes", taken, caller),
         result_axes = numbers_in(given, "scan_output_axes", collected, caller);
    const auto backwards = numbers_in(given, batched ? "directions" : "scan_input_directions", taken, caller),
               collected_backwards = numbers_in(given, "scan_output_directions", collected, caller);

    scope constants{&from, prefix_of(caller), {}, from.caller, from.opset, from.depth + 1};
    begin(body, caller, constants);
    const auto index = [&](const std::string& name, std::int64_t number) {
        return constant(constants.prefix + name, {{}, std::vector<std::int64_t>{number}});
    };
    std::vector<std::string> values(given_inputs);
    if (batched) {
        const std::string first = index("first sample", 0);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const extents dims = extents_of(caller, values[i]);
            if (dims.empty() || dims[0] != 1) caller.refuse("its inputs are no batch of one");
            const std::string sample = constants.prefix + "sample " + std::to_string(i);
            apply(caller, "Gather", {values[i], first}, sample, {{"axis", std::int64_t{0}}});
            values[i] = sample;
        }
    }
    const std::vector<std::string> sequences(values.begin() + static_cast<std::ptrdiff_t>(carried), values.end());
    values.resize(carried);
    std::int64_t length = -1;
    for (std::size_t i = 0; i < taken; ++i) {
        const extents dims = extents_of(caller, sequences[i]);
        const std::size_t axis = axis_in(caller, axes[i], dims.size());
        axes[i] = static_cast<std::int64_t>(axis);
        if (length >= 0 && dims[axis] != length) caller.refuse("its sequences have different lengths");
        length = dims[axis];
    }
    if (length > most_steps)
        caller.refuse("it takes " + std::to_string(length) + " steps, and the importer writes out at most " +
                      std::to_string(most_steps));
    const std::size_t before = to_.nodes.size();
    std::vector<std::vector<std::string>> parts(collected);
    for (std::int64_t t = 0; t < length; ++t) {
        scope in{&constants, constants.prefix + std::to_string(t) + "/", {}, from.caller, from.opset, constants.depth};
        std::vector<std::string> inputs = values;
        for (std::size_t i = 0; i < taken; ++i) {
            const std::string number = std::to_string(t) + "/input " + std::to_string(i);
            const std::string at = index(number + " at", backwards[i] != 0 ? length - 1 - t : t);
            apply(caller, "Gather", {sequences[i], at}, inputs.emplace_back(constants.prefix + number),
                  {{"axis", axes[i]}});
        }
        const auto outputs = step(body, caller, in, inputs, before);
        values.assign(outputs.begin(), outputs.begin() + static_cast<std::ptrdiff_t>(carried));
        for (std::size_t i = 0; i < collected; ++i) parts[i].push_back(outputs[carried + i]);
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(given.output_size()); ++i) {
        const std::string& output = given.output(static_cast<int>(i));
        if (output.empty()) continue;
        const std::string whole = batched ? constants.prefix + "batch of " + output : output;
        if (i >= carried) {
            auto& rows = parts[i - carried];
            if (collected_backwards[i - carried] != 0) std::reverse(rows.begin(), rows.end());
            std::int64_t axis = result_axes[i - carried];
            if (axis < 0 && !rows.empty()) axis += static_cast<std::int64_t>(extents_of(caller, rows[0]).size()) + 1;
            if (axis < 0) caller.refuse("its scan_output_axes are not those of its outputs");
            collect(caller, rows, constants.prefix, axis, whole);
        } else {
            alias(values[i], whole, caller);
        }
        if (batched)
            apply(caller, "Unsqueeze", {whole, constant(whole + " axis", {{1}, std::vector<std::int64_t>{0}})}, output);
    }
}

}  // namespace ctnn_import
