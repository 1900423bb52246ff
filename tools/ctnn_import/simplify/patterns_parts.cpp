// SPDX-License-Identifier: BSL-1.0
// Operators without a layer of their own become others that have one.
#include "graph/operator_call.hpp"
#include "simplify/patterns.hpp"

#include <algorithm>

namespace ctnn_import {

/// Mish as x tanh(softplus(x)): ctnn has no such activation.
bool part_mish(rewriting& in, const node& what) {
    if (what.op != "Mish") return false;
    const std::string x = what.inputs[0], result = what.outputs[0], inner = in.fresh(result), outer = in.fresh(result);
    return in.replace(result, {x},
                      {new_node("Softplus", {x}, inner, what), new_node("Tanh", {inner}, outer, what),
                       new_node("Mul", {x, outer}, result, what)});
}

/// Swish as Silu, or as x sigmoid(alpha x).
bool part_swish(rewriting& in, const node& what) {
    if (what.op != "Swish") return false;
    const std::string x = what.inputs[0], result = what.outputs[0];
    const double alpha = what.get<double>("alpha", 1);
    if (alpha == 1) return in.replace(result, {x}, {new_node("Silu", {x}, result, what)});
    const std::string factor = in.constant(result, {{}, std::vector<double>{alpha}}), scaled = in.fresh(result),
                      gate = in.fresh(result);
    return in.replace(result, {x},
                      {new_node("Mul", {x, factor}, scaled, what), new_node("Sigmoid", {scaled}, gate, what),
                       new_node("Mul", {x, gate}, result, what)});
}

/// GroupNormalization as InstanceNormalization of the groups. Before opset 21 scale and bias are per group too; since
/// then they are per channel, and are applied afterwards.
bool part_group_norm(rewriting& in, const node& what) {
    if (what.op != "GroupNormalization") return false;
    const std::string x = what.inputs[0], result = what.outputs[0];
    const extents dims = in.dims(x);
    const std::int64_t groups = what.get<std::int64_t>("num_groups", 1);
    const auto numbers = [&](std::vector<std::int64_t> all) {
        const extents size{static_cast<std::int64_t>(all.size())};
        return in.constant(result, {size, std::move(all)});
    };
    std::vector<node> parts;
    const auto part = [&](const char* op, std::vector<std::string> from, const std::string& to = {}) {
        parts.push_back(new_node(op, std::move(from), to.empty() ? in.fresh(result) : to, what));
        return parts.back().outputs[0];
    };
    const bool for_each_channel = what.opset >= 21;
    std::string scale = what.inputs[1], shift = what.inputs[2];
    if (for_each_channel) {
        const auto size = static_cast<std::size_t>(groups);
        scale = in.constant(result, {{groups}, std::vector<double>(size, 1)});
        shift = in.constant(result, {{groups}, std::vector<double>(size, 0)});
    }
    const std::string grouped = part("Reshape", {x, numbers({dims[0], groups, -1})}),
                      normal = part("InstanceNormalization", {grouped, scale, shift});
    if (what.has("epsilon")) parts.back().attributes = {{"epsilon", what.get<double>("epsilon", 0)}};
    const std::string whole = part("Reshape", {normal, numbers(dims)}, for_each_channel ? "" : result);
    if (for_each_channel) {
        extents along(dims.size() - 1, 1);
        along[0] = dims[1];
        const std::string shape = numbers(along),
                          scaled = part("Mul", {whole, part("Reshape", {what.inputs[1], shape})});
        part("Add", {scaled, part("Reshape", {what.inputs[2], shape})}, result);
    }
    return in.replace(result, what.inputs, std::move(parts));
}

}  // namespace ctnn_import
