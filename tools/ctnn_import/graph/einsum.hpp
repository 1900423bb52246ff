// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The equation of an Einsum.

#include "graph/graph.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ctnn_import {

/// A letter for each axis of each operand and of the result, and the extent of each letter.
struct einsum {
    std::vector<std::string> operands;
    std::string result;
    std::map<char, std::int64_t> extent_of;
};

/// *Errors*: `refusal` for an equation that does not fit the operands, and for "...".
einsum einsum_of(const node& of, const std::vector<extents>& operands);

}  // namespace ctnn_import
