// SPDX-License-Identifier: BSL-1.0
// Operators without a layer of their own become others that have one.
#include "graph/operator_call.hpp"
#include "simplify/patterns.hpp"

#include <algorithm>
#include <numeric>

namespace ctnn_import {

/// Mish is x tanh(softplus(x)), Swish x sigmoid(alpha x), Celu alpha times an Elu of x / alpha.
bool part_activation(rewriting& in, const node& what) {
    if (what.op != "Mish" && what.op != "Swish" && what.op != "Celu") return false;
    const std::string x = what.inputs[0];
    const double alpha = what.get<double>("alpha", 1);
    parts to(in, what, what.outputs[0]);
    if (what.op == "Mish")
        to("Mul", {x, to("Tanh", {to("Softplus", {x})})});
    else if (what.op == "Swish" && alpha == 1)
        to("Silu", {x});
    else if (what.op == "Swish")
        to("Mul", {x, to("Sigmoid", {to("Mul", {x, to.number(alpha)})})});
    else if (alpha == 1)
        to("Elu", {x});
    else
        to("Mul", {to("Elu", {to("Div", {x, to.number(alpha)})}), to.number(alpha)});
    return to.replace({x});
}

/// GroupNormalization as InstanceNormalization of the groups. Before opset 21 scale and bias are per group too; since
/// then they are per channel, and are applied afterwards.
bool part_group_norm(rewriting& in, const node& what) {
    if (what.op != "GroupNormalization") return false;
    const extents dims = in.dims(what.inputs[0]);
    const std::int64_t groups = what.get<std::int64_t>("num_groups", 1);
    const bool for_each_channel = what.opset >= 21;
    std::string scale = what.inputs[1], shift = what.inputs[2];
    if (for_each_channel) {
        const auto size = static_cast<std::size_t>(groups);
        scale = in.constant(scale, {{groups}, std::vector<double>(size, 1)});
        shift = in.constant(shift, {{groups}, std::vector<double>(size, 0)});
    }
    std::map<std::string, attribute> epsilon;
    if (what.has("epsilon")) epsilon = {{"epsilon", what.get<double>("epsilon", 0)}};
    parts to(in, what, what.outputs[0]);
    const std::string grouped = to("Reshape", {what.inputs[0], to.numbers({dims[0], groups, -1})}),
                      normal = to("InstanceNormalization", {grouped, scale, shift}, epsilon),
                      whole = to("Reshape", {normal, to.numbers(dims)});
    if (for_each_channel) {
        extents along(dims.size() - 1, 1);
        along[0] = dims[1];
        const auto of_channels = [&](std::size_t input) {
            return to("Reshape", {what.inputs[input], to.numbers(along)});
        };
        const std::string scaled = to("Mul", {whole, of_channels(1)}), added = of_channels(2);
        to("Add", {scaled, added});
    }
    return to.replace(what.inputs);
}

namespace {

std::vector<std::int64_t> axes_from(const rewriting& in, const node& what) {
    const std::size_t rank = in.dims(what.inputs[0]).size();
    std::vector<std::int64_t> axes(rank - axis_in(what, what.get<std::int64_t>("axis", -1), rank));
    std::iota(axes.begin(), axes.end(), static_cast<std::int64_t>(rank - axes.size()));
    return axes;
}

/// The mean that LayerNormalization computes too, or one divided by the deviation.
bool part_statistics(rewriting& in, const node& what, std::size_t output) {
    const std::string x = what.inputs[0];
    const auto axes = axes_from(in, what);
    parts to(in, what, what.outputs[output]);
    const std::string mean = to.reduced("ReduceMean", x, axes, true);
    if (output == 2) {
        const std::string centred = to("Sub", {x, mean}),
                          variance = to.reduced("ReduceMean", to("Mul", {centred, centred}), axes, true);
        to("Reciprocal", {to("Sqrt", {to("Add", {variance, to.number(what.get<double>("epsilon", double{1e-5f}))})})});
    }
    return to.replace({x});
}

/// x / sqrt(mean(x^2) + epsilon), times a scale.
bool part_rms_norm(rewriting& in, const node& what) {
    const std::string x = what.inputs[0];
    parts to(in, what, what.outputs[0]);
    const std::string mean = to.reduced("ReduceMean", to("Mul", {x, x}), axes_from(in, what), true);
    const std::string epsilon = to.number(what.get<double>("epsilon", double{1e-5f}));
    to("Mul", {to("Div", {x, to("Sqrt", {to("Add", {mean, epsilon})})}), what.inputs[1]});
    return to.replace(what.inputs);
}

}  // namespace

bool part_norm(rewriting& in, const node& what) {
    if (what.op == "RMSNormalization") return part_rms_norm(in, what);
    if (what.op == "LayerNormalization")
        for (const std::size_t output : {std::size_t{1}, std::size_t{2}})
            if (what.has_output(output) && in.is_used(what.outputs[output])) return part_statistics(in, what, output);
    if (what.op != "LpNormalization") return false;
    const std::string x = what.inputs[0];
    const std::int64_t power = what.get<std::int64_t>("p", 2);
    parts to(in, what, what.outputs[0]);
    const auto axis = static_cast<std::int64_t>(axis_in(what, what.get<std::int64_t>("axis", -1), in.dims(x).size()));
    const std::string sum = to.reduced("ReduceSum", power == 1 ? to("Abs", {x}) : to("Mul", {x, x}), {axis}, true);
    // A row of zeros stays zero; no row that matters is as small as the bound.
    const std::string norm = power == 1 ? sum : to("Sqrt", {sum});
    to("Div", {x, to("Clip", {norm, to.number(0x1p-60)})});
    return to.replace({x});
}

/// Reductions that are others of a function, or a function of others.
bool part_reduction(rewriting& in, const node& what) {
    static const std::vector<std::string> known{"ReduceL1",  "ReduceL2",     "ReduceSumSquare",
                                                "ReduceMin", "ReduceLogSum", "ReduceLogSumExp"};
    if (std::find(known.begin(), known.end(), what.op) == known.end()) return false;
    const auto axes = reduced_axes(in, what);
    if (!axes || axes->empty()) return false;
    const std::string x = what.inputs[0];
    const bool keep = what.get<std::int64_t>("keepdims", 1) != 0;
    parts to(in, what, what.outputs[0]);
    const auto summed = [&](const std::string& terms) { return to.reduced("ReduceSum", terms, *axes, keep); };
    if (what.op == "ReduceL1")
        summed(to("Abs", {x}));
    else if (what.op == "ReduceL2")
        to("Sqrt", {summed(to("Mul", {x, x}))});
    else if (what.op == "ReduceSumSquare")
        summed(to("Mul", {x, x}));
    else if (what.op == "ReduceMin")
        to("Neg", {to.reduced("ReduceMax", to("Neg", {x}), *axes, keep)});
    else if (what.op == "ReduceLogSum")
        to("Log", {summed(x)});
    else
        to("Log", {summed(to("Exp", {x}))});
    return to.replace({x});
}

}  // namespace ctnn_import
