// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Numbers as text.

#include <ctnn/config.hpp>

#include <charconv>
#include <string>

namespace ctnn::io::detail {

/// The fewest digits that round-trip, whatever the locale is.
template <class Number>
std::string number_text(Number number) {
    char digits[64];
    return std::string(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace ctnn::io::detail
