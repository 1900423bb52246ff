// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads the nodes of a model, with functions, branches and the steps of loops put in place of the nodes that call them.

#include "graph/graph.hpp"

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <filesystem>

namespace ctnn_import {

/// Appends the nodes and outputs of a model to a graph that has its inputs and initialisers. Each call of a function of
/// the model becomes the nodes of the function; each `If`, whose condition has to be a constant, those of one branch;
/// `Loop` and `Scan`, of at most 64 steps whose number is a constant, those of all steps. Returns whether the model has
/// none of these, nor operators of other domains.
///
/// *Errors*: `refusal` for nodes that are not in topological order, and for a value that is made twice.
bool read_nodes(const onnx::ModelProto& model, std::int64_t opset, const std::filesystem::path& folder, graph& to);

}  // namespace ctnn_import
