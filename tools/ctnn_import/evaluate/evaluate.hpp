// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a model computes, in double precision, operator by operator as the ONNX standard says it. Slow and plain: it is
/// what imported networks are compared with.

#include "graph/graph.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ctnn_import {

/// The outputs of one node; a null pointer is an optional input that is left out.
///
/// *Errors*: `refusal` for an operator that is not known, and for attributes and shapes that it does not take.
std::vector<array> evaluate_node(const node& what, const std::vector<const array*>& inputs);

/// Every value of the graph by its name, constants too, for these inputs.
std::map<std::string, array> evaluate(const graph& model, const std::map<std::string, array>& inputs);

/// Inputs that are not special, the same for the same seed: reals between -1 and 1, integers 0 or 1. A Gather that takes
/// an input as its indices bounds it by what it looks up.
std::map<std::string, array> random_inputs(const graph& model, std::uint64_t seed);

/// Whether all are near: |a - b| <= absolute + relative |b|, two nans or the same infinity too.
bool near(const array& a, const array& b, double relative, double absolute);

}  // namespace ctnn_import
