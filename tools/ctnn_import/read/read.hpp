// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads an ONNX file and checks it.

#include "graph/graph.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ctnn_import {

struct read_options {
    /// How many samples a call takes. Binds the first extent of inputs where the model leaves it open, and every extent of
    /// the same name. Where nothing is open the model has to have this first extent.
    std::optional<std::int64_t> batch;
    /// Open extents that the model names: {"sequence_length", 50}.
    std::map<std::string, std::int64_t> dims;
    /// The whole shape of an input by its name, also in the place of extents that the model gives.
    std::map<std::string, extents> shapes;
    /// The one output that is wanted; the only one, if empty. Inputs that it does not need are left out.
    std::string output;
    /// Inputs that become constants, as tests of single operators want it.
    std::map<std::string, array> bound;
};

/// A model, with the shape of every value, by the inference of the ONNX library and by evaluation where that gives none.
///
/// *Errors*: `refusal` for a file that is damaged, is not ONNX, or is not understood exactly.
graph read_model(const std::filesystem::path& file, const read_options& options = {});
/// The same of the bytes of a file, whose external data would be in `folder`.
graph parse_model(std::string_view bytes, const std::filesystem::path& folder, const read_options& options = {});

/// The bytes of a file of less than 2 GiB.
std::string whole_file(const std::filesystem::path& file);

/// A tensor of the ONNX project's tests: a file with one TensorProto.
array read_tensor(const std::filesystem::path& file);

/// A NumPy array file: version 1 to 3, little-endian, of floats, integers or booleans, in the order of C or of Fortran.
array read_npy(const std::filesystem::path& file);
/// The same of the bytes of a file.
array parse_npy(std::string_view bytes);

}  // namespace ctnn_import
