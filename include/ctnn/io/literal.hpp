// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Numbers as C++ writes them.

#include <ctnn/io/error.hpp>
#include <ctnn/math/lane.hpp>

#include <charconv>
#include <cmath>
#include <concepts>
#include <string>

namespace ctnn::io::detail {

/// An expression of exactly this value, which is not nan: `-0x1.8p-3f`, `7`, `std::numeric_limits<float>::infinity()`.
template <class T>
std::string literal(T value) {
    char digits[64];
    if constexpr (std::floating_point<T>) {
        const std::string sign = std::signbit(value) ? "-" : "";
        if (!math::is_finite(value))
            return joined(sign, "std::numeric_limits<", sizeof(T) == 4 ? "float" : "double", ">::infinity()");
        const auto end = std::to_chars(digits, digits + sizeof digits, (std::abs)(value), std::chars_format::hex).ptr;
        return joined(sign, "0x", std::string(digits, end), sizeof(T) == 4 ? "f" : "");
    } else {
        static_assert(std::integral<T>, "ctnn::io::header_file: elements have an arithmetic type");
        return std::to_string(value);
    }
}

}  // namespace ctnn::io::detail
