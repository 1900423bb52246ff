// SPDX-License-Identifier: BSL-1.0
// Activations that exporters decompose into several operators.
#include "simplify/patterns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace ctnn_import {

namespace {

bool is_about(double number, double expected) {
    return std::abs(number - expected) <= 1e-5 * std::abs(expected);
}

/// A value as a scalar multiple of another.
struct multiple {
    double factor;
    std::string of;
};
multiple multiple_of(const rewriting& in, const std::string& value) {
    const node* const maker = in.maker(value);
    if (maker == nullptr) return {1, value};
    if (maker->op == "Neg") return {-1, maker->inputs[0]};
    const auto is_as_large = [&](const std::string& name) { return in.dims(name) == in.dims(value); };
    if (maker->op == "Mul")
        for (const std::size_t constant : {std::size_t{0}, std::size_t{1}})
            if (const auto factor = in.number(maker->inputs[constant]))
                if (const std::string& other = maker->inputs[1 - constant]; is_as_large(other)) return {*factor, other};
    if (maker->op == "Div" && is_as_large(maker->inputs[0]))
        if (const auto divisor = in.number(maker->inputs[1]); divisor && *divisor != 0)
            return {1 / *divisor, maker->inputs[0]};
    return {1, value};
}

/// A value as another plus a scalar constant.
std::optional<multiple> without_added(const rewriting& in, const std::string& value) {
    const node* const sum = in.maker(value, "Add");
    if (sum == nullptr) return std::nullopt;
    for (const std::size_t constant : {std::size_t{0}, std::size_t{1}})
        if (const auto number = in.number(sum->inputs[constant])) return multiple{*number, sum->inputs[1 - constant]};
    return std::nullopt;
}

/// A value factor * other * t, reached from t through scalar multiplications and one product only.
struct product {
    std::string result;
    double factor;
    std::string other;
};
/// All such values, following the single consumers of t as far as possible.
std::vector<product> products_of(const rewriting& in, const std::string& t) {
    std::vector<product> all;
    std::string at = t, other;
    double factor = 1;
    while (const node* const user = in.only_user(at)) {
        const bool first = user->inputs[0] == at;
        if (user->op == "Mul") {
            const std::string& operand = user->inputs[first ? 1 : 0];
            if (const auto number = in.number(operand))
                factor *= *number;
            else if (other.empty() && operand != at)
                other = operand;
            else
                break;
        } else if (user->op == "Div" && first && in.number(user->inputs[1])) {
            factor /= *in.number(user->inputs[1]);
        } else {
            break;
        }
        at = user->outputs[0];
        if (other.empty()) continue;
        all.push_back({at, factor, other});
        if (const multiple inner = multiple_of(in, other); inner.of != other)
            all.push_back({at, factor * inner.factor, inner.of});
    }
    return all;
}

/// Whether a value is computed from x alone by the operators of Gelu. Its formulas are analytic, so agreement at many
/// points means agreement everywhere.
bool is_analytic_of(const rewriting& in, const std::string& value, const std::string& x, std::size_t depth = 0) {
    static const std::set<std::string> allowed{"Mul", "Div", "Add", "Sub", "Pow", "Tanh", "Erf", "Neg"};
    if (value == x || in.number(value)) return true;
    const node* const maker = in.maker(value);
    if (depth > 12 || maker == nullptr || !allowed.contains(maker->op)) return false;
    return std::all_of(maker->inputs.begin(), maker->inputs.end(),
                       [&](const std::string& name) { return is_analytic_of(in, name, x, depth + 1); });
}

bool unary(rewriting& in, const std::string& op, const std::string& x, const std::string& result,
           std::map<std::string, attribute> attributes = {}) {
    if (in.dims(x) != in.dims(result)) return false;
    node made = new_node(op, {x}, result, *in.maker(result));
    made.attributes = std::move(attributes);
    return in.replace(result, {x}, {std::move(made)});
}

/// 0.5 x (1 + erf(x / sqrt 2)), or with tanh(sqrt(2 / pi) (x + 0.044715 x^3)).
bool gelu(rewriting& in, const node& what) {
    const node* const sum = in.only_user(what.outputs[0]);
    if (sum == nullptr || sum->op != "Add") return false;
    const auto rest = without_added(in, sum->outputs[0]);
    if (!rest || rest->factor != 1) return false;
    const std::string kind = what.op == "Tanh" ? "tanh" : "none";
    for (const product& one : products_of(in, sum->outputs[0]))
        if (is_about(one.factor, 0.5) && is_analytic_of(in, what.inputs[0], one.other) &&
            unary(in, "Gelu", one.other, one.result, {{"approximate", kind}}))
            return true;
    return false;
}

/// x sigmoid(x).
bool silu(rewriting& in, const node& what) {
    for (const product& one : products_of(in, what.outputs[0]))
        if (one.factor == 1 && one.other == what.inputs[0] && unary(in, "Silu", one.other, one.result)) return true;
    return false;
}

/// x times a HardSigmoid of slope 1/6; `sigmoid` is the value that is `scale` times it.
bool hard_swish(rewriting& in, const std::string& x, const std::string& sigmoid, double scale) {
    for (const product& one : products_of(in, sigmoid))
        if (is_about(one.factor * scale, 1) && one.other == x && unary(in, "HardSwish", x, one.result)) return true;
    return false;
}

/// min(max(x + 3, 0), 6) = 6 HardSigmoid(x).
bool six_hard_sigmoids(rewriting& in, const node& what) {
    const auto low = what.opset < 11 ? what.get<double>("min", -1) : in.number(what.has_input(1) ? what.inputs[1] : "");
    const auto high =
        what.opset < 11 ? what.get<double>("max", -1) : in.number(what.has_input(2) ? what.inputs[2] : "");
    const auto shifted = without_added(in, what.inputs[0]);
    if (low != 0.0 || high != 6.0 || !shifted || shifted->factor != 3) return false;
    const std::string x = shifted->of, clipped = what.outputs[0];
    if (hard_swish(in, x, clipped, 6)) return true;
    const node* const user = in.only_user(clipped);
    if (user == nullptr) return false;
    const multiple sixth = multiple_of(in, user->outputs[0]);
    return sixth.of == clipped && is_about(sixth.factor, 1.0 / 6) &&
           unary(in, "HardSigmoid", x, user->outputs[0], {{"alpha", 1.0 / 6}, {"beta", 0.5}});
}

/// x / (1 + |x|).
bool softsign(rewriting& in, const node& what) {
    const auto rest = without_added(in, what.inputs[1]);
    if (!rest || rest->factor != 1) return false;
    const node* const absolute = in.maker(rest->of, "Abs");
    return absolute != nullptr && absolute->inputs[0] == what.inputs[0] &&
           unary(in, "Softsign", what.inputs[0], what.outputs[0]);
}

/// log(1 + exp(x)).
bool softplus(rewriting& in, const node& what) {
    const auto rest = without_added(in, what.inputs[0]);
    if (!rest || rest->factor != 1) return false;
    const node* const exponential = in.maker(rest->of, "Exp");
    return exponential != nullptr && unary(in, "Softplus", exponential->inputs[0], what.outputs[0]);
}

struct bounds {
    std::string of;
    double low, high;
};
/// A value that is another clamped to [low, high].
std::optional<bounds> bounds_of(const rewriting& in, const node& what) {
    const double infinity = std::numeric_limits<double>::infinity();
    bounds result{what.inputs[0], -infinity, infinity};
    if (what.op == "Relu") {
        result.low = 0;
    } else if (what.op == "Clip" && what.opset < 11) {
        result.low = what.get<double>("min", -infinity);
        result.high = what.get<double>("max", infinity);
    } else if (what.op == "Clip") {
        const auto low = what.has_input(1) ? in.number(what.inputs[1]) : -infinity;
        const auto high = what.has_input(2) ? in.number(what.inputs[2]) : infinity;
        if (!low || !high) return std::nullopt;
        result.low = *low;
        result.high = *high;
    } else if ((what.op == "Max" || what.op == "Min") && what.inputs.size() == 2) {
        const std::size_t constant = in.number(what.inputs[0]) ? 0 : 1;
        const auto number = in.number(what.inputs[constant]);
        result.of = what.inputs[1 - constant];
        if (!number || in.dims(result.of) != in.dims(what.outputs[0])) return std::nullopt;
        (what.op == "Max" ? result.low : result.high) = *number;
    } else {
        return std::nullopt;
    }
    if (!(result.low <= result.high) || in.number(result.of)) return std::nullopt;
    return result;
}

}  // namespace

