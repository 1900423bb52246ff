// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads the elements of a TensorProto.

#include "graph/array.hpp"

#include <onnx/onnx_pb.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace ctnn_import {

/// Whether the importer stores this data type as integers; refuses non-numeric types. `what` begins the message.
bool holds_integers(int onnx_type, const std::string& what);

/// Elements from little-endian bytes. Their number has to match the extents, which must not be negative.
///
/// *Errors*: `refusal` that begins with `what`.
array array_of_bytes(std::string_view bytes, int onnx_type, const extents& dims, const std::string& what);

/// The location of a tensor's external data, relative to the model's folder; empty for other tensors.
std::string location_of(const onnx::TensorProto& tensor);

/// The elements of a tensor. External data is read only from the model's folder; if `folder` is empty, it is refused.
///
/// *Errors*: `refusal` that begins with `what`, such as `initialiser "conv.weight"`.
array array_of(const onnx::TensorProto& tensor, const std::filesystem::path& folder, const std::string& what);

}  // namespace ctnn_import
