// SPDX-License-Identifier: BSL-1.0
#include "evaluate.hpp"
#include "operation.hpp"
#include "simplify.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ctnn_import {

namespace {

/// A graph in which one walks from a value to what makes it.
class walker {
  public:
    explicit walker(const graph& model) : model_(model) {
        for (const node& what : model.nodes)
            for (const std::string& output : what.outputs) makers_[output] = &what;
    }

    /// The node of this operator that makes a value; null if it is another one.
    const node* made_by(const std::string& name, const char* op) const {
        const auto found = makers_.find(name);
        return found != makers_.end() && found->second->op == op && found->second->outputs[0] == name ? found->second
                                                                                                      : nullptr;
    }
    /// A constant whose numbers are all the same.
    std::optional<double> number(const std::string& name) const {
        const auto found = model_.constants.find(name);
        if (found == model_.constants.end() || found->second.size() == 0) return {};
        const array& given = found->second;
        const auto at = [&](std::size_t i) {
            return given.holds_integers() ? static_cast<double>(given.integers()[i]) : given.reals()[i];
        };
        for (std::size_t i = 1; i < given.size(); ++i)
            if (at(i) != at(0)) return {};
        return at(0);
    }
    bool is_number(const std::string& name, double expected) const {
        const auto found = number(name);
        return found && std::abs(*found - expected) <= 1e-6 * std::abs(expected);
    }
    /// For a value that is `a op number` or, if the order does not matter, `number op a`: a. Empty otherwise.
    std::string with_number(const std::string& name, const char* op, double expected) const {
        const node* const what = made_by(name, op);
        if (what == nullptr || what->inputs.size() != 2) return {};
        if (is_number(what->inputs[1], expected)) return what->inputs[0];
        const bool either = what->op == "Add" || what->op == "Mul";
        return either && is_number(what->inputs[0], expected) ? what->inputs[1] : std::string{};
    }
    /// For a product or sum of two values, each as the first of the pair.
    std::vector<std::pair<std::string, std::string>> two(const std::string& name, const char* op) const {
        const node* const what = made_by(name, op);
        if (what == nullptr || what->inputs.size() != 2) return {};
        return {{what->inputs[0], what->inputs[1]}, {what->inputs[1], what->inputs[0]}};
    }
    const graph& model() const { return model_; }

