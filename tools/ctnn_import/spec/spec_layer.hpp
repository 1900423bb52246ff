// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// From specs, as a user writes them, to layers with shapes and places for their parameters.

#include "spec/network.hpp"
#include "spec/spec_text.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ctnn_import {

/// The most parameters of a network that is declared, where no file of weights says how many there can be.
inline constexpr std::int64_t most_parameters = std::int64_t{1} << 26;

/// A layer of this spec for such an input, with all of its parameters 0: at most `room` of them.
///
/// *Errors*: `spec_refusal` for a kind, an option, a number or a shape that ctnn does not take.
layer layer_of_spec(const spec_term& spec, const extents& input, std::int64_t room = most_parameters);

/// The network that a header declares: `using NAME = ctnn::network<float, ctnn::input<...>, ...>;`, the only one or the
/// one of this name, with at most `room` parameters. `number` becomes "float" or "double".
///
/// *Errors*: `refusal` that begins with line and column: `line 3, column 52: dense: -2 is not from 1 to 4194304`.
network network_of_header(const std::filesystem::path& file, const std::string& name, std::string& number,
                          std::int64_t room = most_parameters);
/// The same of the text of a header.
network parse_header(std::string_view header, const std::string& name, std::string& number,
                     std::int64_t room = most_parameters);

}  // namespace ctnn_import
