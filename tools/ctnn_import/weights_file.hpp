// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Tensors of a safetensors file.

#include "array.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace ctnn_import {

/// All tensors by name: F64, F32, F16 and BF16 as reals, integers as integers.
///
/// *Errors*: `refusal` that names the tensor, for a file that is damaged or holds other types.
std::map<std::string, array> read_safetensors(const std::filesystem::path& file);

}  // namespace ctnn_import
