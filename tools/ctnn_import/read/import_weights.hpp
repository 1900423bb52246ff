// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Weights that were trained elsewhere, for a network that a header declares.

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
    std::map<std::string, std::string> map;  ///< a layer by ctnn's name ("0", "2.1.0") and the module it takes, also
                                             ///< with "#1" for the second layer of a recurrent module of PyTorch
};

/// A network that was declared, with parameters from a safetensors file. Modules with numbers for names go to the layers with
/// parameters in their order; others have to be named in `map`. Every tensor of the file has to be used.
///
/// *Errors*: `refusal` that names the layer, the tensor and both shapes.
network import_weights(const std::filesystem::path& weights, network declared, const weights_options& options);

/// A sequential model as RTNeural keeps it, Keras' layers and weights in JSON, also with what AIDA-X adds. Sequences have
/// `length` steps; 1 if it is not given, or as many as the file says where convolutions need their whole window.
///
/// *Errors*: `refusal` that names the layer; also for a file whose own answers are not those of the network.
network import_rtneural(const std::filesystem::path& file, std::optional<std::int64_t> length);
/// The same of the text of a file.
network parse_rtneural(std::string_view text, std::optional<std::int64_t> length);

}  // namespace ctnn_import
