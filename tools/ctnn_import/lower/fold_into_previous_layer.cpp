// SPDX-License-Identifier: BSL-1.0
// Fuses nodes into the previous layer instead of adding one: affine maps (BatchNormalization, Mul and Add) into its
// weights and bias, slices into its options.
#include "lower/builder.hpp"
#include "spec/spec_text.hpp"

#include <algorithm>

namespace ctnn_import {

/// Folds an affine map into the last layer, if possible. The map has to act on the layer's output features: the
/// innermost axis (dense, layer_norm), the outermost (convolutions), or the features of the same view (scale).
bool builder::fold_affine(const axis_view& at, const std::vector<double>& weights, const std::vector<double>& bias,
                          const std::string& node_name) {
    layer* const before = last();
    if (rounded_ || before == nullptr || !before->activation.empty()) return false;
    const bool dense = before->kind == "dense", conv = before->kind == "conv1d" || before->kind == "conv2d";
    const bool transposed = before->kind.ends_with("_transpose"), scale = before->kind == "scale";
    const bool norm = before->kind == "layer_norm" && before->find("weights") != nullptr;
    if (!dense && !conv && !transposed && !scale && !norm) return false;
    parameter* const old = before->find("weights");
    const std::size_t features =
        !transposed ? static_cast<std::size_t>(old->dims.back()) : static_cast<std::size_t>(before->output[0]);
    if (weights.size() != 1) {
        if (weights.size() != features) return false;
        if ((dense || norm) && at.inner != 1) return false;
        if ((conv || transposed) && at.outer != 1) return false;
        if (scale) {
            const axis_view own = view_of(before->output, before->feature_axis, before->feature_axis + 1);
            if (own.outer != at.outer || own.extent != at.extent || own.inner != at.inner) return false;
        }
    }
    const auto one = [&](const std::vector<double>& list, std::size_t feature) {
        return list.size() == 1 ? list[0] : list[feature];
    };
    // A layer without a bias gets one if needed.
    const bool any_bias = std::any_of(bias.begin(), bias.end(), [](double number) { return number != 0; });
    if (any_bias && before->find("bias") == nullptr) {
        before->parameters.push_back({"bias", {static_cast<std::int64_t>(features)}, std::vector<double>(features)});
        std::erase(before->options, "ctnn::no_bias");
    }
    parameter& kernel = *before->find("weights");
    if (transposed) {
        // window x filters per group x channels: the channels of a group produce its filters.
        const auto in_group = static_cast<std::size_t>(kernel.dims[kernel.dims.size() - 2]),
                   channels = static_cast<std::size_t>(kernel.dims.back());
        const std::size_t groups = features / in_group;
        for (std::size_t i = 0; i < kernel.values.size(); ++i)
            kernel.values[i] *= one(weights, i % channels / (channels / groups) * in_group + i / channels % in_group);
    } else {
        for (std::size_t i = 0; i < kernel.values.size(); ++i) kernel.values[i] *= one(weights, i % features);
    }
    if (parameter* const shift = before->find("bias"))
        for (std::size_t i = 0; i < shift->values.size(); ++i)
            shift->values[i] = one(weights, i) * shift->values[i] + one(bias, i);
    before->add_node(node_name);
    return true;
}

/// Folds a slice into the last layer, if possible: the last step of a recurrent layer, or the removal of trailing
/// outputs that exist only because of a convolution's padding.
bool builder::fold_slice(const axis_view& at, std::int64_t first, std::int64_t count, const std::string& node_name) {
    layer* const before = last();
    if (before == nullptr || before->output.size() != 2) return false;
    const bool recurrent = before->kind == "gru" || before->kind == "lstm" || before->kind == "simple_rnn";
    if (recurrent && at.outer == 1 && at.extent == before->output[0] && first == at.extent - 1 && count == 1 &&
        at.extent > 1) {
        before->options.push_back("ctnn::last_step");
        before->output = {before->output[1]};
    } else if (before->kind == "conv1d" && at.outer == before->output[0] && at.extent == before->output[1] &&
               first == 0 && before->activation.empty()) {
        const auto pads = std::find_if(before->options.begin(), before->options.end(),
                                       [](const std::string& text) { return text.starts_with("ctnn::padding<"); });
        const bool strides = std::any_of(before->options.begin(), before->options.end(),
                                         [](const std::string& text) { return text.starts_with("ctnn::stride<"); });
        if (pads == before->options.end() || strides) return false;
        const spec_term pad = parse_spec(*pads).arguments.at(0);
        const std::int64_t front = pad.arguments[0].number(), back = pad.arguments.back().number(),
                           behind = back - (at.extent - count);
        if (behind < 0) return false;
        // No padding at the end and an unchanged length make the convolution causal.
        *pads = behind == 0 && before->input[1] == count
                    ? "ctnn::causal"
                    : "ctnn::padding<ctnn::pad<" + std::to_string(front) + ", " + std::to_string(behind) + ">>";
        before->multiply_accumulates = before->multiply_accumulates / before->output[1] * count;
        before->output[1] = count;
    } else {
        return false;
    }
    while (layers_.back().is_view()) layers_.pop_back();
    shape_ = before->output;
    before->add_node(node_name);
    return true;
}

}  // namespace ctnn_import
