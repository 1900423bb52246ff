// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The pipeline from a graph to a network that has been verified against it.

#include "evaluate_onnx/evaluate.hpp"
#include "graph/graph.hpp"
#include "spec/network.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ctnn_import {

/// Folds constants, recognises patterns, lowers, and compares the network with the model on random inputs.
///
/// *Errors*: `refusal`, also if the two differ by more than 1e-6 of the largest output: a bug of the importer, which
/// would write a wrong network.
network import_model(const graph& model);

/// Splits one flat sample, the concatenation of all inputs, into the inputs.
std::map<std::string, array> inputs_of(const graph& model, const std::vector<double>& sample);
/// The inverse.
std::vector<double> flat(const graph& model, const std::map<std::string, array>& inputs);
/// The model's output, in double precision.
std::vector<double> answer(const graph& model, const std::vector<double>& sample);

/// The difference between a layer's output and the corresponding value of the model, with parameters rounded to float
/// or not.
struct layer_difference {
    std::string value;   ///< the name of the model's value; empty if none corresponds to the layer
    double worst = 0;    ///< the largest absolute difference
    double largest = 0;  ///< the largest magnitude of the value
};
std::vector<layer_difference> differences(const graph& model, const network& imported,
                                          const std::vector<double>& sample, bool double_precision);

}  // namespace ctnn_import
