// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Makes a graph say the same with fewer nodes.

#include "graph.hpp"

namespace ctnn_import {

/// Computes what does not depend on the inputs: nodes whose inputs are constants, and Shape and Size of any value. Takes
/// out Identity, Dropout and Cast from real to real, and nodes whose values nobody needs.
void fold_constants(graph& model);

/// Replaces what exporters write in several nodes by the operator that it means: MatMul and Add of a constant, Gelu (by
/// erf and by tanh), x Sigmoid(x), HardSwish, LayerNormalization and InstanceNormalization out of their parts, Clip out
/// of Min and Max. The operators are those of ONNX, and two of ours: "Silu" (x / (1 + exp(-x))) and "Gelu" with the
/// attribute `approximate` "none" or "tanh" in every version.
///
/// *Errors*: `refusal` when the graph that results does not compute the same for random inputs.
void recognise_patterns(graph& model);

}  // namespace ctnn_import
