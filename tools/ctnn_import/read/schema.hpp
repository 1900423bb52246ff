// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the versions of ONNX's operators say of a node: which inputs, outputs and attributes it has.

#include "graph/graph.hpp"

#include <onnx/onnx_pb.h>

#include <cstdint>

namespace ctnn_import {

inline constexpr std::int64_t oldest_opset = 6, newest_opset = 18, newest_of_library = 17;

/// The version of ONNX's own operators that a model imports.
///
/// *Errors*: `refusal` for none, for two different ones, and for one that the importer does not know.
std::int64_t opset_of(const onnx::ModelProto& model);

/// Compares a node with what the standard says of its operator. Takes out attributes that only later versions have, where
/// they say what the version of the model does without them: exporters write those that they know.
///
/// *Errors*: `refusal` that names what does not fit.
void check_against_schema(node& of, const onnx::NodeProto& given);

}  // namespace ctnn_import
