// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The whole way from a graph to a network that was compared with it.

#include "evaluate/evaluate.hpp"
#include "graph/graph.hpp"
#include "spec/network.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ctnn_import {

/// Folds, recognises, lowers, and compares the network with the model for random inputs.
///
/// *Errors*: `refusal`, also where the two differ by more than 1e-6 of the largest output: that is a mistake of the
/// importer, and what it would write is wrong.
network import_model(const graph& model);

/// The values of all inputs out of the numbers of one sample, one input behind the other.
std::map<std::string, array> inputs_of(const graph& model, const std::vector<double>& sample);
/// The other way.
std::vector<double> flat(const graph& model, const std::map<std::string, array>& inputs);
/// What the model answers, in double precision.
std::vector<double> answer(const graph& model, const std::vector<double>& sample);

/// The layers of a network with the values of the model that they stand for, and how far they differ when parameters
/// are rounded to float (or not).
struct layer_difference {
    std::string value;   ///< the name of the model's value; empty where a layer ends inside of an operator
    double worst = 0;    ///< the largest difference
    double largest = 0;  ///< the largest number of the value
};
std::vector<layer_difference> differences(const graph& model, const network& imported,
                                          const std::vector<double>& sample, bool double_precision);

}  // namespace ctnn_import
