// SPDX-License-Identifier: BSL-1.0
#include "evaluate_onnx/evaluate.hpp"
#include "simplify/simplify.hpp"

#include <algorithm>
#include <set>

namespace ctnn_import {

namespace {

/// Renames every use of a value.
void rename(graph& model, const std::string& from, const std::string& to) {
    for (node& user : model.nodes) std::replace(user.inputs.begin(), user.inputs.end(), from, to);
    for (value& output : model.outputs)
        if (output.name == from) output.name = to;
    if (auto how = model.quantized.extract(from); how && !model.quantized.contains(to)) {
        how.key() = to;
        model.quantized.insert(std::move(how));
    }
}

/// Which values are integers: integer inputs, and what is computed from them.
class integer_values {
  public:
    explicit integer_values(const graph& model) {
        for (const value& input : model.inputs)
            if (input.integers) names_.insert(input.name);
    }
    bool contains(const std::string& name) const { return names_.contains(name); }
    void add(const node& what) {
        // The result of a Gather has the type of its data, not of its indices.
        const auto end = what.op == "Gather" ? what.inputs.begin() + 1 : what.inputs.end();
        const bool any = std::any_of(what.inputs.begin(), end, [&](const auto& name) { return contains(name); });
        if (what.op == "Cast" ? makes_reals(what) : !any) return;
        for (const std::string& name : what.outputs) names_.insert(name);
    }

  private:
    std::set<std::string> names_;
};

bool changes_nothing(const integer_values& integers, const node& what) {
    if (what.op == "Identity") return true;
    // A Dropout with a mask output stays.
    if (what.op == "Dropout") return !what.has_output(1);
    if (what.op != "Cast") return false;
    // Between floating-point types, or between integer types for indices from an input. A Cast from integer to floating
    // point stays: the network computes with its result.
    const std::int64_t to = what.get<std::int64_t>("to", 0);
    return integers.contains(what.inputs[0]) ? to == 6 || to == 7 : makes_reals(what);
}

/// Rejects a Dropout in training mode, by evaluating it.
void check_dropout(const graph& model, const node& what) {
    const array nothing{{0}, std::vector<double>{}};
    std::vector<const array*> arguments{&nothing};
    for (std::size_t i = 1; i < what.inputs.size(); ++i) {
        const auto found = model.constants.find(what.inputs[i]);
        if (what.has_input(i) && found == model.constants.end()) what.refuse("its ratio or mode is not a constant");
        arguments.push_back(what.has_input(i) ? &found->second : nullptr);
    }
    evaluate_node(what, arguments);
}

/// Folds a node if its inputs are constants; false if it depends on an input.
bool fold(graph& model, const node& what) {
    std::vector<const array*> arguments;
    array extents_alone;
    for (const std::string& name : what.inputs) {
        const auto found = model.constants.find(name);
        if (name.empty()) {
            arguments.push_back(nullptr);
        } else if (found != model.constants.end()) {
            arguments.push_back(&found->second);
        } else if (what.op == "Shape") {
            // Only the extents are read.
            extents_alone.dims = model.shapes.at(name);
            arguments.push_back(&extents_alone);
        } else {
            return false;
        }
    }
    auto results = evaluate_node(what, arguments);
    for (std::size_t i = 0; i < what.outputs.size() && i < results.size(); ++i)
        if (what.has_output(i)) model.constants.insert_or_assign(what.outputs[i], std::move(results[i]));
    return true;
}

}  // namespace

void fold_constants(graph& model) {
    std::vector<node> left;
    integer_values integers(model);
    // In topological order one pass is enough. Renaming reaches the nodes that are still to come.
    for (std::size_t i = 0; i < model.nodes.size(); ++i) {
        const node what = model.nodes[i];
        if (!model.constants.contains(what.inputs.empty() ? "" : what.inputs[0]) && changes_nothing(integers, what)) {
            if (what.op == "Dropout") check_dropout(model, what);
            rename(model, what.outputs[0], what.inputs[0]);
        } else if (!fold(model, what)) {
            integers.add(what);
            left.push_back(what);
        }
    }
    model.nodes = std::move(left);

    // Dead-node elimination, backwards from the outputs.
    std::set<std::string> needed;
    for (const value& output : model.outputs) needed.insert(output.name);
    std::vector<node> kept;
    for (auto at = model.nodes.rbegin(); at != model.nodes.rend(); ++at) {
        const bool wanted = std::any_of(at->outputs.begin(), at->outputs.end(),
                                        [&](const std::string& name) { return needed.contains(name); });
        if (!wanted) continue;
        needed.insert(at->inputs.begin(), at->inputs.end());
        kept.push_back(*at);
    }
    std::reverse(kept.begin(), kept.end());
    model.nodes = std::move(kept);
    std::erase_if(model.constants, [&](const auto& entry) { return !needed.contains(entry.first); });
}

}  // namespace ctnn_import
