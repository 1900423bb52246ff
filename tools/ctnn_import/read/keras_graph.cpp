// SPDX-License-Identifier: BSL-1.0
#include "read/keras_graph.hpp"

#include "evaluate_onnx/evaluate.hpp"
#include "graph/operator_call.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace ctnn_import {

namespace {

/// The opset of most operators; those of a later one are in every opset here.
constexpr std::int64_t opset_of_keras = 17;

}  // namespace

array permuted_array(const array& of, const std::vector<std::size_t>& order) {
    const auto own = strides_of(of.dims);
    array result;
    std::vector<std::int64_t> strides;
    for (const std::size_t axis : order) {
        result.dims.push_back(of.dims[axis]);
        strides.push_back(own[axis]);
    }
    std::vector<double> numbers(of.size());
    const std::vector<std::int64_t> one[]{strides};
    for_each_element(result.dims, one, [&](std::size_t flat, const std::int64_t* offsets) {
        numbers[flat] = of.reals()[static_cast<std::size_t>(offsets[0])];
    });
    result.values = std::move(numbers);
    return result;
}

std::string keras_graph::fresh(const std::string& name) const {
    std::string result = name;
    for (std::size_t number = 2; graph_.shapes.contains(result); ++number) result = name + " " + std::to_string(number);
    return result;
}

keras_value keras_graph::input(const std::string& name, const extents& dims, bool integers) {
    if (graph_.shapes.contains(name)) throw refusal("two inputs have the name \"" + name + "\"");
    for (const std::int64_t extent : dims)
        if (extent < 1 || extent > std::int64_t{1} << 26 || count(dims) > std::int64_t{1} << 26)
            throw refusal("the input \"" + name + "\" is " + text_of(dims));
    graph_.inputs.push_back({name, dims, integers});
    graph_.shapes[name] = dims;
    integer_values_[name] = integers;
    return as_is(name);
}

std::string keras_graph::constant(const std::string& name, array numbers) {
    const std::string result = fresh(name);
    graph_.shapes[result] = numbers.dims;
    integer_values_[result] = numbers.holds_integers();
    graph_.constants[result] = std::move(numbers);
    return result;
}
std::string keras_graph::integers(const std::string& name, std::vector<std::int64_t> numbers) {
    const extents size{static_cast<std::int64_t>(numbers.size())};
    return constant(name, {size, std::move(numbers)});
}

node keras_graph::node_of(const std::string& op, const std::string& name, std::vector<std::string> inputs,
                          attributes with, std::size_t output) const {
    node next;
    next.op = op;
    next.name = fresh(name);
    next.inputs = std::move(inputs);
    next.outputs.resize(output + 1);
    next.outputs[output] = next.name;
    next.attributes = std::move(with);
    next.opset = op == "Mish" ? 18 : opset_of_keras;
    return next;
}

std::string keras_graph::emit_as(const std::string& op, const std::string& name, std::vector<std::string> inputs,
                                 const extents& dims, attributes with, std::size_t output, bool integers) {
    graph_.nodes.push_back(node_of(op, name, std::move(inputs), std::move(with), output));
    const std::string& made = graph_.nodes.back().name;
    graph_.shapes[made] = dims;
    integer_values_[made] = integers;
    return made;
}

std::string keras_graph::emit(const std::string& op, const std::string& name, std::vector<std::string> inputs,
                              attributes with, std::size_t output) {
    const node next = node_of(op, name, std::move(inputs), std::move(with), output);
    // Extents do not depend on values, so zeros will do, also as indices.
    std::map<std::string, array> zeros;
    std::vector<const array*> arguments;
    for (const std::string& input : next.inputs) {
        if (input.empty()) {
            arguments.push_back(nullptr);
        } else if (const auto found = graph_.constants.find(input); found != graph_.constants.end()) {
            arguments.push_back(&found->second);
        } else {
            const extents& dims = graph_.shapes.at(input);
            const auto size = static_cast<std::size_t>(count(dims));
            array& made = zeros[input];
            made.dims = dims;
            if (integer_values_.at(input))
                made.values = std::vector<std::int64_t>(size);
            else
                made.values = std::vector<double>(size);
            arguments.push_back(&made);
        }
    }
    const auto results = evaluate_node(next, arguments);
    graph_.shapes[next.name] = results.at(output).dims;
    integer_values_[next.name] = results.at(output).holds_integers();
    if (count(results[output].dims) < 1) next.refuse("its output is empty");
    graph_.nodes.push_back(next);
    return next.name;
}

keras_value keras_graph::as_is(const std::string& of) {
    values_.push_back({graph_.shapes.at(of), of, "", false, {}, integer_values_.at(of)});
    return values_.size() - 1;
}
keras_value keras_graph::channels_first(const std::string& of) {
    extents dims = graph_.shapes.at(of);
    std::rotate(dims.begin() + 1, dims.begin() + 2, dims.end());
    values_.push_back({dims, "", of, true, {}, integer_values_.at(of)});
    return values_.size() - 1;
}
keras_value keras_graph::flattened(const std::string& of, const extents& dims) {
    values_.push_back({graph_.shapes.at(of), "", of, true, dims, integer_values_.at(of)});
    return values_.size() - 1;
}

