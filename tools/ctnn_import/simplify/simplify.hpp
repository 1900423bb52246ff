// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Makes a graph say the same with fewer nodes.

#include "graph/graph.hpp"

namespace ctnn_import {

/// Computes what does not depend on the inputs: nodes whose inputs are constants, and Shape and Size of any value. Takes
/// out Identity, Dropout and Cast from real to real, and nodes whose values nobody needs.
void fold_constants(graph& model);

/// Replaces what exporters write in several nodes by the operator that it means: MatMul and Add of a constant, Gelu (by
/// erf and by tanh), x Sigmoid(x), HardSwish, LayerNormalization and InstanceNormalization out of their parts, Clip out
/// of Min and Max. The operators are those of ONNX, and two of ours: "Silu" (x / (1 + exp(-x))) and "Gelu" with the
/// attribute `approximate` "none" or "tanh" in every version.
///
/// Also takes apart what keeps a graph from being a nest of branches: Gemm with a computed C, recurrent operators with
/// steps and state, concatenations that begin alike. What does not compute the same of random values stays as it is.
void recognise_patterns(graph& model);

}  // namespace ctnn_import
