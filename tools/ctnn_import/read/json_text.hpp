// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Parses JSON more strictly than the JSON library.

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string_view>

namespace ctnn_import {

/// Parses a JSON text with nothing after it, not even a zero byte, no duplicate names in an object, at most `deepest`
/// levels of nesting, and values that take at most four times the text's size plus 48 MiB of memory.
///
/// *Errors*: `refusal` that begins with line and column.
nlohmann::json parse_json(std::string_view text, std::size_t deepest = 16);

}  // namespace ctnn_import
