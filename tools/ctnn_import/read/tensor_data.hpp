// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Takes the numbers out of a TensorProto.

#include "graph/array.hpp"

#include <onnx/onnx_pb.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace ctnn_import {

/// Whether values of this type are integers here; refuses types that hold no numbers. `what` begins the sentence.
bool holds_integers(int onnx_type, const std::string& what);

/// Numbers in little-endian bytes, as many as the extents say, which are not negative.
///
/// *Errors*: `refusal` that begins with `what`.
array array_of_bytes(std::string_view bytes, int onnx_type, const extents& dims, const std::string& what);

/// Where a tensor with external data has it, beside the model; empty for others.
std::string location_of(const onnx::TensorProto& tensor);

/// The numbers of a tensor. External data is read from the folder of the model alone; an empty folder means that there
/// can be none.
///
/// *Errors*: `refusal` that begins with `what`, such as `initialiser "conv.weight"`.
array array_of(const onnx::TensorProto& tensor, const std::filesystem::path& folder, const std::string& what);

}  // namespace ctnn_import
