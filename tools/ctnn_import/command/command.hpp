// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The parsed command line, and running it.

#include "read/import_weights.hpp"
#include "read/read.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace ctnn_import {

struct command {
    std::filesystem::path model, output, inputs, expected, labels, weights_file;
    std::string name, dtype = "float";
    read_options read;
    std::filesystem::path into;    ///< a header that declares the network of a weights file
    std::string layout = "torch";  ///< of the weights: torch, keras or ctnn
    std::string type;              ///< the name of the network, if the header has several
    weights_options weights;
    std::optional<std::int64_t> length;                       ///< time steps of an RTNeural model
    std::size_t channels = 0;                                 ///< of a capture that can have several numbers
    std::vector<std::pair<std::string, std::string>> states;  ///< inputs, and the outputs that they are a step later
    std::optional<double> min_accuracy;
    std::optional<std::int64_t> max_bytes, max_macs;
    std::size_t check_vectors = 2;
    std::string rounding;  ///< of a model of integers; if empty, what fits its format
    double tolerance = 1e-4;
    bool report = false;
};

/// Headers with more parameters than this take too long to compile (this many: 2 s and 0.5 GB); the weights then go to
/// a safetensors file.
inline constexpr std::int64_t most_parameters_in_header = 1'000'000;

/// Imports a model and writes its header, all or nothing; without an output it only reports. Returns the text to print.
///
/// *Errors*: an exception with one line that begins with the file's name.
std::string run(const command& what);

/// "NAME=5".
void bind_dim(const std::string& text, read_options& options);
/// "INPUT=OUTPUT".
void bind_state(const std::string& text, command& what);
/// "LAYER=MODULE".
void bind_module(const std::string& text, weights_options& options);
/// "INPUT=1x3x8x8".
void bind_shape(const std::string& text, read_options& options);

}  // namespace ctnn_import
