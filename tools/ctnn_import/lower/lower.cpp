// SPDX-License-Identifier: BSL-1.0
// The structure of a network: chains, branches that fork at one value and join in one operator, and graphs.
#include "lower/lower.hpp"

#include "graph/operator_call.hpp"
#include "lower/lowering.hpp"
#include "text.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace ctnn_import {

namespace {

const lowering_table& lowerings() {
    static const lowering_table table = [] {
        lowering_table all;
        add_activation_lowerings(all);
        add_arithmetic_lowerings(all);
        add_linear_lowerings(all);
        add_window_lowerings(all);
        add_reduction_lowerings(all);
        add_normalisation_lowerings(all);
        add_recurrent_lowerings(all);
        add_rearrangement_lowerings(all);
        add_resampling_lowerings(all);
        add_tree_lowerings(all);
        return all;
    }();
    return table;
}

/// The name of all inputs of a model with several, as one value.
const std::string all_inputs = "";

/// An operator would be computed twice, because branches are not nested: what forks is lowered again, as a graph.
struct not_nested : refusal {
    using refusal::refusal;
};

/// A value of a graph.
struct graph_value {
    std::string name;
    extents shape;
};

/// A graph as it grows: its nodes, and the model's values that it has.
struct growing_graph {
    layer made;
    std::map<std::string, graph_value> known;
    std::map<std::string, std::size_t> uses;  ///< how many of its operators take a value
    std::set<std::string> names;
};

class structure {
  public:
    explicit structure(const graph& model) : model_(model) {
        if (model.inputs.size() != 1) origins_[all_inputs] = {all_inputs, 0, nullptr, 0, false};
        for (const value& input : model.inputs) {
            const bool one = model.inputs.size() == 1;
            origins_[input.name] = {one ? input.name : all_inputs, one ? 0u : 1u, nullptr, 0, input.integers};
        }
        for (const node& what : model.nodes) add(what);
    }

    network whole() {
        if (model_.outputs.size() != 1 || model_.inputs.size() > 1) {
            std::vector<std::string> results;
            for (const value& result : model_.outputs) results.push_back(checked(result).name);
            return as_graph(results);
        }
        const value& result = checked(model_.outputs[0]);
        const bool has_input = !model_.inputs.empty();
        builder to(has_input ? without_batch(model_.inputs[0].dims) : extents{0}, has_input);
        extend(has_input ? model_.inputs[0].name : all_inputs, result.name, to);
        return finished(to, result);
    }

  private:
    /// The origin of a value, as a node of the dominator tree.
    struct origin {
        std::string before;  ///< the immediate dominator: the nearest value on all paths from the inputs
        std::size_t depth;   ///< in the dominator tree
        const node* maker;   ///< null for an input
        std::size_t output;  ///< the index among the maker's outputs
        bool integers;
    };

    const value& checked(const value& result) const {
        const std::string several = model_.outputs.size() < 2
                                        ? ""
                                        : "; the model has " + std::to_string(model_.outputs.size()) + " outputs, " +
                                              quoted_list(model_.outputs, &value::name) + ": --take NAME chooses one";
        if (result.integers) throw refusal("the output \"" + result.name + "\" holds integers" + several);
        if (!is_live(result.name))
            throw refusal("the output \"" + result.name + "\" does not depend on the input" + several);
        return result;
    }

    network finished(builder& to, const value& result) const {
        const extents wanted = without_batch(result.dims);
        if (to.shape() != wanted && to.shape() != squeezed(wanted)) to.view(squeezed(wanted));
        // A network needs at least one layer.
        if (to.layers().empty()) {
            layer nothing;
            nothing.kind = "activation";
            nothing.arguments = {"ctnn::identity"};
            to.add(std::move(nothing), extents(to.shape()));
        }
        network made{to.input(), to.shape(), {}, model_.notes};
        made.layers = to.take();
        return made;
    }

    static extents without_batch(extents dims) {
        if (dims.size() > 1 && dims[0] == 1) dims.erase(dims.begin());
        return dims.empty() ? extents{1} : dims;
    }

    bool is_live(const std::string& name) const { return !name.empty() && origins_.contains(name); }

