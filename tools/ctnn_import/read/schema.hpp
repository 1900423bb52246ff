// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Checks a node's inputs, outputs and attributes against its operator's schema in the model's opset.

#include "graph/graph.hpp"

#include <onnx/onnx_pb.h>

#include <cstdint>

namespace ctnn_import {

inline constexpr std::int64_t oldest_opset = 6, newest_opset = 25, newest_of_library = 17;
/// The version of the file format that came with the newest opset.
inline constexpr std::int64_t newest_ir = 13;

/// The opset version of the default ONNX domain that a model imports.
///
/// *Errors*: `refusal` for none, for two different versions, and for an unsupported one.
std::int64_t opset_of(const onnx::ModelProto& model);

/// Checks a node against its operator's schema. Removes attributes of later opsets whose value is the behaviour of the
/// model's opset without them: exporters write all attributes that they know.
///
/// *Errors*: `refusal` that names the mismatch.
void check_against_schema(node& of, const onnx::NodeProto& given);

}  // namespace ctnn_import
