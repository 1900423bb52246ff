// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The name of a type as written in source code.

#include <ctnn/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#define CTNN_TEXT_OF(word) CTNN_TEXT_ITSELF(word)
#define CTNN_TEXT_ITSELF(word) #word

namespace ctnn::io {

namespace detail {

/// The prefix of the library's type names in compilers that print inline namespaces.
inline constexpr std::string_view target_prefix = "ctnn::" CTNN_TEXT_OF(CTNN_TARGET_NAME) "::";

template <class Type>
constexpr const char* function_with_type() {
    return __PRETTY_FUNCTION__;
}

inline void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
}

/// Removes the suffixes of integers: `4ul` and `4UL` become `4`, outside of quotation marks.
inline std::string without_suffixes(const std::string& text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_word = [&](char c) {
        return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '"') {
            const std::size_t behind = text.find('"', at + 1) + 1;
            result += text.substr(at, behind - at);
            at = behind;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && is_word(text[end])) ++end;
        std::string_view word = std::string_view(text).substr(at, end - at);
        while (!word.empty() && is_digit(word.front()) && !is_digit(word.back())) word.remove_suffix(1);
        result += word;
        if (end < text.size()) result += text[end++];
        at = end;
    }
    return result;
}

/// Names as they are written: `ctnn::name<6>{"trunk"}` becomes `"trunk"`. (They have no quotation marks inside.)
inline void shorten_names(std::string& text) {
    for (std::size_t at = 0; (at = text.find("name<", at)) != text.npos;) {
        const std::size_t brace = text.find(">{\"", at), end = text.find("\"}", at);
        const std::string_view digits(text.data() + at + 5, (brace < end ? brace : at + 5) - at - 5);
        if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos) {
            ++at;
            continue;
        }
        const std::size_t begin = at >= 6 && text.compare(at - 6, 6, "ctnn::") == 0 ? at - 6 : at;
        text.erase(end + 1, 1).erase(begin, brace + 2 - begin);
        at = begin;
    }
}

/// A spec with each node of its graphs in a line.
inline std::string with_nodes_in_lines(std::string spec, const std::string& indent) {
    for (const std::string part : {"ctnn::node<", "ctnn::outputs<"}) {
        replace_all(spec, ", " + part, ",\n" + indent + "    " + part);
    }
    return spec;
}

}  // namespace detail

/// The qualified name of `Type`, the same text from g++ and clang: `ctnn::dense<32, ctnn::relu>`. Default arguments are
/// omitted; g++ shows them where they were written, and inside another type's parameter pack.
template <class Type>
std::string type_name() {
    const std::string_view function = detail::function_with_type<Type>();
    constexpr std::string_view before = "Type = ";
    const std::size_t begin = function.find(before) + before.size();
    std::string name = detail::without_suffixes(std::string(function.substr(begin, function.rfind(']') - begin)));
    while (name.find("> >") != name.npos) name.erase(name.find("> >") + 1, 1);
    detail::replace_all(name, "long unsigned int", "unsigned long");
    detail::replace_all(name, detail::target_prefix, "ctnn::");
    detail::shorten_names(name);
    return name;
}

}  // namespace ctnn::io

#undef CTNN_TEXT_OF
#undef CTNN_TEXT_ITSELF