    void add(const node& what) {
        const std::vector<std::string> from = live_inputs(what);
        if (from.empty()) return;
        bool integers = true;
        std::string before = from[0];
        for (const std::string& name : from) {
            before = common(before, name);
            integers = integers && origins_.at(name).integers;
        }
        // The network represents integers as floating-point values. Data movement is exact on them; integer division
        // and rounding are not.
        if (integers) {
            static const std::set<std::string> moves{"Reshape",  "Flatten", "Squeeze",   "Unsqueeze",
                                                     "Identity", "Cast",    "Transpose", "Slice",
                                                     "Split",    "Gather",  "Concat",    "Expand"};
            if (!moves.contains(what.op)) what.refuse("it computes with integers that are not constants");
            if (what.op == "Cast" && what.get<std::int64_t>("to", 0) == 9) what.refuse("it casts integers to bool");
            const bool looks_up = what.op == "Gather" && !is_live(what.inputs[0]);
            integers = what.op == "Cast" ? !makes_reals(what) : !looks_up;
        } else if (what.op == "Cast" && !makes_reals(what)) {
            what.refuse("it casts floating point to another type than float and double");
        }
        for (std::size_t i = 0; i < what.outputs.size(); ++i)
            if (!what.outputs[i].empty())
                origins_[what.outputs[i]] = {before, origins_.at(before).depth + 1, &what, i, integers};
    }

    /// The non-constant inputs, with repetitions.
    std::vector<std::string> live_inputs(const node& what) const {
        std::vector<std::string> names;
        for (const std::string& name : what.inputs)
            if (is_live(name)) names.push_back(name);
        return names;
    }

    /// The nearest common dominator.
    std::string common(std::string a, std::string b) const {
        while (a != b) {
            std::string& deeper = origins_.at(a).depth >= origins_.at(b).depth ? a : b;
            deeper = origins_.at(deeper).before;
        }
        return a;
    }

    /// The value from which the next step computes this one: the live input of its operator, or, if that has several,
    /// the fork of its branches.
    std::string step_before(const std::string& name) const {
        const node* const maker = origins_.at(name).maker;
        if (maker == nullptr) return all_inputs;
        const auto names = live_inputs(*maker);
        return names.size() == 1 ? names[0] : origins_.at(name).before;
    }

    /// Appends to layers that end with the value `from` those that compute `result` from it.
    void extend(const std::string& from, const std::string& result, builder& to) {
        std::vector<std::string> steps;
        for (std::string name = result; name != from; name = step_before(name)) steps.push_back(name);
        for (auto name = steps.rbegin(); name != steps.rend(); ++name) make(*name, to);
    }

    void make(const std::string& name, builder& to) {
        const origin& of = origins_.at(name);
        const node& what = *of.maker;
        const auto names = live_inputs(what);
        if (names.size() > 1) return make_junction(name, to);
        once(what);
        const auto lowered = lowerings().find(what.op);
        if (lowered == lowerings().end()) what.refuse("ctnn has no layer for this operator");
        to.round(model_.quantized.contains(names[0]));
        const auto live = std::find(what.inputs.begin(), what.inputs.end(), names[0]) - what.inputs.begin();
        lowered->second(job{{model_, what}, static_cast<std::size_t>(live), of.output, to});
    }

    /// Branches if they are nested, and a graph if not.
    void make_junction(const std::string& name, builder& to) {
        const origin& of = origins_.at(name);
        const auto used = used_;
        const std::size_t repeated = repeated_, depth = depth_;
        try {
            once(*of.maker);
            auto branches = branches_of(*of.maker, of.before, to);
            join_branches(junction{{model_, *of.maker}, branches, to});
        } catch (const not_nested&) {
            used_ = used, repeated_ = repeated, depth_ = depth;
            growing_graph graph;
            graph.known[of.before] = {"input", to.shape()};
            graph.names = {"input"};
            count_uses({name}, graph);
            const graph_value result = add_value(name, graph);
            graph.made.kind = "graph";
            graph.made.outputs = {{result.name, result.shape}};
            to.add(std::move(graph.made), extents(result.shape));
        }
    }

    // --- Graphs

