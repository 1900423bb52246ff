// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A case of the ONNX project's conformance suite: a folder with a model, inputs, and the outputs that are expected.

#include "spec/network.hpp"
#include "write/write.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

/// The network of one output of a case, with what it is given and what it has to answer.
struct imported_output {
    ctnn_import::network net;
    std::vector<ctnn_import::check_vector> samples;
    bool double_precision = false;  ///< whether the model computes with doubles
};

struct imported_case {
    std::vector<imported_output> outputs;  ///< those that could be imported
    std::string refused;                   ///< why not all of them could; empty if all could
    std::string wrong;                     ///< what the importer itself got wrong; empty if nothing
    std::optional<bool> evaluated;  ///< whether the importer's evaluator gives what is expected; nothing if it refuses
};

/// Imports each output on its own. In the suite of nodes weights come as inputs: with `bind`, every input but the first
/// becomes a constant. A batch that the importer asks to be one sample is compared sample by sample.
imported_case import_case(const std::filesystem::path& folder, bool bind);

}  // namespace conformance
