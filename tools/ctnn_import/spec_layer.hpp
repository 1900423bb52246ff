// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// From specs, as a user writes them, to layers with shapes and places for their parameters.

#include "network.hpp"
#include "spec_text.hpp"

#include <filesystem>
#include <string>

namespace ctnn_import {

/// A layer of this spec for such an input, with all of its parameters 0.
///
/// *Errors*: `refusal` for a kind, an option or a shape that ctnn does not take.
layer layer_of_spec(const spec_term& spec, const extents& input);

/// The network that a header declares: `using NAME = ctnn::network<float, ctnn::input<...>, ...>;`, the only one or the
/// one of this name. `number` becomes "float" or "double".
///
/// *Errors*: `refusal` that names the line.
network network_of_header(const std::filesystem::path& file, const std::string& name, std::string& number);

}  // namespace ctnn_import
