// SPDX-License-Identifier: BSL-1.0
// Normalisations, PRelu and softmax.
#include "graph/operator_call.hpp"
#include "lower/lowering.hpp"

#include <cmath>

namespace ctnn_import {

namespace {

const std::vector<double>& of_channels(const job& of, std::size_t input, std::int64_t channels) {
    if (static_cast<std::int64_t>(of.reals(input).size()) != channels)
        of.refuse("its input " + std::to_string(input) + " does not have one value per channel");
    return of.reals(input);
}

void batch_normalization(const job& of) {
    of.wants_live_first();
    const extents& x = of.input();
    const double epsilon = of.what.get<double>("epsilon", double{1e-5f});
    const auto &scale = of_channels(of, 1, x[1]), &shift = of_channels(of, 2, x[1]);
    const auto &mean = of_channels(of, 3, x[1]), &variance = of_channels(of, 4, x[1]);
    std::vector<double> weights(scale.size()), bias(scale.size());
    for (std::size_t c = 0; c < scale.size(); ++c) {
        if (!(variance[c] + epsilon > 0)) of.refuse("a variance is not above 0");
        weights[c] = scale[c] / std::sqrt(variance[c] + epsilon);
        bias[c] = shift[c] - mean[c] * weights[c];
    }
    of.to.affine(view_of(x, 1, 2), weights, bias, of.what.name);
}

/// Normalises rows to mean 0 and variance 1, then applies a weight and a bias for each position, if any.
void normalise_rows(const job& of, std::int64_t rows, std::int64_t size, const std::vector<double>& weights,
                    const std::vector<double>& bias) {
    const double epsilon = of.what.get<double>("epsilon", double{1e-5f});
    if (epsilon < 0) of.refuse("its epsilon is negative");
    of.to.view_rows(size);
    layer next;
    next.kind = "layer_norm";
    next.takes_activation = true;
    const std::string ratio = ratio_text(of.what, epsilon);
    const bool usual = ratio == "std::ratio<1, 100000>";
    if (!usual || weights.empty()) next.options.push_back(usual ? "ctnn::epsilon<>" : "ctnn::epsilon<" + ratio + ">");
    if (weights.empty())
        next.options.push_back("ctnn::no_affine");
    else
        next.parameters = {{"weights", {size}, weights}, {"bias", {size}, bias}};
    next.nodes = {of.what.name};
    if (!weights.empty()) next.multiply_accumulates = rows * size;
    of.to.add(std::move(next), extents(of.to.shape()));
}

void layer_normalization(const job& of) {
    of.wants_live_first();
    if (of.output != 0) of.refuse("its mean or inverse standard deviation is requested");
    const extents& x = of.input();
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", -1), x.size());
    const std::int64_t size = count(x, axis, x.size());
    const auto& weights = of.reals(1);
    std::vector<double> bias(weights.size());
    if (of.what.has_input(2)) bias = of.reals(2);
    if (static_cast<std::int64_t>(weights.size()) != size || bias.size() != weights.size())
        of.refuse("its scale or bias has another size than the normalised axes");
    normalise_rows(of, count(x) / size, size, weights, bias);
}

void instance_normalization(const job& of) {
    of.wants_live_first();
    const extents& x = of.input();
    const std::int64_t places = count(x, 2, x.size());
    const auto &scale = of_channels(of, 1, x[1]), &shift = of_channels(of, 2, x[1]);
    normalise_rows(of, x[0] * x[1], places, {}, {});
    of.to.affine(view_of(x, 1, 2), scale, shift, of.what.name);
}

void prelu(const job& of) {
    of.wants_live_first();
    extents slope = of.dims(1);
    if (of.what.opset < 7 && slope.size() == 1 && slope[0] != 1 && of.input().size() > 1)
        slope.resize(of.input().size() - 1, 1);
    const auto [at, numbers] = constant_along(slope, of.reals(1), of.input());
    // A single slope is repeated for each channel if there are few, which keeps the view.
    const bool one = numbers.size() == 1, few = of.to.shape()[0] > 1 && of.to.shape()[0] <= 16;
    const std::size_t axis = one && few ? 0 : of.to.view_axis(at);
    const extents seen = of.to.shape();
    const auto slopes = one ? std::vector<double>(static_cast<std::size_t>(seen[axis]), numbers[0]) : numbers;
    layer next;
    next.kind = "prelu";
    if (axis != 0) next.arguments = {"ctnn::axis<" + std::to_string(axis) + ">"};
    next.feature_axis = axis;
    next.parameters = {{"weights", {seen[axis]}, slopes}};
    next.nodes = {of.what.name};
    next.multiply_accumulates = count(seen);
    of.to.add(std::move(next), seen);
}

/// Before opset 13 all axes from `axis` on form one row.
void softmax(const job& of) {
    const extents& x = of.input();
    const bool flat = of.what.opset < 13;
    const std::int64_t given = of.what.get<std::int64_t>("axis", flat ? 1 : -1);
    const std::string activation = of.what.op == "Softmax" ? "ctnn::softmax" : "ctnn::log_softmax";
    const bool behind = flat && given == static_cast<std::int64_t>(x.size());
    const std::size_t axis = behind ? x.size() : axis_in(of.what, given, x.size());
    const axis_view at = view_of(x, axis, flat ? x.size() : axis + 1);
    of.to.permute({at.outer, at.extent, at.inner}, {0, 2, 1}, of.what.name);
    of.to.view_rows(at.extent);
    of.to.activate_rows(activation, of.what.name);
    of.to.permute({at.outer, at.inner, at.extent}, {0, 2, 1}, of.what.name);
}

}  // namespace

void add_normalisation_lowerings(lowering_table& table) {
    table.insert({{"BatchNormalization", batch_normalization},
                  {"LayerNormalization", layer_normalization},
                  {"InstanceNormalization", instance_normalization},
                  {"PRelu", prelu},
                  {"Softmax", softmax},
                  {"LogSoftmax", softmax}});
}

}  // namespace ctnn_import
