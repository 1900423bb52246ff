// SPDX-License-Identifier: BSL-1.0
// Applies the patterns to a fixed point and verifies each replacement numerically.
#include "simplify/patterns.hpp"

#include "evaluate_onnx/evaluate.hpp"
#include "graph/operator_call.hpp"
#include "simplify/simplify.hpp"

#include <algorithm>
#include <set>

namespace ctnn_import {

node new_node(const std::string& op, std::vector<std::string> inputs, const std::string& output, const node& like) {
    node result;
    result.op = op;
    result.name = output;
    result.inputs = std::move(inputs);
    result.outputs = {output};
    result.opset = like.opset;
    return result;
}

std::string parts::operator()(const std::string& op, std::vector<std::string> inputs,
                              std::map<std::string, attribute> attributes) {
    nodes_.push_back(new_node(op, std::move(inputs), in_.fresh(result_), like_));
    nodes_.back().attributes = std::move(attributes);
    return nodes_.back().outputs[0];
}
std::string parts::numbers(std::vector<std::int64_t> values) {
    const extents size{static_cast<std::int64_t>(values.size())};
    return in_.constant(result_, {size, std::move(values)});
}
std::string parts::reduced(const std::string& op, const std::string& x, const std::vector<std::int64_t>& axes,
                           bool keep) {
    const std::int64_t keepdims = keep;
    if (op == "ReduceSum") return (*this)(op, {x, numbers(axes)}, {{"keepdims", keepdims}});
    return (*this)(op, {x}, {{"keepdims", keepdims}, {"axes", axes}});
}
bool parts::replace(std::vector<std::string> sources) {
    nodes_.back().outputs = {result_};
    return in_.replace(result_, std::move(sources), std::move(nodes_));
}

std::optional<std::vector<std::int64_t>> reduced_axes(const rewriting& in, const node& what) {
    auto axes = what.get<std::vector<std::int64_t>>("axes", {});
    const std::size_t rank = in.dims(what.inputs[0]).size();
    if (what.opset >= (what.op == "ReduceSum" ? 13 : 18) && what.has_input(1)) {
        const array* const given = in.constant(what.inputs[1]);
        if (given == nullptr || !given->holds_integers()) return std::nullopt;
        axes = given->integers();
    }
    if (axes.empty() && what.get<std::int64_t>("noop_with_empty_axes", 0) != 0) return axes;
    if (axes.empty())
        for (std::size_t axis = 0; axis < rank; ++axis) axes.push_back(static_cast<std::int64_t>(axis));
    for (std::int64_t& axis : axes) axis = static_cast<std::int64_t>(axis_in(what, axis, rank));
    return axes;
}

void rewriting::index() {
    makers_.clear();
    users_.clear();
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
        for (const std::string& name : model_.nodes[i].outputs)
            if (!name.empty()) makers_[name] = i;
        for (const std::string& name : model_.nodes[i].inputs)
            if (!name.empty()) users_[name].push_back(i);
    }
}

void rewriting::remove(std::size_t place) {
    const auto at = model_.nodes.begin() + static_cast<std::ptrdiff_t>(place);
    for (const std::string& name : at->inputs) {
        const auto users = users_.find(name);
        if (users == users_.end()) continue;
        std::erase(users->second, place);
        if (users->second.empty()) users_.erase(users);
    }
    model_.nodes.erase(at);
}

bool rewriting::is_output(const std::string& value) const {
    return std::any_of(model_.outputs.begin(), model_.outputs.end(),
                       [&](const ctnn_import::value& output) { return output.name == value; });
}

const node* rewriting::maker(const std::string& value) const {
    const auto found = makers_.find(value);
    return found == makers_.end() ? nullptr : &model_.nodes[found->second];
}
const node* rewriting::maker(const std::string& value, const std::string& op) const {
    const node* const found = maker(value);
    return found != nullptr && found->op == op && found->outputs[0] == value ? found : nullptr;
}
const node* rewriting::only_user(const std::string& value) const {
    const auto found = users_.find(value);
    if (found == users_.end() || found->second.size() != 1 || is_output(value)) return nullptr;
    return &model_.nodes[found->second[0]];
}
const array* rewriting::constant(const std::string& value) const {
    const auto found = model_.constants.find(value);
    return found == model_.constants.end() ? nullptr : &found->second;
}
std::optional<double> rewriting::number(const std::string& value) const {
    const array* const found = constant(value);
    if (found == nullptr || found->size() != 1) return std::nullopt;
    return found->holds_integers() ? static_cast<double>(found->integers()[0]) : found->reals()[0];
}

