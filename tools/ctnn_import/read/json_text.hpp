// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// JSON, read more strictly than its library does.

#include <nlohmann/json.hpp>

#include <string_view>

namespace ctnn_import {

/// A JSON text with nothing behind it, not even a zero byte, no name twice in an object, at most 16 deep, and of no more
/// values than four times its bytes and 48 MiB can hold.
///
/// *Errors*: `refusal` that begins with line and column.
nlohmann::json parse_json(std::string_view text);

}  // namespace ctnn_import