    /// A network with several inputs or outputs: one graph.
    network as_graph(const std::vector<std::string>& results) {
        growing_graph graph;
        std::int64_t size = 0, outputs = 0;
        for (const value& input : model_.inputs) {
            const std::string name =
                model_.inputs.size() == 1 ? *graph.names.insert("input").first : unique_name(input.name, graph);
            graph.known[input.name] = {name, without_batch(input.dims)};
            if (model_.inputs.size() > 1) graph.made.inputs.push_back({name, without_batch(input.dims)});
            size += count(input.dims);
        }
        count_uses(results, graph);
        for (const std::string& result : results) {
            graph_value made = add_value(result, graph);
            const auto at = std::find_if(model_.outputs.begin(), model_.outputs.end(),
                                         [&](const value& one) { return one.name == result; });
            const extents wanted = without_batch(at->dims);
            const auto is_output = [&](const named_shape& one) { return one.name == made.name; };
            const bool again = std::any_of(graph.made.outputs.begin(), graph.made.outputs.end(), is_output);
            if (again || (made.shape != wanted && made.shape != squeezed(wanted))) {
                builder view(extents(made.shape), false);
                view.view(squeezed(wanted));
                if (!again && !graph.made.sources.empty() && graph.made.sources.back().name == made.name) {
                    // Nothing takes the last node yet, so it keeps the name of the output.
                    for (layer& one : view.layers()) graph.made.branches.back().push_back(std::move(one));
                    made.shape = view.shape();
                    graph.known[result] = made;
                } else {
                    add_node(result, {}, {made.name}, view, graph);
                    made = {graph.made.sources.back().name, view.shape()};
                }
            }
            graph.made.outputs.push_back({made.name, made.shape});
            outputs += count(made.shape);
        }
        graph.made.kind = "graph";
        graph.made.input = {size};
        graph.made.output = results.size() == 1 ? graph.made.outputs[0].dims : extents{outputs};
        // A graph needs at least one node.
        if (graph.made.branches.empty()) {
            builder nothing(extents(graph.made.outputs[0].dims), false);
            add_node(results[0], {}, {graph.made.outputs[0].name}, nothing, graph);
            graph.made.outputs[0].name = graph.made.sources[0].name;
        }
        network whole{model_.inputs.size() == 1 ? without_batch(model_.inputs[0].dims) : extents{size},
                      graph.made.output,
                      {},
                      model_.notes};
        if (model_.inputs.size() == 1) graph.made.input = whole.input;
        whole.layers.push_back(std::move(graph.made));
        return whole;
    }

    /// Counts the operators that take each value, from some results back to what the graph begins with.
    void count_uses(const std::vector<std::string>& results, growing_graph& graph) const {
        std::set<std::string> seen;
        std::vector<std::string> open = results;
        for (const std::string& result : results) ++graph.uses[result];
        while (!open.empty()) {
            const std::string name = open.back();
            open.pop_back();
            if (graph.known.contains(name) || !seen.insert(name).second) continue;
            for (const std::string& input : live_inputs(*origins_.at(name).maker)) {
                ++graph.uses[input];
                open.push_back(input);
            }
        }
    }

    /// The steps from a value back to one that the graph has or will have as a node: what several operators take, and what
    /// a junction makes.
    std::string steps_to(std::string name, std::vector<std::string>& steps, const growing_graph& graph) const {
        while (!graph.known.contains(name) && (steps.empty() || graph.uses.at(name) < 2) &&
               live_inputs(*origins_.at(name).maker).size() == 1) {
            steps.push_back(name);
            name = live_inputs(*origins_.at(name).maker)[0];
        }
        return name;
    }
    void make_steps(const std::vector<std::string>& steps, builder& to) {
        for (auto name = steps.rbegin(); name != steps.rend(); ++name) make(*name, to);
    }

    /// A node for a value, after those for the values that it needs.
    graph_value add_value(const std::string& name, growing_graph& graph) {
        if (const auto found = graph.known.find(name); found != graph.known.end()) return found->second;
        if (++depth_ > 2000) origins_.at(name).maker->refuse("a path through the graph has more than 2000 values");
        std::vector<std::string> steps;
        std::string start = steps_to(name, steps, graph);
        const bool joins = !graph.known.contains(start) && live_inputs(*origins_.at(start).maker).size() > 1 &&
                           (steps.empty() || graph.uses.at(start) < 2);
        if (joins) {
            add_junction(name, start, steps, graph);
        } else {
            const graph_value from = add_value(start, graph);
            builder to(extents(from.shape), false);
            make_steps(steps, to);
            add_node(name, {}, {from.name}, to, graph);
            graph.known[name] = {graph.made.sources.back().name, to.shape()};
        }
        --depth_;
        return graph.known.at(name);
    }