  private:
    const graph& model_;
    std::map<std::string, const node*> makers_;
};

/// What a node could be instead: an operator of one computed input and constants.
struct replacement {
    std::string op;
    std::vector<std::string> inputs;
    std::map<std::string, attribute> attributes;
    std::int64_t opset = 17;
};
using found = std::optional<replacement>;

/// Values that are multiplied, however the products are nested.
void factors_of(const walker& in, const std::string& name, int depth, std::vector<std::string>& all) {
    const node* const product = depth > 0 ? in.made_by(name, "Mul") : nullptr;
    if (product == nullptr) return all.push_back(name);
    for (const std::string& input : product->inputs) factors_of(in, input, depth - 1, all);
}
/// Takes the first that fits out of a list.
template <class F>
std::string take(std::vector<std::string>& all, F fits) {
    const auto at = std::find_if(all.begin(), all.end(), fits);
    if (at == all.end()) return {};
    const std::string name = *at;
    all.erase(at);
    return name;
}

/// x / sqrt(2), or x times 1 / sqrt(2).
std::string over_root_of_two(const walker& in, const std::string& name) {
    const std::string divided = in.with_number(name, "Div", std::sqrt(2));
    return divided.empty() ? in.with_number(name, "Mul", std::sqrt(0.5)) : divided;
}

/// sqrt(2 / pi) (x + 0.044715 x^3): x.
std::string inside_of_tanh(const walker& in, const std::string& name) {
    const std::string sum = in.with_number(name, "Mul", std::sqrt(2 / 3.14159265358979323846));
    for (const auto& [x, cubic] : in.two(sum, "Add")) {
        std::vector<std::string> factors;
        factors_of(in, cubic, 3, factors);
        if (take(factors, [&](const std::string& one) { return in.is_number(one, 0.044715); }).empty()) continue;
        const std::string cube = factors.size() == 1 ? in.with_number(factors[0], "Pow", 3) : std::string{};
        const bool three = factors.size() == 3 && std::all_of(factors.begin(), factors.end(),
                                                              [&, &x = x](const auto& one) { return one == x; });
        const bool squared = factors.size() == 2 && ((factors[0] == x && in.with_number(factors[1], "Pow", 2) == x) ||
                                                     (factors[1] == x && in.with_number(factors[0], "Pow", 2) == x));
        if (cube == x || three || squared) return x;
    }
    return {};
}

/// 0.5 x (1 + erf(x / sqrt(2))), and the same with a tanh, the three factors in any order.
found gelu(const walker& in, const node& what) {
    std::vector<std::string> factors;
    factors_of(in, what.outputs[0], 2, factors);
    if (factors.size() != 3) return {};
    if (take(factors, [&](const std::string& one) { return in.is_number(one, 0.5); }).empty()) return {};
    for (const int first : {0, 1}) {
        const std::string& x = factors[static_cast<std::size_t>(first)];
        const std::string inner = in.with_number(factors[static_cast<std::size_t>(1 - first)], "Add", 1);
        const node *const erf = in.made_by(inner, "Erf"), *const tanh = in.made_by(inner, "Tanh");
        if (erf != nullptr && over_root_of_two(in, erf->inputs[0]) == x) return replacement{"Gelu", {x}, {}};
        if (tanh != nullptr && inside_of_tanh(in, tanh->inputs[0]) == x)
            return replacement{"Gelu", {x}, {{"approximate", std::string("tanh")}}};
    }
    return {};
}

found silu(const walker& in, const node& what) {
    for (const auto& [x, gate] : in.two(what.outputs[0], "Mul")) {
        const node* const sigmoid = in.made_by(gate, "Sigmoid");
        if (sigmoid != nullptr && sigmoid->inputs[0] == x) return replacement{"Silu", {x}, {}};
    }
    return {};
}

/// x HardSigmoid(x) with a slope of 1/6, or x clip(x + 3, 0, 6) / 6 with the division where one likes.
found hard_swish(const walker& in, const node& what) {
    const auto clipped = [&](const std::string& name) -> std::string {
        const node* const clip = in.made_by(name, "Clip");
        if (clip == nullptr) return {};
        const bool inputs = clip->opset >= 11;
        const bool low =
            inputs ? clip->has_input(1) && in.number(clip->inputs[1]) == 0.0 : clip->get<double>("min", -1) == 0;
        const bool high =
            inputs ? clip->has_input(2) && in.number(clip->inputs[2]) == 6.0 : clip->get<double>("max", -1) == 6;
        return low && high ? in.with_number(clip->inputs[0], "Add", 3) : std::string{};
    };
    for (const auto& [x, gate] : in.two(what.outputs[0], "Mul")) {
        const node* const hard = in.made_by(gate, "HardSigmoid");
        if (hard != nullptr && hard->inputs[0] == x && std::abs(hard->get<double>("alpha", 0.2) - 1.0 / 6) < 1e-6 &&
            hard->get<double>("beta", 0.5) == 0.5)
            return replacement{"HardSwish", {x}, {}};
        const std::string sixth = in.with_number(gate, "Div", 6);
        const std::string times = in.with_number(gate, "Mul", 1.0 / 6);
        if (clipped(sixth.empty() ? times : sixth) == x) return replacement{"HardSwish", {x}, {}};
    }
    const std::string product = in.with_number(what.outputs[0], "Div", 6);
    for (const auto& [x, gate] : in.two(product, "Mul"))
        if (clipped(gate) == x) return replacement{"HardSwish", {x}, {}};
    return {};
}

/// The axes of a ReduceMean that are the last ones, as the first of them.
std::optional<std::size_t> last_axes(const walker& in, const node& mean) {
    const std::size_t rank = in.model().shapes.at(mean.inputs[0]).size();
    std::vector<std::int64_t> axes;
    if (mean.opset >= 18) {
        const auto given = mean.has_input(1) ? in.model().constants.find(mean.inputs[1]) : in.model().constants.end();
        if (given == in.model().constants.end() || !given->second.holds_integers()) return {};
        axes = given->second.integers();
    } else {
        axes = mean.get<std::vector<std::int64_t>>("axes", {});
    }
    if (axes.empty() || mean.get<std::int64_t>("keepdims", 1) == 0) return {};
    std::size_t first = rank;
    for (const std::int64_t axis : axes) first = std::min(first, axis_in(mean, axis, rank));
    return rank - first == axes.size() ? std::optional(first) : std::nullopt;
}

/// (x - mean) / sqrt(mean((x - mean)^2) + epsilon).
found plain_layer_norm(const walker& in, const node& what) {
    const node* const division = in.made_by(what.outputs[0], "Div");
    const node* const root = division ? in.made_by(division->inputs[1], "Sqrt") : nullptr;
    const node* const sum = root ? in.made_by(root->inputs[0], "Add") : nullptr;
    const node* const centred = division ? in.made_by(division->inputs[0], "Sub") : nullptr;
    if (sum == nullptr || centred == nullptr) return {};
    const bool epsilon_last = in.number(sum->inputs[1]).has_value();
    const auto epsilon = in.number(sum->inputs[epsilon_last ? 1 : 0]);
    const node* const variance = in.made_by(sum->inputs[epsilon_last ? 0 : 1], "ReduceMean");
    const node* const mean = in.made_by(centred->inputs[1], "ReduceMean");
    if (!epsilon || *epsilon < 0 || variance == nullptr || mean == nullptr || mean->inputs[0] != centred->inputs[0])
        return {};
    // The square, which may have its own x - mean.
    std::string base = in.with_number(variance->inputs[0], "Pow", 2);
    if (const node* const product = in.made_by(variance->inputs[0], "Mul"))
        if (product->inputs[0] == product->inputs[1]) base = product->inputs[0];
    const node* const again = in.made_by(base, "Sub");
    if (again == nullptr || again->inputs != centred->inputs) return {};
    const auto axis = last_axes(in, *mean);
    if (!axis || axis != last_axes(in, *variance)) return {};
    return replacement{"LayerNormalization",
                       {mean->inputs[0], ""},
                       {{"axis", static_cast<std::int64_t>(*axis)}, {"epsilon", *epsilon}}};
}

using pattern = found (*)(const walker&, const node&);

/// A layer norm has factors of its own, which are 1 here: those that follow it become part of it when layers are made.
void give_ones(graph& model, const std::string& name, replacement& by) {
    if (by.op != "LayerNormalization") return;
    const extents& x = model.shapes.at(by.inputs[0]);
    const auto axis = static_cast<std::size_t>(std::get<std::int64_t>(by.attributes.at("axis")));
    const std::string ones = name + " (ones)";
    const extents dims(x.begin() + static_cast<std::ptrdiff_t>(axis), x.end());
    model.constants[ones] = {dims, std::vector<double>(static_cast<std::size_t>(count(dims)), 1)};
    model.shapes[ones] = dims;
    by.inputs[1] = ones;
}

}  // namespace

void recognise_patterns(graph& model) {
    const graph before = model;
    for (std::size_t i = 0; i < model.nodes.size(); ++i) {
        const walker in(model);
        for (const pattern matches : {pattern{gelu}, pattern{silu}, pattern{hard_swish}, pattern{plain_layer_norm}}) {
            found by = matches(in, model.nodes[i]);
            if (!by) continue;
            give_ones(model, model.nodes[i].outputs[0], *by);
            model.nodes[i].op = by->op;
            model.nodes[i].inputs = by->inputs;
            model.nodes[i].attributes = by->attributes;
            model.nodes[i].opset = by->opset;
            break;
        }
    }
    fold_constants(model);
    const auto inputs = random_inputs(model, 7);
    const auto expected = evaluate(before, inputs), computed = evaluate(model, inputs);
    for (const value& output : model.outputs)
        if (!near(computed.at(output.name), expected.at(output.name), 1e-6, 1e-9))
            throw refusal("the output \"" + output.name +
                          "\" changes when the importer recognises what several nodes mean: "
                          "this is a mistake of the importer, please report it");
}

}  // namespace ctnn_import
