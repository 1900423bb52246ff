// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Graph simplification: constant folding and pattern recognition.

#include "graph/graph.hpp"

namespace ctnn_import {

/// Folds nodes whose inputs are constants, and Shape and Size of any value. Removes Identity, Dropout, Cast between
/// floating-point types or between integer types, and dead nodes.
void fold_constants(graph& model);

/// Drops QuantizeLinear and DequantizeLinear: the graph then computes with real numbers, and `quantized` has how integers stand
/// for them.
///
/// *Errors*: `refusal` for scales that are computed, and for integers that are taken for other numbers than they stand for.
void take_quantization(graph& model);

/// Fuses subgraphs that exporters write for one operator: Gelu (by erf and by tanh), x Sigmoid(x), HardSigmoid,
/// HardSwish, Softsign, Softplus, nested bounds (Relu, Clip, Min, Max) as one Clip, and normalisations, as
/// LayerNormalization between Transposes if its axes are not the last. The operators are ONNX's and two additional
/// ones: "Silu" (x / (1 + exp(-x))) and "Gelu" with the attribute `approximate` "none" or "tanh" in every opset.
///
/// Also decomposes operators that keep a graph from being nested branches: Gemm with a computed C, recurrent operators
/// of which both Y and Y_h are used, concatenations with a common prefix; and those without a layer of their own: Mish,
/// Swish, GroupNormalization. A rewrite that changes the result for random inputs is dropped.
void recognise_patterns(graph& model);

}  // namespace ctnn_import
