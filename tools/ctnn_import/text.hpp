// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Numbers and names as they stand in a header.

#include <ctnn/io/error.hpp>

#include <cstddef>
#include <functional>
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

/// "a, b, c".
std::string comma_list(const std::vector<std::string>& parts);

/// Names in quotation marks, as for a message: `"a", "b"`. `name_of` gives the name of one.
template <class Range, class NameOf = std::identity>
std::string quoted_list(const Range& all, NameOf name_of = {}) {
    std::vector<std::string> names;
    for (const auto& one : all) names.push_back(ctnn::io::detail::in_quotes(std::invoke(name_of, one)));
    return comma_list(names);
}

/// Numbers as template arguments: "2, 3".
std::string list_text(const std::vector<std::int64_t>& numbers);

/// A name without what would end a comment or run into the next line.
std::string fit_for_comment(std::string_view name);

/// Where a place of a text is, counted in bytes from 1: "line 3, column 5".
std::string position_in(std::string_view text, std::size_t at);

/// Whether this can be the name of a namespace: names of C++ with :: between them, and none of its own words.
bool is_namespace_name(std::string_view name);

}  // namespace ctnn_import
