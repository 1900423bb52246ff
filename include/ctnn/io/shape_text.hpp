// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shapes as text, for messages and tables.

#include <ctnn/shape.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ctnn::io::detail {

template <std::size_t... Extents>
std::vector<std::uintmax_t> extents_of(shape<Extents...>) {
    return {Extents...};
}

/// `(28, 28)`.
inline std::string shape_text(const std::vector<std::uintmax_t>& extents) {
    std::string result = "(";
    for (const std::uintmax_t extent : extents) result.append(result.size() > 1 ? ", " : "") += std::to_string(extent);
    return result += ')';
}

}  // namespace ctnn::io::detail
