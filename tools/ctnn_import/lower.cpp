// SPDX-License-Identifier: BSL-1.0
// The structure of a network: chains, and branches that begin at one value and end in one operator.
#include "lower.hpp"

#include "lowering.hpp"
#include "operation.hpp"

#include <algorithm>
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
        add_normalisation_lowerings(all);
        add_recurrent_lowerings(all);
        add_rearrangement_lowerings(all);
        return all;
    }();
    return table;
}

/// The name of what comes before the inputs of a model that has several.
const std::string all_inputs = "";

class structure {
  public:
    explicit structure(const graph& model) : model_(model) {
        for (const value& input : model.inputs) live_[input.name] = model.inputs.size() == 1 ? input.name : all_inputs;
        for (const node& what : model.nodes) {
            std::vector<std::string> from = live_inputs(what);
            if (from.empty()) continue;
            std::string before = from[0];
            for (const std::string& other : from) before = common(before, other);
            for (std::size_t i = 0; i < what.outputs.size(); ++i) {
                if (what.outputs[i].empty()) continue;
                live_[what.outputs[i]] = before;
                makers_[what.outputs[i]] = {&what, i};
            }
        }
    }

    network whole() {
        if (model_.outputs.size() != 1)
            throw refusal("the model has " + std::to_string(model_.outputs.size()) + " outputs; the second is \"" +
                          model_.outputs[1].name + "\", and a network has one: --take NAME chooses it");
        const value& result = model_.outputs[0];
        if (result.integers) throw refusal("the output \"" + result.name + "\" holds integers");
        if (!live_.contains(result.name))
            throw refusal("the output \"" + result.name + "\" does not depend on the input");
        const bool one = model_.inputs.size() == 1;
        std::int64_t size = 0;
        for (const value& input : model_.inputs) size += count(input.dims);
        builder to(one ? without_batch(model_.inputs[0].dims) : extents{size}, one);
        extend(one ? model_.inputs[0].name : all_inputs, result.name, to);
        if (squeezed(to.shape()) != squeezed(result.dims)) to.view(squeezed(result.dims));
        network made{to.input(), to.shape(), {}, model_.notes};
        made.layers = to.take();
        return made;
    }

  private:
    /// What makes a value, and as which of its outputs.
    struct maker {
        const node* what;
        std::size_t output;
    };

    static extents without_batch(extents dims) {
        while (dims.size() > 1 && dims[0] == 1) dims.erase(dims.begin());
        return dims.empty() ? extents{1} : dims;
    }

    /// A place for every input that is not a constant, also where one value stands twice.
    std::vector<std::string> live_inputs(const node& what) const {
        std::vector<std::string> names;
        for (const std::string& name : what.inputs)
            if (live_.contains(name)) names.push_back(name);
        return names;
    }

    /// The values through which every way from the inputs to this one leads, itself first.
    std::vector<std::string> ways_to(std::string name) const {
        std::vector<std::string> all{name};
        while (name != all_inputs && live_.at(name) != name) all.push_back(name = live_.at(name));
        return all;
    }
    /// The nearest value through which all ways to both lead.
    std::string common(const std::string& a, const std::string& b) const {
        const auto of_a = ways_to(a);
        const std::set<std::string> seen(of_a.begin(), of_a.end());
        for (const std::string& name : ways_to(b))
            if (seen.contains(name)) return name;
        return all_inputs;
    }

    /// Appends to the layers, which have the value `from`, those that make `result` of it.
    void extend(const std::string& from, const std::string& result, builder& to) {
        if (from == result) return;
        const auto found = makers_.find(result);
        if (found == makers_.end()) return take_input(result, to);
        const auto [what, output] = found->second;
        const auto names = live_inputs(*what);
        once(*what);
        if (names.size() == 1) {
            extend(from, names[0], to);
            const auto lowered = lowerings().find(what->op);
            if (lowered == lowerings().end()) what->refuse("ctnn has no layer for this operator");
            const auto live = std::find(what->inputs.begin(), what->inputs.end(), names[0]) - what->inputs.begin();
            lowered->second(job{model_, *what, static_cast<std::size_t>(live), output, to});
            return;
        }
        std::string fork = names[0];
        for (const std::string& name : names) fork = common(fork, name);
        extend(from, fork, to);
        join(*what, fork, to);
    }

    /// A model of several inputs gets one, with all numbers one behind the other.
    void take_input(const std::string& name, builder& to) const {
        std::int64_t first = 0;
        for (const value& input : model_.inputs) {
            if (input.name == name) {
                to.slice({1, count(to.shape()), 1}, first, count(input.dims), name);
                return to.view(without_batch(input.dims));
            }
            first += count(input.dims);
        }
    }

    /// Layers with parameters, or that take long, must not stand in more than one branch.
    void once(const node& what) {
        static const std::set<std::string> cheap{
            "Reshape", "Flatten",     "Squeeze",   "Unsqueeze", "Identity", "Dropout",   "Transpose", "Slice",
            "Split",   "Gather",      "Expand",    "Pad",       "Relu",     "Sigmoid",   "Tanh",      "LeakyRelu",
            "Clip",    "HardSigmoid", "HardSwish", "Silu",      "Neg",      "Reciprocal"};
        if (!used_.insert(&what).second && !cheap.contains(what.op))
            what.refuse(
                "the graph is no nest of branches: what it makes goes to several operators whose ways do not "
                "come together in one");
    }