    /// A node that combines several values: what is between these and the combination has nodes of its own.
    void add_junction(const std::string& name, const std::string& joined, const std::vector<std::string>& steps,
                      growing_graph& graph) {
        const node& what = *origins_.at(joined).maker;
        once(what);
        std::vector<std::optional<builder>> branches(what.inputs.size());
        std::vector<std::string> starts, ends;
        for (std::size_t i = 0; i < branches.size(); ++i) {
            if (!is_live(what.inputs[i])) continue;
            std::vector<std::string> before;
            std::string start = what.inputs[i];
            if (!graph.known.contains(start) && graph.uses.at(start) < 2) start = steps_to(start, before, graph);
            const graph_value from = add_value(start, graph);
            branches[i].emplace(extents(from.shape), false);
            make_steps(before, *branches[i]);
            starts.push_back(from.name);
            ends.push_back(what.inputs[i]);
        }
        builder to(squeezed(without_batch(model_.shapes.at(joined))), false);
        join_branches(junction{{model_, what}, branches, to, false});
        layer combination = std::move(to.layers().front());
        to.layers().erase(to.layers().begin());
        node_source source;
        source.combination = combination.kind;
        source.arguments = combination.arguments;
        source.shape = combination.output;
        for (std::size_t i = 0; i < starts.size(); ++i) {
            if (combination.branches[i].empty()) {
                source.from.push_back(starts[i]);
                continue;
            }
            builder part({}, false);
            part.layers() = std::move(combination.branches[i]);
            add_node(ends[i], {}, {starts[i]}, part, graph);
            source.from.push_back(graph.made.sources.back().name);
        }
        graph.made.multiply_accumulates += combination.multiply_accumulates;
        graph.made.add_node(what.name);
        make_steps(steps, to);
        add_node(name, std::move(source), {}, to, graph);
        graph.known[name] = {graph.made.sources.back().name, to.shape()};
    }

    void add_node(const std::string& value_name, node_source source, std::vector<std::string> from, builder& layers,
                  growing_graph& graph) const {
        source.name = unique_name(value_name, graph);
        if (source.combination.empty()) {
            source.from = std::move(from);
            source.shape = layers.layers().empty() ? layers.shape() : layers.layers().front().input;
        }
        graph.made.sources.push_back(std::move(source));
        graph.made.branches.push_back(layers.take());
    }

    /// A name for a value of the model that ctnn accepts: its letters, digits and underscores, the last 32.
    static std::string unique_name(const std::string& value_name, growing_graph& graph) {
        std::string name;
        for (const char c : value_name) {
            const bool valid = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (valid)
                name += c;
            else if (!name.empty() && name.back() != '_')
                name += '_';
        }
        if (name.size() > 32) name.erase(0, name.size() - 32);
        if (name.empty()) name = "value";
        std::string result = name;
        for (std::size_t number = 2; !graph.names.insert(result).second; ++number)
            result = name + "_" + std::to_string(number);
        return result;
    }

    /// Rejects duplicating layers with parameters, or expensive ones, into more than one branch.
    void once(const node& what) {
        static const std::set<std::string> cheap{
            "Reshape", "Flatten",     "Squeeze",   "Unsqueeze", "Identity", "Dropout",    "Transpose", "Slice",
            "Split",   "Gather",      "Expand",    "Pad",       "Relu",     "Sigmoid",    "Tanh",      "LeakyRelu",
            "Clip",    "HardSigmoid", "HardSwish", "Silu",      "Neg",      "Reciprocal", "Cast"};
        if (!used_.insert(&what).second && (!cheap.contains(what.op) || ++repeated_ > 64))
            throw not_nested("node \"" + what.name + "\" (" + what.op +
                             "): two of its outputs are used, and it would be computed twice");
    }

    /// A branch for each live input of a node.
    std::vector<std::optional<builder>> branches_of(const node& what, const std::string& fork, const builder& to) {
        if (++depth_ > 200) what.refuse("branches are nested more than 200 deep");
        std::vector<std::optional<builder>> branches(what.inputs.size());
        for (std::size_t i = 0; i < branches.size(); ++i) {
            if (!is_live(what.inputs[i])) continue;
            branches[i].emplace(extents(to.shape()), false);
            extend(fork, what.inputs[i], *branches[i]);
        }
        --depth_;
        return branches;
    }

    const graph& model_;
    std::map<std::string, origin> origins_;  ///< the values that depend on the input
    std::set<const node*> used_;
    std::size_t repeated_ = 0, depth_ = 0;
};

}  // namespace

network lower(const graph& model) {
    return structure(model).whole();
}

}  // namespace ctnn_import
