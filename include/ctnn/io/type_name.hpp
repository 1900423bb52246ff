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

/// Removes the suffixes of integers: `4ul` and `4UL` become `4`.
inline std::string without_suffixes(const std::string& text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_word = [&](char c) {
        return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
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
    return name;
}

}  // namespace ctnn::io

#undef CTNN_TEXT_OF
#undef CTNN_TEXT_ITSELF
