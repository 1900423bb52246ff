// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads models that Keras saved: `.keras` archives of Keras 2.13 and later, `.h5` files of Keras 2 and 3.

#include "graph/graph.hpp"
#include "read/hdf5.hpp"
#include "read/read.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ctnn_import {

/// Whether a file is Keras' by its first bytes, or by the end of its name.
bool is_keras(const std::filesystem::path& file);

/// The model as a graph of ONNX operators. Inputs and outputs have the names and the axes that they have in Keras; the
/// batch is 1.
///
/// *Errors*: `refusal` that names the layer and its class: a class, an option or a weight that the importer does not
/// know, or a file that is damaged.
graph read_keras(const std::filesystem::path& file, const read_options& options = {});
/// The same for the bytes of a file.
graph parse_keras(std::string_view bytes, const read_options& options = {});
/// The same for the parts of an archive (numbered weights) or of an `.h5` file: the model's configuration in JSON, its
/// weights, and the version of Keras, such as "3.8.0".
graph graph_of_keras(std::string_view configuration, hdf5_content weights, bool numbered, const std::string& version,
                     const read_options& options = {});

}  // namespace ctnn_import