std::string rewriting::fresh(const std::string& like) {
    std::string name;
    std::size_t number = 1;
    do name = like + "'" + std::to_string(number++);
    while (model_.shapes.contains(name));
    model_.shapes[name];
    return name;
}
std::string rewriting::constant(const std::string& like, array numbers) {
    const std::string name = fresh(like);
    model_.shapes[name] = numbers.dims;
    model_.constants[name] = std::move(numbers);
    return name;
}

void rewriting::add_makers(std::set<std::string> needed, std::size_t end, graph& to) const {
    for (std::size_t i = end; i-- > 0;) {
        const node& one = model_.nodes[i];
        const bool wanted = std::any_of(one.outputs.begin(), one.outputs.end(),
                                        [&](const std::string& name) { return needed.contains(name); });
        if (!wanted) continue;
        for (const std::string& name : one.inputs) {
            const bool given =
                std::any_of(to.inputs.begin(), to.inputs.end(), [&](const value& input) { return input.name == name; });
            if (!given) needed.insert(name);
        }
        to.nodes.insert(to.nodes.begin(), one);
    }
    for (const std::string& name : needed)
        if (const array* const numbers = constant(name)) to.constants[name] = *numbers;
}

bool rewriting::computes_the_same(const std::string& result, const std::vector<std::string>& sources,
                                  const std::vector<node>& by) {
    graph before, after;
    std::set<std::string> given, taken;
    for (const std::string& name : sources)
        if (!name.empty() && constant(name) == nullptr && given.insert(name).second)
            before.inputs.push_back({name, dims(name), false});
    after.inputs = before.inputs;
    const std::size_t end = makers_.at(result) + 1;
    add_makers({result}, end, before);
    for (const node& one : by)
        for (const std::string& name : one.inputs)
            if (!given.contains(name)) taken.insert(name);
    add_makers(taken, end, after);
    after.nodes.insert(after.nodes.end(), by.begin(), by.end());
    for (const std::uint64_t seed : {1u, 2u}) {
        auto inputs = random_inputs(before, seed);
        // Once within [-1, 1], and once wide enough to tell unbounded functions from saturating ones.
        if (seed == 2)
            for (auto& [name, numbers] : inputs)
                for (double& number : numbers.reals()) number *= 5;
        try {
            const auto made = evaluate(after, inputs);
            if (!near(made.at(result), evaluate(before, inputs).at(result), 1e-5, 1e-6)) return false;
            for (const auto& [name, numbers] : made) model_.shapes[name] = numbers.dims;
        } catch (const refusal&) { return false; }
    }
    return true;
}

bool rewriting::replace(std::string result, std::vector<std::string> sources, std::vector<node> by) {
    const std::size_t place = makers_.at(result);
    by.back().name = model_.nodes[place].name;
    if (!computes_the_same(result, sources, by)) return false;
    node& old = model_.nodes[place];
    std::replace(old.outputs.begin(), old.outputs.end(), result, std::string{});
    model_.nodes.insert(model_.nodes.begin() + static_cast<std::ptrdiff_t>(place) + 1, by.begin(), by.end());
    index();
    // Remove dead nodes.
    for (std::size_t i = model_.nodes.size(); i-- > 0;) {
        const auto& outputs = model_.nodes[i].outputs;
        if (std::none_of(outputs.begin(), outputs.end(), [&](const std::string& name) { return is_used(name); }))
            remove(i);
    }
    index();
    return true;
}

void recognise_patterns(graph& model) {
    rewriting in(model);
    // Fusions first, before anything else rewrites the subgraphs that they match.
    static constexpr pattern patterns[]{recognise_activation, recognise_choice, recognise_bounds, recognise_layer_norm,
                                        recognise_softmax,    recognise_mask,   part_gemm,        part_einsum,
                                        part_activation,      part_choice,      part_group_norm,  part_norm,
                                        part_reduction,       pick_part,        part_states,      nest_concat};
    for (const pattern recognise : patterns)
        // A replacement removes nodes anywhere before it, and may be part of the next match.
        for (std::size_t i = 0; i < in.size();) i = recognise(in, in.at(i)) ? 0 : i + 1;
    // Removes constants and nodes that are no longer used.
    fold_constants(model);
}

}  // namespace ctnn_import
