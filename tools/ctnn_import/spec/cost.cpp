// SPDX-License-Identifier: BSL-1.0
#include "spec/cost.hpp"

#include "graph/operator_call.hpp"

namespace ctnn_import {

namespace {

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
