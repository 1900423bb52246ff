// SPDX-License-Identifier: BSL-1.0
// Softmax in its parts, constant masks before it, and Where.
#include "graph/operator_call.hpp"
#include "simplify/patterns.hpp"

#include <algorithm>
#include <cmath>

namespace ctnn_import {

namespace {

/// The value from which a ReduceMax over the same axes is subtracted; softmax does that itself.
std::string without_largest(const rewriting& in, const std::string& value, const std::vector<std::int64_t>& axes) {
    const node* const difference = in.maker(value, "Sub");
    if (difference == nullptr) return value;
    const node* const largest = in.maker(difference->inputs[1], "ReduceMax");
    if (largest == nullptr || largest->inputs[0] != difference->inputs[0] || reduced_axes(in, *largest) != axes)
        return value;
    return difference->inputs[0];
}

/// Far below every logit, and finite, as the constants of a header have to be.
constexpr double hidden = -1e30;

}  // namespace

/// exp(x) / sum(exp(x)), also of differences from the largest; and the logarithm of a softmax.
bool recognise_softmax(rewriting& in, const node& what) {
    parts to(in, what, what.outputs[0]);
    if (what.op == "Log") {
        const node* const softmax = in.maker(what.inputs[0], "Softmax");
        if (softmax == nullptr || softmax->opset < 13) return false;
        const std::string x = softmax->inputs[0];
        to("LogSoftmax", {x}, {{"axis", softmax->get<std::int64_t>("axis", -1)}});
        return to.replace({x});
    }
    if (what.op != "Div") return false;
    const node *const power = in.maker(what.inputs[0], "Exp"), *const sum = in.maker(what.inputs[1], "ReduceSum");
    if (power == nullptr || sum == nullptr || sum->inputs[0] != what.inputs[0] ||
        sum->get<std::int64_t>("keepdims", 1) == 0)
        return false;
    const auto axes = reduced_axes(in, *sum);
    if (!axes || axes->size() != 1) return false;
    const std::string x = without_largest(in, power->inputs[0], *axes);
    to("Softmax", {x}, {{"axis", axes->at(0)}});
    return to.replace({x});
}

/// A constant mask of -inf, or of the lowest float, before a Softmax becomes one of -1e30: the probabilities are the
/// same, unless a row has nothing else, and then the pattern is left.
bool recognise_mask(rewriting& in, const node& what) {
    if (what.op != "Softmax") return false;
    const node* const masked = in.maker(what.inputs[0]);
    if (masked == nullptr || (masked->op != "Add" && masked->op != "Where")) return false;
    for (std::size_t place = masked->op == "Where" ? 1 : 0; place < masked->inputs.size(); ++place) {
        const array* const found = in.constant(masked->inputs[place]);
        if (found == nullptr || found->holds_integers()) continue;
        array mask = *found;
        for (double& number : mask.reals())
            if (number < hidden) number = hidden;
        if (mask == *found) continue;
        node other = *masked, softmax = what;
        other.inputs[place] = in.constant(masked->inputs[place], std::move(mask));
        other.outputs = {in.fresh(masked->outputs[0])};
        softmax.inputs = {other.outputs[0]};
        std::vector<std::string> sources = masked->inputs;
        return in.replace(what.outputs[0], std::move(sources), {other, softmax});
    }
    return false;
}

namespace {

/// Where(x > bound, above, below), with the roles of any of the four comparisons.
struct comparison {
    std::string x;
    double bound;
    std::string above, below;
};
std::optional<comparison> comparison_of(const rewriting& in, const node& what) {
    const node* condition = in.maker(what.inputs[0]);
    std::string yes = what.inputs[1], no = what.inputs[2];
    if (condition != nullptr && condition->op == "Not") {
        condition = in.maker(condition->inputs[0]);
        std::swap(yes, no);
    }
    if (condition == nullptr || condition->inputs.size() != 2) return std::nullopt;
    const bool greater = condition->op.starts_with("Greater"), less = condition->op.starts_with("Less");
    if (!greater && !less) return std::nullopt;
    const std::size_t constant = in.number(condition->inputs[0]) ? 0 : 1;
    const auto bound = in.number(condition->inputs[constant]);
    if (!bound) return std::nullopt;
    if (greater != (constant == 1)) std::swap(yes, no);
    return comparison{condition->inputs[1 - constant], *bound, yes, no};
}

}  // namespace

/// Relu, LeakyRelu, Elu and Clip, written as a choice by a comparison; and a guard against nan behind a softmax.
bool recognise_choice(rewriting& in, const node& what) {
    if (what.op != "Where") return false;
    const std::string result = what.outputs[0];
    if (const node* const guard = in.maker(what.inputs[0], "IsNaN");
        guard != nullptr && guard->inputs[0] == what.inputs[2] && in.maker(what.inputs[2], "Softmax") != nullptr) {
        const std::string softmax = what.inputs[2];
        parts to(in, what, result);
        to("Identity", {softmax});
        return to.replace({softmax});
    }
    const auto found = comparison_of(in, what);
    if (!found || in.dims(found->x) != in.dims(result)) return false;
    const auto& [x, bound, above, below] = *found;
    parts to(in, what, result);
    const node* const maker = in.maker(below);
    if (above == x && in.number(below) == bound) {
        to("Clip", {x, to.number(bound)});
    } else if (below == x && in.number(above) == bound) {
        to("Clip", {x, "", to.number(bound)});
    } else if (bound == 0 && above == x && maker != nullptr && maker->op == "Mul") {
        const std::size_t constant = in.number(maker->inputs[0]) ? 0 : 1;
        const auto factor = in.number(maker->inputs[constant]);
        const node* const inner = in.maker(maker->inputs[1 - constant]);
        if (!factor || *factor < 0) return false;
        const bool is_linear = maker->inputs[1 - constant] == x;
        if (!is_linear && (inner == nullptr || inner->op != "Sub")) return false;
        to(is_linear ? "LeakyRelu" : "Elu", {x}, {{"alpha", *factor}});
    } else if (bound == 0 && above == x && maker != nullptr && maker->op == "Sub") {
        to("Elu", {x});
    } else {
        return false;
    }
    return to.replace({x});
}

/// A choice by a constant condition between two computed values: m a + (1 - m) b.
bool part_choice(rewriting& in, const node& what) {
    if (what.op != "Where") return false;
    const array* const condition = in.constant(what.inputs[0]);
    const std::string a = what.inputs[1], b = what.inputs[2];
    if (condition == nullptr || !condition->holds_integers() || in.constant(a) != nullptr || in.constant(b) != nullptr)
        return false;
    std::vector<double> yes, no;
    for (const std::int64_t one : condition->integers()) {
        yes.push_back(one != 0);
        no.push_back(one == 0);
    }
    const extents dims = condition->dims;
    parts to(in, what, what.outputs[0]);
    const std::string first = to("Mul", {a, in.constant(a, {dims, std::move(yes)})}),
                      second = to("Mul", {b, in.constant(b, {dims, std::move(no)})});
    to("Add", {first, second});
    return to.replace({a, b});
}

}  // namespace ctnn_import
