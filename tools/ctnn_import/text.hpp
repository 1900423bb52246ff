// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Numbers and names as they stand in a header.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn_import {

/// The literal that gives exactly this number, rounded to float first unless it is to be a double.
std::string literal(double number, bool double_precision);

/// Numbers in lines of at most 112 columns, indented; a few stay in the line where they are.
///
/// *Errors*: `refusal` that begins with `what`, for a number that is not finite as such a literal.
std::string list_of_numbers(const std::vector<double>& numbers, bool double_precision, std::size_t indent,
                            const std::string& what);

/// A name without what would end a comment or run into the next line.
std::string fit_for_comment(std::string_view name);

/// Where a place of a text is, counted in bytes from 1: "line 3, column 5".
std::string position_in(std::string_view text, std::size_t at);

/// Whether this can be the name of a namespace: names of C++ with :: between them, and none of its own words.
bool is_namespace_name(std::string_view name);

}  // namespace ctnn_import
