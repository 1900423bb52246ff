// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads the tensors of a safetensors file.

#include "graph/array.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace ctnn_import {

/// All tensors by name: F64, F32, F16 and BF16 as reals, integers as integers.
///
/// *Errors*: `refusal` that names the tensor, for a file that is damaged or holds other types.
std::map<std::string, array> read_safetensors(const std::filesystem::path& file);
/// The same for the bytes of a file.
std::map<std::string, array> parse_safetensors(std::string_view bytes);

}  // namespace ctnn_import
