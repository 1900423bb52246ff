// SPDX-License-Identifier: BSL-1.0
#include "lower/integer_limits.hpp"

#include "refusal.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <vector>

namespace ctnn_import {

namespace {

std::string times(double factor) {
    std::ostringstream text;
    text << factor;
    return text.str();
}

}  // namespace

void refuse_integers(const layer& what, const std::string& reason) {
    throw refusal(
        (what.nodes.empty() ? "layer " + what.kind : "node \"" + what.nodes.back() + "\" (ctnn::" + what.kind + ")") +
        ": the model is of integers, and " + reason);
}

void check_ratio(const layer& what, const quantization& from, const quantization& to, double least) {
    const double ratio = from.scales.at(0) / to.scales.at(0);
    if (ratio < least || ratio >= 256)
        refuse_integers(what, "the scale of an input is " + times(ratio) + " times that of its output");
}

void check_sums(const layer& what, const parameter& weights, const quantization& now) {
    const auto channels = static_cast<std::size_t>(weights.dims.back());
    std::vector<double> largest(what.integers.bias.begin(), what.integers.bias.end());
    for (double& sum : largest) sum = std::abs(sum);
    const auto scale = [&](std::size_t channel) { return what.integers.scales[channel % what.integers.scales.size()]; };
    for (std::size_t i = 0; i < weights.values.size(); ++i)
        largest[i % channels] += 256 * std::round(std::abs(weights.values[i]) / scale(i % channels));
    for (std::size_t c = 0; c < channels; ++c) {
        const double factor = now.scales.at(0) * scale(c) / what.integers.linear.scales.at(0);
        if (factor >= 256)
            refuse_integers(what, "the scale of its sums is " + times(factor) + " times that of its output");
        if (largest[c] * std::exp2(std::max(0, std::ilogb(factor) + 1)) >= 0x1p31)
            refuse_integers(what, "its sums, with the factor " + times(factor) + ", may have more than 32 bits");
    }
}

}  // namespace ctnn_import
