// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A case of the ONNX project's conformance suite: a folder with a model, inputs, and expected outputs.

#include "spec/network.hpp"
#include "write/write.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

/// The network for one output of a case, with its inputs and expected outputs.
struct imported_output {
    ctnn_import::network net;
    std::vector<ctnn_import::check_vector> samples;
    bool double_precision = false;  ///< whether the model computes with doubles
};

struct imported_case {
    std::vector<imported_output> outputs;  ///< those that could be imported
    std::string refused;                   ///< why not all of them could; empty if all could
    std::string wrong;                     ///< what the importer itself got wrong; empty if nothing
    std::optional<bool> evaluated;  ///< whether the importer's evaluator is right; nothing if it refuses
};

/// Imports each output separately. In the node suite, weights are inputs: with `bind`, every input except the first
/// becomes a constant. Where the importer requires a batch of one sample, the batch is compared sample by sample.
imported_case import_case(const std::filesystem::path& folder, bool bind);

}  // namespace conformance