    void join(const node& what, const std::string& fork, builder& to);
    std::vector<builder> branches_of(const node& what, const std::string& fork, const builder& to, bool broadcast);

    const graph& model_;
    std::map<std::string, std::string> live_;  ///< the values that depend on the input, and what comes before them
    std::map<std::string, maker> makers_;
    std::set<const node*> used_;
};

/// A branch for each input of a node, constants not included.
std::vector<builder> structure::branches_of(const node& what, const std::string& fork, const builder& to,
                                            bool broadcast) {
    const extents& result = model_.shapes.at(what.outputs[0]);
    std::vector<builder> branches;
    for (const std::string& name : what.inputs) {
        if (name.empty()) continue;
        if (!live_.contains(name)) what.refuse("its input \"" + name + "\" is a constant among others that are not");
        builder& branch = branches.emplace_back(extents(to.shape()), false);
        extend(fork, name, branch);
        if (broadcast) branch.expand(model_.shapes.at(name), result, what.name);
    }
    return branches;
}

void structure::join(const node& what, const std::string& fork, builder& to) {
    const extents& result = model_.shapes.at(what.outputs[0]);
    const std::string& op = what.op;
    layer next;
    next.nodes = {what.name};
    extents output;
    std::vector<builder> branches;
    if (op == "Add" || op == "Sub" || op == "Sum" || op == "Mul" || op == "Div") {
        if (what.opset < 7 && what.has("axis")) what.refuse("it broadcasts by an axis");
        branches = branches_of(what, fork, to, true);
        next.kind = op == "Mul" || op == "Div" ? "product" : "sum";
        if (op == "Sub") branches[1].affine({1, 1, count(result)}, {-1}, {0}, what.name);
        if (op == "Div") branches[1].activate("ctnn::reciprocal", what.name);
        output = squeezed(result);
        // Branches that do nothing keep the shape of the fork, and the others take it where they can.
        for (const builder& branch : branches)
            if (squeezed(branch.shape()) == output) output = branch.shape();
        if (squeezed(to.shape()) == squeezed(output)) output = to.shape();
        for (builder& branch : branches) branch.view(output);
    } else if (op == "Concat") {
        const std::size_t axis = axis_in(what, what.get<std::int64_t>("axis", 1), result.size());
        branches = branches_of(what, fork, to, false);
        const axis_view at = view_of(result, axis, axis + 1);
        for (std::size_t i = 0; i < branches.size(); ++i) {
            extents seen;
            if (at.outer != 1) seen.push_back(at.outer);
            seen.push_back(count(branches[i].shape()) / (at.outer * at.inner));
            if (at.inner != 1) seen.push_back(at.inner);
            // Images stay images where all the branches make some.
            extents as_is = branches[i].shape();
            if (at.outer == 1 && as_is.size() > 1 && as_is[0] == seen[0]) {
                bool alike = true;
                for (const builder& other : branches)
                    alike = alike && other.shape().size() == as_is.size() &&
                            std::equal(as_is.begin() + 1, as_is.end(), other.shape().begin() + 1);
                if (alike) seen = as_is;
            }
            branches[i].view(seen);
            output = seen;
        }
        const std::size_t along = at.outer != 1 ? 1 : 0;
        output[along] = at.extent;
        next.kind = "concatenate";
        if (along != 0) next.arguments = {"ctnn::axis<1>"};
    } else if (op == "MatMul" || (op == "Gemm" && !what.has_input(2))) {
        branches = branches_of(what, fork, to, false);
        next.kind = "matmul";
        extents a = model_.shapes.at(what.inputs[0]), b = model_.shapes.at(what.inputs[1]);
        if (op == "Gemm") {
            if (what.get<double>("alpha", 1) != 1) what.refuse("it multiplies two values by alpha");
            if (what.get<std::int64_t>("transA", 0) != 0)
                branches[0].permute(a, {1, 0}, what.name), std::swap(a[0], a[1]);
            if (what.get<std::int64_t>("transB", 0) != 0)
                branches[1].permute(b, {1, 0}, what.name), std::swap(b[0], b[1]);
        }
        if (a.size() == 1) a.insert(a.begin(), 1);
        if (b.size() == 1) b.push_back(1);
        const extents outer_a(a.begin(), a.end() - 2), outer_b(b.begin(), b.end() - 2);
        const extents outer = broadcast(what, outer_a, outer_b);
        const auto matrices = [&](builder& branch, const extents& own) {
            extents wanted = outer;
            wanted.insert(wanted.end(), own.end() - 2, own.end());
            branch.expand(own, wanted, what.name);
            extents seen{own.end() - 2, own.end()};
            if (count(outer) != 1) seen.insert(seen.begin(), count(outer));
            branch.view(seen);
        };
        matrices(branches[0], a);
        matrices(branches[1], b);
        output = {a[a.size() - 2], b.back()};
        if (count(outer) != 1) output.insert(output.begin(), count(outer));
        next.multiply_accumulates = count(output) * a.back();
    } else {
        what.refuse(
            "it puts together two values that are computed, which ctnn does with Add, Sub, Mul, Div, Concat and "
            "MatMul");
    }
    for (builder& branch : branches) next.branches.push_back(branch.take());
    to.add(std::move(next), output);
}

}  // namespace

network lower(const graph& model) {
    return structure(model).whole();
}

}  // namespace ctnn_import
