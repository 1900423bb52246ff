// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Imports weights trained in another framework into a network that a header declares.

#include "read/frameworks.hpp"
#include "spec/network.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ctnn_import {

struct weights_options {
    framework layout = framework::torch;
    std::map<std::string, std::string> map;  ///< from layer path ("0", "2.1.0") to module; the suffix "#1" selects
                                             ///< the second layer of a recurrent PyTorch module
};

/// Fills the parameters of a declared network from a safetensors file. Modules named by numbers are assigned in order
/// to the layers with parameters; others need an entry in `map`. Every tensor of the file has to be used, except
/// `num_batches_tracked`.
///
/// *Errors*: `refusal` that names the layer, the tensor and both shapes.
network import_weights(const std::filesystem::path& weights, network declared, const weights_options& options);

/// A sequential model in RTNeural's JSON format (Keras layers and weights), also with AIDA-X's additions. Sequences
/// have `length` steps; by default 1, or as many as in the file if a convolution is unpadded.
///
/// *Errors*: `refusal` that names the layer; also for a file whose reference outputs the network does not reproduce.
network import_rtneural(const std::filesystem::path& file, std::optional<std::int64_t> length);
/// The same for the text of a file.
network parse_rtneural(std::string_view text, std::optional<std::int64_t> length);

}  // namespace ctnn_import