bool recognise_activation(rewriting& in, const node& what) {
    if (what.op == "Erf" || what.op == "Tanh") return gelu(in, what);
    if (what.op == "Sigmoid") return silu(in, what);
    if (what.op == "HardSigmoid")
        return is_about(what.get<double>("alpha", double{0.2f}), 1.0 / 6) && what.get<double>("beta", 0.5) == 0.5 &&
               hard_swish(in, what.inputs[0], what.outputs[0], 1);
    if (what.op == "Clip") return six_hard_sigmoids(in, what);
    if (what.op == "Div") return softsign(in, what);
    if (what.op == "Log") return softplus(in, what);
    return false;
}

/// Two nested clamps become one: the inner bounds are clamped by the outer ones.
bool recognise_bounds(rewriting& in, const node& what) {
    const auto outer = bounds_of(in, what);
    if (!outer) return false;
    const node* const before = in.maker(outer->of);
    if (before == nullptr || in.only_user(outer->of) == nullptr) return false;
    const auto inner = bounds_of(in, *before);
    if (!inner) return false;
    const double low = std::clamp(inner->low, outer->low, outer->high),
                 high = std::clamp(inner->high, outer->low, outer->high);
    const std::string result = what.outputs[0];
    node made = new_node("Clip", {inner->of}, result, what);
    made.opset = 13;
    made.inputs.push_back(std::isinf(low) ? "" : in.constant(result, {{}, std::vector<double>{low}}));
    made.inputs.push_back(std::isinf(high) ? "" : in.constant(result, {{}, std::vector<double>{high}}));
    return in.replace(result, {inner->of}, {std::move(made)});
}

}  // namespace ctnn_import
