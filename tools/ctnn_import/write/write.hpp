// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Writes a network as a C++ header with its contract.

#include "spec/network.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ctnn_import {

/// An input and what the model answers to it, flat.
struct check_vector {
    std::vector<double> input, output;
};

/// Samples for the accuracy in a static_assert.
struct labelled_samples {
    std::vector<std::vector<double>> inputs;
    std::vector<std::int64_t> labels;
};

struct write_options {
    std::string name;               ///< the namespace: "kws", "my::kws"
    std::string source;             ///< the file's name and how it was imported, for a comment
    bool double_precision = false;  ///< the network's number is double and not float
    std::vector<check_vector> checks;
    double tolerance = 1e-4;  ///< of the checks: |y - expected| <= tolerance * max(1, |expected|)
    std::optional<std::int64_t> max_bytes, max_macs;
    std::optional<double> min_accuracy;  ///< over `samples`
    labelled_samples samples;
    std::string weights_file;  ///< where not empty, weights are in this safetensors file, and the header
                               ///< has the type and a loader
};

/// The header: the type `NAME::model_type` with a spec a line, the constant `NAME::model`, the contract.
std::string header_text(const network& model, const write_options& options);

/// The bytes of the safetensors file with all parameters, named as ctnn::io::load_safetensors wants them.
std::string safetensors_bytes(const network& model, bool double_precision);

/// What tells imports apart: 16 digits that stand in the header and in the metadata of its weights file. The same network
/// with the same weights has the same.
std::string check_value(const network& model, bool double_precision);

/// The spec of one layer as it stands in the type: "ctnn::dense<4, ctnn::relu>".
std::string spec_text(const layer& what);

}  // namespace ctnn_import
