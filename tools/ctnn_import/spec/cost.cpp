// SPDX-License-Identifier: BSL-1.0
#include "spec/cost.hpp"

#include "graph/operator_call.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace ctnn_import {

namespace {

/// The comparisons on the longest path through each tree of `decision_trees`.
double comparisons_of(const layer& what) {
    const parameter &table = what.parameters.at(0), &leaves = what.parameters.at(1);
    const auto splits = static_cast<std::size_t>(table.dims[0]), first = static_cast<std::size_t>(leaves.dims[0]);
    std::vector<double> levels(splits, 1);
    for (std::size_t i = splits; i-- > 0;)
        for (const std::size_t k : {4 * i + 2, 4 * i + 3})
            if (table.values[k] > static_cast<double>(first + i) &&
                table.values[k] < static_cast<double>(first + splits))
                levels[i] = std::max(levels[i], 1 + levels[static_cast<std::size_t>(table.values[k]) - first]);
    return std::accumulate(levels.begin(), levels.begin() + static_cast<std::ptrdiff_t>(first - splits), 0.0);
}

double steps_of(const layer& what) {
    const std::string& kind = what.kind;
    const auto macs = static_cast<double>(what.multiply_accumulates);
    const auto inputs = static_cast<double>(count(what.input)), outputs = static_cast<double>(count(what.output));
    const double activation = what.activation.empty() && kind != "activation" ? 0 : 50 * outputs;
    if (kind == "dense") return 0.7 * macs + activation;
    if (kind.starts_with("conv")) return 7 * macs + 10 * inputs + activation;
    if (kind.find("pool") != kind.npos) return 14 * inputs;
    if (kind == "gru" || kind == "lstm" || kind == "simple_rnn") return 3 * macs + 60 * outputs;
    if (kind == "layer_norm" || kind == "batch_norm" || kind == "scale" || kind == "prelu")
        return (kind == "batch_norm" ? 70 : 20) * inputs + activation;
    if (kind == "decision_trees") return 1.2 * comparisons_of(what) * 17 + 20 * outputs;
    if (kind == "matmul") return 4 * macs + 10 * inputs;
    if (what.is_view()) return 3.2 * outputs;
    return 12 * outputs + 4 * inputs + activation;
}

}  // namespace

cost cost_of(const layer& what) {
    cost result{0, what.multiply_accumulates, 1.5 * steps_of(what) + 100};
    for (const parameter& one : what.parameters) result.parameters += static_cast<std::int64_t>(one.values.size());
    for (const chain& branch : what.branches) {
        const cost inside = cost_of(branch);
        result.parameters += inside.parameters;
        result.multiply_accumulates += inside.multiply_accumulates;
        result.steps += inside.steps;
    }
    return result;
}

cost cost_of(const chain& layers) {
    cost result;
    for (const layer& what : layers) {
        const cost one = cost_of(what);
        result.parameters += one.parameters;
        result.multiply_accumulates += one.multiply_accumulates;
        result.steps += one.steps;
    }
    return result;
}

}  // namespace ctnn_import
