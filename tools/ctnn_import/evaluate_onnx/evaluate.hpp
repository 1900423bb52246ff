// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A reference evaluator of ONNX graphs in double precision, operator by operator as the standard defines them: slow
/// and plain. Imported networks are compared with it.

#include "graph/graph.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ctnn_import {

/// The outputs of one node; a null pointer is an omitted optional input.
///
/// *Errors*: `refusal` for an unknown operator and for invalid attributes and shapes.
std::vector<array> evaluate_node(const node& what, const std::vector<const array*>& inputs);

/// Every value of the graph by name, including constants, for these inputs.
std::map<std::string, array> evaluate(const graph& model, const std::map<std::string, array>& inputs);

/// Seeded random inputs: floating-point elements between -1 and 1, integers 0 or 1, or any valid index if the input
/// indexes the table of a Gather; those that trees compare are at thresholds and around them.
std::map<std::string, array> random_inputs(const graph& model, std::uint64_t seed);

/// Whether |a - b| <= absolute + relative |b| for all elements; two NaNs, or equal infinities, are near too.
bool near(const array& a, const array& b, double relative, double absolute);

}  // namespace ctnn_import
