// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Operators on 8-bit integers, as onnxruntime's quantisation tools write them.

#include "graph/graph.hpp"

#include <string>
#include <vector>

namespace ctnn_import {

/// Whether an operator of a domain is one of them: QLinearConv and QLinearMatMul of ONNX, QGemm, QLinearAdd and others of
/// com.microsoft.
bool is_quantized_operator(const std::string& domain, const std::string& op);

/// The same as operators on real numbers, between DequantizeLinear and QuantizeLinear. Adds constants to the graph.
///
/// *Errors*: `refusal` for a form that means something else.
std::vector<node> with_real_numbers(const node& of, graph& to);

}  // namespace ctnn_import
