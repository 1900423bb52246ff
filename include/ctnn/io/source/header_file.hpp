// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Headers of constants: the code that is not a template.

#include <ctnn/io/header_file.hpp>
#include <ctnn/io/whole_file.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::io {

namespace detail {

CTNN_IO_INLINE std::string objection_to_name(std::string_view name) {
    // The keywords and alternative tokens of C++20.
    static constexpr std::string_view keywords[]{
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
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (!is_identifier(name)) return "is not a C++ name";
    if (std::find(std::begin(keywords), std::end(keywords), name) != std::end(keywords)) return "is a keyword of C++";
    if (name.find("__") != name.npos || (name.size() > 1 && name[0] == '_' && is_upper(name[1])))
        return "is a name that C++ reserves";
    if (name == "ctnn" || name == "std") return "is a name that the header itself needs";
    return "";
}

CTNN_IO_INLINE std::string objection_to_namespace(std::string_view name) {
    const auto objection = [](std::string_view part, std::string_view what) {
        return what.empty() ? std::string() : joined(in_quotes(part), ' ', what);
    };
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = (std::min)(name.find("::", begin), name.size());
        const std::string_view part = name.substr(begin, end - begin);
        std::string why = objection(part, objection_to_name(part));
        if (!why.empty()) return why;
        if (begin == 0) {
            if (part.front() == '_') return objection(part, "is a name that C++ reserves");
            const bool is_std = part.starts_with("std") && part.find_first_not_of("0123456789", 3) == part.npos;
            if (is_std || part == "posix" || part == "boost" || part == "main")
                return objection(part, "is a name that C++ or another library uses");
        }
        begin = end + 2;
    }
    return "";
}

}  // namespace detail

CTNN_IO_INLINE void header_file::require(const std::string& objection) {
    if (!objection.empty()) throw std::invalid_argument(detail::joined("ctnn::io::header_file: ", objection));
}

CTNN_IO_INLINE void header_file::require_new(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
        const std::string why = detail::objection_to_name(name);
        if (!why.empty()) require(detail::joined(detail::in_quotes(name), ' ', why));
        if (std::find(declared_.begin(), declared_.end(), name) != declared_.end())
            require(detail::joined(detail::in_quotes(name), " is already in the header"));
    }
}

CTNN_IO_INLINE void header_file::include(const std::string& file) {
    const auto cannot_stand = [](char c) { return c == '"' || c == '\x7f' || (c >= 0 && c < ' '); };
    if (file.empty() || std::any_of(file.begin(), file.end(), cannot_stand))
        require(detail::joined(detail::in_quotes(file), " is not a file that can be included"));
    includes_ += detail::joined("#include \"", file, "\"\n");
}

CTNN_IO_INLINE void header_file::include_once(std::string_view line) {
    if (includes_.find(line) == includes_.npos) includes_ += line;
}

CTNN_IO_INLINE void header_file::add(const std::string& name, const certificate_view& cuts) {
    require_new({name});
    if (cuts.size() == 0) require(detail::joined("there is no proof in ", name, ": the certificate is empty"));
    include_once("#include <ctnn/verify.hpp>\n");
    const std::vector<std::uint32_t> all(cuts.begin(), cuts.end());
    body_ += detail::joined("inline constexpr ctnn::certificate<", all.size(), "> ", name, '{', all.size(), ", {",
                            list(all, name, 4), "}};\n\n");
    declared_.push_back(name);
}

CTNN_IO_INLINE std::string header_file::text() const {
    return detail::joined(
        "// Written by ctnn::io::header_file; do not edit: it is regenerated.\n"
        "#pragma once\n\n#include <ctnn.hpp>\n",
        includes_, "\n#include <cstdint>\n\nnamespace ", name_, " {\n\n", body_, "}  // namespace ", name_, '\n');
}

CTNN_IO_INLINE void header_file::save() const {
    detail::write_whole_file(target, text());
}

}  // namespace ctnn::io
