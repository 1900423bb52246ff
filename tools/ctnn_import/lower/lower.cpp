// SPDX-License-Identifier: BSL-1.0
// The structure of a network: chains, and branches that fork at one value and join in one operator.
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
        return all;
    }();
    return table;
}

/// The name of the concatenated inputs of a model with several inputs.
const std::string all_inputs = "";

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
        if (model_.outputs.size() != 1)
            throw refusal("the model has " + std::to_string(model_.outputs.size()) + " outputs, " +
                          quoted_list(model_.outputs, &value::name) +
                          ", and a network has one: --take NAME chooses it");
        const value& result = model_.outputs[0];
        if (result.integers) throw refusal("the output \"" + result.name + "\" holds integers");
        if (!is_live(result.name)) throw refusal("the output \"" + result.name + "\" does not depend on the input");
        const bool one = model_.inputs.size() == 1;
        std::int64_t size = 0;
        for (const value& input : model_.inputs) size += count(input.dims);
        builder to(one ? without_batch(model_.inputs[0].dims) : extents{size}, one);
        extend(one ? model_.inputs[0].name : all_inputs, result.name, to);
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

  private:
    /// The origin of a value, as a node of the dominator tree.
    struct origin {
        std::string before;  ///< the immediate dominator: the nearest value on all paths from the inputs
        std::size_t depth;   ///< in the dominator tree
        const node* maker;   ///< null for an input
        std::size_t output;  ///< the index among the maker's outputs
        bool integers;
    };

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
        if (of.maker == nullptr) return take_input(name, to);
        const node& what = *of.maker;
        once(what);
        const auto names = live_inputs(what);
        if (names.size() > 1) {
            auto branches = branches_of(what, of.before, to);
            return join_branches(junction{{model_, what}, branches, to});
        }
        const auto lowered = lowerings().find(what.op);
        if (lowered == lowerings().end()) what.refuse("ctnn has no layer for this operator");
        const auto live = std::find(what.inputs.begin(), what.inputs.end(), names[0]) - what.inputs.begin();
        lowered->second(job{{model_, what}, static_cast<std::size_t>(live), of.output, to});
    }

    /// Slices one input of the model out of the concatenation of all.
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

    /// Rejects duplicating layers with parameters, or expensive ones, into more than one branch.
    void once(const node& what) {
        static const std::set<std::string> cheap{
            "Reshape", "Flatten",     "Squeeze",   "Unsqueeze", "Identity", "Dropout",    "Transpose", "Slice",
            "Split",   "Gather",      "Expand",    "Pad",       "Relu",     "Sigmoid",    "Tanh",      "LeakyRelu",
            "Clip",    "HardSigmoid", "HardSwish", "Silu",      "Neg",      "Reciprocal", "Cast"};
        if (!used_.insert(&what).second && (!cheap.contains(what.op) || ++repeated_ > 64))
            what.refuse(
                "the branches are not nested: its output goes to several operators whose paths do not join in one");
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
