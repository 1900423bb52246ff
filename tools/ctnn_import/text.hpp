// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Formatting of values and names for generated headers.

#include <ctnn/io/error.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn_import {

/// An expression that is exactly this value, rounded to float unless `double_precision`; it needs <limits> if the value is
/// not finite.
std::string literal(double number, bool double_precision);

/// A comma-separated list, wrapped at 112 columns and indented; a short list stays on its line.
std::string list_of_numbers(const std::vector<double>& numbers, bool double_precision, std::size_t indent);

/// *Errors*: `refusal` that begins with `what`, for a value that is not finite in the target type.
void wants_finite(const std::vector<double>& numbers, bool double_precision, const std::string& what);

/// "a, b, c".
std::string comma_list(const std::vector<std::string>& parts);

/// Quoted names for a message: `"a", "b"`. `name_of` gives the name of an element.
template <class Range, class NameOf = std::identity>
std::string quoted_list(const Range& all, NameOf name_of = {}) {
    std::vector<std::string> names;
    for (const auto& one : all) names.push_back(ctnn::io::detail::in_quotes(std::invoke(name_of, one)));
    return comma_list(names);
}

/// Integers as template arguments: "2, 3".
std::string list_text(const std::vector<std::int64_t>& numbers);

/// A name without characters that would end a comment or continue it on the next line.
std::string comment_text(std::string_view name);

/// An offset as line and column, counted in bytes from 1: "line 3, column 5".
std::string position_in(std::string_view text, std::size_t at);

/// Whether this is a valid namespace name: C++ identifiers other than keywords, separated by ::.
bool is_namespace_name(std::string_view name);

}  // namespace ctnn_import
