// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include "refusal.hpp"

#include <ctnn/io/error.hpp>
#include <ctnn/io/header_file.hpp>

#include <algorithm>
#include <cmath>

namespace ctnn_import {

std::string literal(double number, bool double_precision) {
    return double_precision ? ctnn::io::detail::literal(number) : ctnn::io::detail::literal(static_cast<float>(number));
}

std::string list_of_numbers(const std::vector<double>& numbers, bool double_precision, std::size_t indent,
                            const std::string& what) {
    constexpr std::size_t widest = 112;
    const std::string new_line = '\n' + std::string(indent, ' ');
    std::string text;
    std::size_t column = indent;
    bool one_line = true;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!std::isfinite(double_precision ? numbers[i] : double{static_cast<float>(numbers[i])}))
            throw refusal(what + ", element " + std::to_string(i) + ": the number " + std::to_string(numbers[i]) +
                          " is no finite " + (double_precision ? "double" : "float"));
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

std::string fit_for_comment(std::string_view name) {
    std::string text = ctnn::io::detail::printable(name, 80);
    // A line that ends with a backslash goes on in the next one.
    std::replace(text.begin(), text.end(), '\\', '/');
    return text;
}

bool is_namespace_name(std::string_view name) {
    static constexpr std::string_view words[]{
        "alignas",     "alignof",  "and",        "and_eq",    "asm",       "auto",         "bitand",
        "bitor",       "bool",     "break",      "case",      "catch",     "char",         "char16_t",
        "char32_t",    "char8_t",  "class",      "co_await",  "co_return", "co_yield",     "compl",
        "concept",     "const",    "const_cast", "consteval", "constexpr", "constinit",    "continue",
        "decltype",    "default",  "delete",     "do",        "double",    "dynamic_cast", "else",
        "enum",        "explicit", "export",     "extern",    "false",     "float",        "for",
        "friend",      "goto",     "if",         "inline",    "int",       "long",         "mutable",
        "namespace",   "new",      "noexcept",   "not",       "not_eq",    "nullptr",      "operator",
        "or",          "or_eq",    "private",    "protected", "public",    "register",     "reinterpret_cast",
        "requires",    "return",   "short",      "signed",    "sizeof",    "static",       "static_assert",
        "static_cast", "struct",   "switch",     "template",  "this",      "thread_local", "throw",
        "true",        "try",      "typedef",    "typeid",    "typename",  "union",        "unsigned",
        "using",       "virtual",  "void",       "volatile",  "wchar_t",   "while",        "xor",
        "xor_eq"};
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find("::", begin), name.size());
        const std::string_view part = name.substr(begin, end - begin);
        if (!ctnn::io::detail::is_identifier(part) ||
            std::find(std::begin(words), std::end(words), part) != std::end(words))
            return false;
        // Names of the library and of the language itself would be reopened.
        if (begin == 0 && (part == "std" || part == "ctnn" || part == "boost" || part.front() == '_')) return false;
        begin = end + 2;
    }
    return true;
}

}  // namespace ctnn_import
