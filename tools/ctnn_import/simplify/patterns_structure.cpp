// SPDX-License-Identifier: BSL-1.0
// Fuses decomposed normalisations, and decomposes operators so that the graph is nested branches.
#include "graph/operator_call.hpp"
#include "simplify/patterns.hpp"

#include <algorithm>
#include <numeric>

namespace ctnn_import {

namespace {

/// The sorted axes of a ReduceMean with keepdims.
std::optional<std::vector<std::size_t>> kept_mean_axes(const rewriting& in, const node* mean) {
    if (mean == nullptr || mean->get<std::int64_t>("keepdims", 1) == 0) return std::nullopt;
    std::vector<std::int64_t> given = mean->get<std::vector<std::int64_t>>("axes", {});
    if (mean->opset >= 18 && mean->has_input(1)) {
        const array* const axes = in.constant(mean->inputs[1]);
        if (axes == nullptr || !axes->holds_integers()) return std::nullopt;
        given = axes->integers();
    }
    if (given.empty()) return std::nullopt;
    std::vector<std::size_t> axes;
    for (const std::int64_t axis : given) axes.push_back(axis_in(*mean, axis, in.dims(mean->inputs[0]).size()));
    std::sort(axes.begin(), axes.end());
    return axes;
}

/// x - mean(x): x and the axes.
struct centred {
    std::string x;
    std::vector<std::size_t> axes;
};
std::optional<centred> centred_of(const rewriting& in, const std::string& value) {
    const node* const difference = in.maker(value, "Sub");
    if (difference == nullptr) return std::nullopt;
    const node* const mean = in.maker(difference->inputs[1], "ReduceMean");
    const auto axes = kept_mean_axes(in, mean);
    if (!axes || mean->inputs[0] != difference->inputs[0]) return std::nullopt;
    return centred{difference->inputs[0], *axes};
}

/// The variance, mean((x - mean(x))^2): x and the axes.
std::optional<centred> variance_of(const rewriting& in, const std::string& value) {
    const node* const mean = in.maker(value, "ReduceMean");
    const auto axes = kept_mean_axes(in, mean);
    if (!axes) return std::nullopt;
    const node* const square = in.maker(mean->inputs[0]);
    if (square == nullptr) return std::nullopt;
    const bool by_power = square->op == "Pow" && in.number(square->inputs[1]) == 2.0;
    const bool by_product = square->op == "Mul" && square->inputs[0] == square->inputs[1];
    if (!by_power && !by_product) return std::nullopt;
    auto found = centred_of(in, square->inputs[0]);
    if (!found || found->axes != *axes) return std::nullopt;
    return found;
}

/// Normalises x over its axes from `first` on, without scale and bias.
node plain_layer_norm(rewriting& in, const std::string& x, const extents& dims, std::size_t first, double epsilon,
                      const std::string& result, const node& like) {
    const extents part(dims.begin() + static_cast<std::ptrdiff_t>(first), dims.end());
    const auto size = static_cast<std::size_t>(count(part));
    node made =
        new_node("LayerNormalization", {x, in.constant(result, {part, std::vector<double>(size, 1)})}, result, like);
    made.opset = 17;
    made.attributes = {{"axis", static_cast<std::int64_t>(first)}, {"epsilon", epsilon}};
    return made;
}

}  // namespace

namespace {

struct deviation {
    centred of;
    double epsilon;
};
/// sqrt(variance + epsilon).
std::optional<deviation> deviation_of(const rewriting& in, const std::string& value) {
    const node* const root = in.maker(value);
    if (root == nullptr) return std::nullopt;
    if (root->op != "Sqrt" && !(root->op == "Pow" && in.number(root->inputs[1]) == 0.5)) return std::nullopt;
    const node* const sum = in.maker(root->inputs[0], "Add");
    if (sum == nullptr) return std::nullopt;
    const std::size_t constant = in.number(sum->inputs[0]) ? 0 : 1;
    const auto epsilon = in.number(sum->inputs[constant]);
    const auto under = variance_of(in, sum->inputs[1 - constant]);
    if (!epsilon || *epsilon < 0 || !under) return std::nullopt;
    return deviation{*under, *epsilon};
}
/// 1 / sqrt(variance + epsilon).
std::optional<deviation> inverse_of(const rewriting& in, const std::string& value) {
    const node* const quotient = in.maker(value);
    if (quotient == nullptr) return std::nullopt;
    if (quotient->op == "Reciprocal") return deviation_of(in, quotient->inputs[0]);
    if (quotient->op == "Div" && in.number(quotient->inputs[0]) == 1.0) return deviation_of(in, quotient->inputs[1]);
    return std::nullopt;
}

/// The nodes that normalise x to mean 0 and variance 1 over some axes.
std::vector<node> norm_nodes(rewriting& in, const deviation& how, const std::string& result, const node& like) {
    const std::string& x = how.of.x;
    const extents dims = in.dims(x);
    // Transpose the normalised axes to the end, and back.
    std::vector<std::size_t> order;
    for (std::size_t axis = 0; axis < dims.size(); ++axis)
        if (!std::binary_search(how.of.axes.begin(), how.of.axes.end(), axis)) order.push_back(axis);
    const std::size_t first = order.size();
    order.insert(order.end(), how.of.axes.begin(), how.of.axes.end());
    if (std::is_sorted(order.begin(), order.end()))
        return {plain_layer_norm(in, x, dims, first, how.epsilon, result, like)};
    extents moved;
    std::vector<std::int64_t> there, back(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        moved.push_back(dims[order[i]]);
        there.push_back(static_cast<std::int64_t>(order[i]));
        back[order[i]] = static_cast<std::int64_t>(i);
    }
    const std::string before = in.fresh(result), behind = in.fresh(result);
    node to = new_node("Transpose", {x}, before, like), from = new_node("Transpose", {behind}, result, like);
    to.attributes = {{"perm", there}};
    from.attributes = {{"perm", back}};
    return {to, plain_layer_norm(in, before, moved, first, how.epsilon, behind, like), from};
}

/// x g + (b - mean g) with g = scale / sqrt(variance + epsilon): TensorFlow's form of normalisations.
bool shifted_norm(rewriting& in, const node& what) {
    for (const std::size_t left : {std::size_t{0}, std::size_t{1}}) {
        const node* const scaled = in.maker(what.inputs[left], "Mul");
        const node* const shift = in.maker(what.inputs[1 - left], "Sub");
        if (scaled == nullptr || shift == nullptr || in.constant(shift->inputs[0]) == nullptr) continue;
        const std::string offset = shift->inputs[0];
        for (const std::size_t second : {std::size_t{0}, std::size_t{1}}) {
            const std::string g = scaled->inputs[second];
            auto how = inverse_of(in, g);
            std::string factor;
            if (const node* const product = in.maker(g, "Mul"); !how && product != nullptr) {
                const std::size_t constant = in.constant(product->inputs[0]) != nullptr ? 0 : 1;
                factor = product->inputs[constant];
                how = in.constant(factor) != nullptr ? inverse_of(in, product->inputs[1 - constant]) : std::nullopt;
            }
            if (!how || how->of.x != scaled->inputs[1 - second]) continue;
            const std::string result = what.outputs[0], plain = in.fresh(result);
            std::vector<node> nodes = norm_nodes(in, *how, plain, what);
            std::string at = plain;
            if (!factor.empty()) {
                const std::string multiplied = in.fresh(result);
                nodes.push_back(new_node("Mul", {at, factor}, multiplied, what));
                at = multiplied;
            }
            nodes.push_back(new_node("Add", {at, offset}, result, what));
            return in.replace(result, {how->of.x}, std::move(nodes));
        }
    }
    return false;
}

}  // namespace

/// (x - mean) / sqrt(variance + epsilon). A scale and a bias after it are folded in by the lowering.
bool recognise_layer_norm(rewriting& in, const node& what) {
    if (what.op == "Add") return shifted_norm(in, what);
    if (what.op != "Div" && what.op != "Mul") return false;
    for (const std::size_t top : {std::size_t{0}, std::size_t{1}}) {
        const bool quotient = what.op == "Div";
        if (quotient && top == 1) continue;
        const auto centre = centred_of(in, what.inputs[top]);
        const auto under = quotient ? deviation_of(in, what.inputs[1]) : inverse_of(in, what.inputs[1 - top]);
        if (!centre || !under || under->of.x != centre->x || under->of.axes != centre->axes) continue;
        const std::string result = what.outputs[0];
        return in.replace(result, {centre->x}, norm_nodes(in, *under, result, what));
    }
    return false;
}

/// alpha A B + beta C with a computed C, as a product and a sum.
bool part_gemm(rewriting& in, const node& what) {
    if (what.op != "Gemm" || !what.has_input(2) || in.constant(what.inputs[2]) != nullptr) return false;
    const std::string result = what.outputs[0], matrix = in.fresh(result);
    std::string added = what.inputs[2];
    const std::vector<std::string> sources = what.inputs;
    std::vector<node> parts{what};
    parts[0].inputs.resize(2);
    parts[0].outputs = {matrix};
    parts[0].opset = 13;
    parts[0].attributes.erase("beta");
    if (const double beta = what.get<double>("beta", 1); beta != 1) {
        const std::string factor = in.constant(result, {{}, std::vector<double>{beta}}), scaled = in.fresh(result);
        parts.push_back(new_node("Mul", {added, factor}, scaled, what));
        added = scaled;
    }
    parts.push_back(new_node("Add", {matrix, added}, result, what));
    for (std::size_t i = 1; i < parts.size(); ++i) parts[i].opset = 13;
    return in.replace(result, sources, std::move(parts));
}

/// A Gather of one index from a Concat becomes a Gather from one of its inputs, such as the state of the last of
/// several recurrent layers.
bool pick_part(rewriting& in, const node& what) {
    if (what.op != "Gather") return false;
    const node* const all = in.maker(what.inputs[0], "Concat");
    const array* const given = in.constant(what.inputs[1]);
    if (all == nullptr || given == nullptr || given->size() != 1 || !given->holds_integers()) return false;
    const extents& dims = in.dims(what.inputs[0]);
    const std::size_t axis = axis_in(what, what.get<std::int64_t>("axis", 0), dims.size());
    if (axis_in(*all, all->get<std::int64_t>("axis", 1), dims.size()) != axis) return false;
    std::int64_t index = given->integers()[0] + (given->integers()[0] < 0 ? dims[axis] : 0);
    for (const std::string& part : all->inputs) {
        const std::int64_t extent = in.dims(part)[axis];
        if (index >= extent) {
            index -= extent;
            continue;
        }
        if (in.constant(part) != nullptr) return false;
        node made = what;
        made.inputs = {part, in.constant(what.outputs[0], {given->dims, std::vector<std::int64_t>{index}})};
        return in.replace(what.outputs[0], all->inputs, {std::move(made)});
    }
    return false;
}

/// A recurrent layer of which both Y and Y_h are used: Y_h is then gathered from Y, the last step of the forward
/// direction and the first of the reverse direction.
bool part_states(rewriting& in, const node& what) {
    if (what.op != "RNN" && what.op != "GRU" && what.op != "LSTM") return false;
    if (!what.has_output(0) || !what.has_output(1) || !in.is_used(what.outputs[0]) || !in.is_used(what.outputs[1]))
        return false;
    const std::string steps = what.outputs[0], result = what.outputs[1];
    const auto direction = what.get<std::string>("direction", "forward");
    const bool batch_first = what.get<std::int64_t>("layout", 0) != 0;
    const std::int64_t time = batch_first ? 1 : 0, directions = batch_first ? 2 : 1;
    const std::int64_t length = in.dims(steps)[static_cast<std::size_t>(time)];
    std::vector<node> parts;
    const auto taken = [&](std::int64_t step, std::int64_t which, bool all, const std::string& output) {
        const auto index = [&](std::int64_t number) {
            return in.constant(result, {{}, std::vector<std::int64_t>{number}});
        };
        const std::string of_step = all ? output : in.fresh(result);
        node one = new_node("Gather", {steps, index(step)}, of_step, what);
        one.attributes = {{"axis", time}};
        parts.push_back(one);
        if (all) return;
        // One of the directions, kept as an axis.
        const std::string axes = in.constant(result, {{1}, std::vector<std::int64_t>{directions - 1}}),
                          begin = in.constant(result, {{1}, std::vector<std::int64_t>{which}}),
                          end = in.constant(result, {{1}, std::vector<std::int64_t>{which + 1}});
        node half = new_node("Slice", {of_step, begin, end, axes}, output, what);
        parts.push_back(half);
    };
    if (direction == "bidirectional") {
        const std::string forwards = in.fresh(result), backwards = in.fresh(result);
        taken(length - 1, 0, false, forwards);
        taken(0, 1, false, backwards);
        node both = new_node("Concat", {forwards, backwards}, result, what);
        both.attributes = {{"axis", directions - 1}};
        parts.push_back(both);
    } else {
        taken(direction == "reverse" ? 0 : length - 1, 0, true, result);
    }
    for (node& part : parts) part.opset = 13;
    std::vector<std::string> sources{steps};
    return in.replace(result, what.inputs, std::move(parts));
}

/// A Concat whose first inputs are all inputs of another Concat along the same axis takes the result of that instead.
/// This turns DenseNets, whose layers take the outputs of all previous layers, into nested branches.
bool nest_concat(rewriting& in, const node& what) {
    if (what.op != "Concat") return false;
    const auto axis_of = [&](const node& one) {
        return axis_in(one, one.get<std::int64_t>("axis", 1), in.dims(one.outputs[0]).size());
    };
    const std::size_t axis = axis_of(what);
    const node* longest = nullptr;
    for (std::size_t i = 0; i < in.size() && &in.at(i) != &what; ++i) {
        const node& other = in.at(i);
        if (other.op != "Concat" || other.inputs.size() < 2 || other.inputs.size() >= what.inputs.size() ||
            axis_of(other) != axis || in.dims(other.outputs[0]).size() != in.dims(what.outputs[0]).size() ||
            !std::equal(other.inputs.begin(), other.inputs.end(), what.inputs.begin()))
            continue;
        if (longest == nullptr || other.inputs.size() > longest->inputs.size()) longest = &other;
    }
    if (longest == nullptr) return false;
    node shorter = what;
    const auto behind = shorter.inputs.begin() + static_cast<std::ptrdiff_t>(longest->inputs.size());
    shorter.inputs.erase(shorter.inputs.begin() + 1, behind);
    shorter.inputs[0] = longest->outputs[0];
    return in.replace(what.outputs[0], what.inputs, {std::move(shorter)});
}

}  // namespace ctnn_import
