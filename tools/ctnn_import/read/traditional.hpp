// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Operators of the domain ai.onnx.ml, as scikit-learn's converter writes them.

#include "graph/graph.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ctnn_import {

/// Scaler, Normalizer, LinearRegressor and LinearClassifier as ONNX's own operators; TreeEnsemble and TreeEnsembleClassifier
/// as TreeEnsembleRegressor and those. `is_taken(name)` is whether
/// something takes a value; the classes of a classifier are left out if nothing does. Adds constants to the graph.
///
/// *Errors*: `refusal` for another operator, and for attributes that do not fit each other.
std::vector<node> traditional(const node& of, const std::function<bool(const std::string&)>& is_taken, graph& to);

}  // namespace ctnn_import
