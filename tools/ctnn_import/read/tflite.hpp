// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads models of TensorFlow Lite (LiteRT): `.tflite`, of floats, and with weights of 16 or 8 bits.

#include "graph/graph.hpp"
#include "read/read.hpp"

#include <filesystem>
#include <string_view>

namespace ctnn_import {

/// Whether a file is TensorFlow Lite's by its first bytes, or by the end of its name.
bool is_tflite(const std::filesystem::path& file);

/// The model as a graph of ONNX operators. Inputs and outputs have the axes that they have in the file, and the names up
/// to the first semicolon. Weights that are float16, or integers with scales, are the real numbers that they stand for.
///
/// *Errors*: `refusal` that names the operator, the tensor and their position: an operator, an option or a type that the
/// importer does not know, integers that are computed, or a file that is damaged.
graph read_tflite(const std::filesystem::path& file, const read_options& options = {});
/// The same for the bytes of a file.
graph parse_tflite(std::string_view bytes, const read_options& options = {});

}  // namespace ctnn_import
