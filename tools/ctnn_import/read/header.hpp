// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads the network that a C++ header declares, to import weights into it.

#include "spec/network.hpp"
#include "spec/spec_layer.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ctnn_import {

/// The network that a header declares: `using NAME = ctnn::network<float, ctnn::input<...>, ...>;`. It is the only one,
/// or the one with this name, and has at most `room` parameters. `number` becomes "float" or "double".
///
/// *Errors*: `refusal` that begins with line and column: `line 3, column 52: dense: -2 is not from 1 to 4194304`.
network network_of_header(const std::filesystem::path& file, const std::string& name, std::string& number,
                          std::int64_t room = most_parameters);
/// The same for the text of a header.
network parse_header(std::string_view header, const std::string& name, std::string& number,
                     std::int64_t room = most_parameters);

}  // namespace ctnn_import
