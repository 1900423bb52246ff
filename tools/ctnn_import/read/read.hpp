// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads and checks ONNX models; also reads tensor files and NumPy arrays.

#include "graph/graph.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ctnn_import {

struct read_options {
    /// The batch size. Binds the first dimension of each input where it is dynamic, and every dimension of the same
    /// dim_param. If none is dynamic, some input's first dimension has to be this already.
    std::optional<std::int64_t> batch;
    /// Values of symbolic dimensions by their dim_param: {"sequence_length", 50}.
    std::map<std::string, std::int64_t> dims;
    /// The complete shape of an input by its name; also overrides fixed dimensions of the model.
    std::map<std::string, extents> shapes;
    /// The output to import; the only one, if empty. Inputs that it does not depend on are dropped.
    std::string output;
    /// Inputs to replace by constants, for tests of single operators.
    std::map<std::string, array> bound;
};

/// A model with the shape of every value, found by evaluation and checked against the ONNX library's shape inference.
///
/// *Errors*: `refusal` for a file that is damaged, is not ONNX, or cannot be imported exactly.
graph read_model(const std::filesystem::path& file, const read_options& options = {});
/// The same for the bytes of a file whose external data, if any, is in `folder`.
graph parse_model(std::string_view bytes, const std::filesystem::path& folder, const read_options& options = {});

/// The bytes of a file smaller than 2 GiB.
std::string whole_file(const std::filesystem::path& file);

/// A tensor file as in the ONNX project's tests: one serialised TensorProto.
array read_tensor(const std::filesystem::path& file);

/// A NumPy array file: version 1 to 3, little-endian floats, integers or booleans, in C or Fortran order.
array read_npy(const std::filesystem::path& file);
/// The same for the bytes of a file.
array parse_npy(std::string_view bytes);

}  // namespace ctnn_import
