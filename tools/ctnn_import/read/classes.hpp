// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Leaves out what classifiers do behind their scores, which is for the program.

#include "graph/graph.hpp"

#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

namespace ctnn_import {

/// An output that a ZipMap or a LabelEncoder makes, with the names of classes, becomes what that takes; with a note.
void drop_names(onnx::GraphProto& from, std::vector<std::string>& notes);

/// If the only output is an ArgMax of one row, the output becomes that row, with a note: `ctnn::predict` gives the class.
void leave_class_to_program(graph& read);

}  // namespace ctnn_import
