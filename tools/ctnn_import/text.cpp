// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include "refusal.hpp"

#include <ctnn/io/error.hpp>
#include <ctnn/io/header_file.hpp>
#include <ctnn/io/literal.hpp>

#include <algorithm>
#include <cmath>

namespace ctnn_import {

std::string literal(double number, bool double_precision) {
    if (std::isnan(number))
        return double_precision ? "std::numeric_limits<double>::quiet_NaN()"
                                : "std::numeric_limits<float>::quiet_NaN()";
    return double_precision ? ctnn::io::detail::literal(number) : ctnn::io::detail::literal(static_cast<float>(number));
}

void wants_finite(const std::vector<double>& numbers, bool double_precision, const std::string& what) {
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (!std::isfinite(double_precision ? numbers[i] : double{static_cast<float>(numbers[i])}))
            throw refusal(what + ", element " + std::to_string(i) + ": the value " + std::to_string(numbers[i]) +
                          " is not a finite " + (double_precision ? "double" : "float"));
}

std::string list_of_numbers(const std::vector<double>& numbers, bool double_precision, std::size_t indent) {
    constexpr std::size_t widest = 112;
    const std::string new_line = '\n' + std::string(indent, ' ');
    std::string text;
    std::size_t column = indent;
    bool one_line = true;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::string one = literal(numbers[i], double_precision) + (i + 1 < numbers.size() ? "," : "");
        if (i > 0 && column + 1 + one.size() > widest) {
            text += new_line;
            column = indent;
            one_line = false;
        } else if (i > 0) {
            text += ' ';
            ++column;
        }
        text += one;
        column += one.size();
    }
    return one_line && text.size() < 60 ? text : new_line + text;
}

std::string list_text(const std::vector<std::int64_t>& numbers) {
    std::string text;
    for (const std::int64_t number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
    return text;
}

std::string comment_text(std::string_view name) {
    std::string text = ctnn::io::detail::printable(name, 80);
    // A trailing backslash would splice the next line into the comment.
    std::replace(text.begin(), text.end(), '\\', '/');
    return text;
}

std::string comma_list(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string position_in(std::string_view text, std::size_t at) {
    const std::string_view before = text.substr(0, at);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    // On the first line, rfind() is npos and npos + 1 is 0.
    return "line " + std::to_string(lines + 1) + ", column " + std::to_string(before.size() - before.rfind('\n'));
}

bool is_namespace_name(std::string_view name) {
    return ctnn::io::detail::objection_to_namespace(name).empty();
}

}  // namespace ctnn_import