std::string keras_graph::in_place(keras_value of) {
    if (values_[of].last.empty()) {
        const value_of_keras given = values_[of];
        const bool flat = !given.before.empty();
        std::string made = given.first;
        if (flat)
            made = emit_as("Reshape", made + "/image", {made, integers(made + "/extents", given.before)}, given.before,
                           {}, 0, given.integers);
        std::vector<std::int64_t> order(graph_.shapes.at(made).size());
        std::iota(order.begin(), order.end(), 0);
        std::rotate(order.begin() + 1, order.begin() + 2, order.end());
        extents dims = graph_.shapes.at(made);
        std::rotate(dims.begin() + 1, dims.begin() + 2, dims.end());
        made = emit_as("Transpose", given.first + "/channels_last", {made}, dims, {{"perm", order}}, 0, given.integers);
        if (flat)
            made = emit_as("Reshape", given.first + "/flat", {made, integers(made + "/extents", given.dims)},
                           given.dims, {}, 0, given.integers);
        values_[of].last = made;
    }
    return values_[of].last;
}

std::string keras_graph::moved(keras_value of) {
    // What was flattened is no image.
    if (values_[of].first.empty()) {
        const std::string from = values_[of].last;
        std::vector<std::int64_t> order(graph_.shapes.at(from).size());
        std::iota(order.begin(), order.end(), 0);
        std::rotate(order.begin() + 1, order.end() - 1, order.end());
        extents dims = graph_.shapes.at(from);
        std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
        values_[of].first =
            emit_as("Transpose", from + "/channels_first", {from}, dims, {{"perm", order}}, 0, values_[of].integers);
    }
    return values_[of].first;
}

void keras_graph::quantize(keras_value of, const quantization& how, bool is_unsigned) {
    (is_unsigned ? graph_.has_unsigned : graph_.has_signed) = true;
    const value_of_keras& given = values_[of];
    graph_.quantized[given.is_moved ? given.first : given.last] = how;
}

graph keras_graph::finish(const std::vector<std::pair<std::string, keras_value>>& outputs) {
    std::set<std::string> used;
    for (const auto& [name, of] : outputs) {
        std::string made = in_place(of);
        const bool is_input = std::any_of(graph_.inputs.begin(), graph_.inputs.end(),
                                          [&](const value& input) { return input.name == made; });
        if (is_input || graph_.constants.contains(made) || !used.insert(made).second) {
            made = emit_as("Identity", name, {made}, extents(graph_.shapes.at(made)), {}, 0, integer_values_.at(made));
            used.insert(made);
        }
        graph_.outputs.push_back({made, graph_.shapes.at(made), integer_values_.at(made)});
    }
    // Outputs have the names of their layers, as far as nothing else has.
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        value& output = graph_.outputs[i];
        const std::string before = output.name, &now = outputs[i].first;
        const bool is_input = std::any_of(graph_.inputs.begin(), graph_.inputs.end(),
                                          [&](const value& input) { return input.name == now; });
        if (before == now || is_input || graph_.constants.contains(now)) continue;
        const std::string other = fresh(now);
        for (node& one : graph_.nodes)
            for (auto* const names : {&one.inputs, &one.outputs})
                for (std::string& name : *names) name = name == before ? now : name == now ? other : name;
        for (value& one : graph_.outputs) one.name = one.name == before ? now : one.name == now ? other : one.name;
        if (const auto taken = graph_.shapes.find(now); taken != graph_.shapes.end())
            graph_.shapes[other] = taken->second;
        graph_.shapes[now] = graph_.shapes.at(before);
        graph_.shapes.erase(before);
        for (const auto& [from, to] : {std::pair(now, other), std::pair(before, now)})
            if (auto how = graph_.quantized.extract(from)) {
                how.key() = to;
                graph_.quantized.insert(std::move(how));
            }
    }
    return std::move(graph_);
}

graph needed(graph model) {
    std::set<std::string> names;
    for (const value& output : model.outputs) names.insert(output.name);
    std::vector<node> kept;
    for (auto at = model.nodes.rbegin(); at != model.nodes.rend(); ++at) {
        if (std::none_of(at->outputs.begin(), at->outputs.end(),
                         [&](const std::string& name) { return names.contains(name); }))
            continue;
        names.insert(at->inputs.begin(), at->inputs.end());
        kept.push_back(std::move(*at));
    }
    model.nodes.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
    std::erase_if(model.inputs, [&](const value& input) { return !names.contains(input.name); });
    return model;
}

}  // namespace ctnn_import
