// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What Slice, Split and Pad take of each axis, as the evaluation and the lowering both need it.

#include "graph/graph.hpp"

#include <cstdint>
#include <vector>

namespace ctnn_import {

/// `count` indices of an axis: first, first + step, ...
struct axis_slice {
    std::int64_t first, step, count;
};

/// A Slice of something with these extents: one entry for each axis.
std::vector<axis_slice> slice_of(const node& of, const extents& dims, const std::vector<std::int64_t>& starts,
                                 const std::vector<std::int64_t>& ends, const std::vector<std::int64_t>& axes,
                                 const std::vector<std::int64_t>& steps);

/// The sizes of the parts of a Split of an axis into as many as the node has outputs.
std::vector<std::int64_t> split_of(const node& of, std::int64_t extent, const std::vector<std::int64_t>& given);

/// The extents that a Reshape makes of `count` numbers: 0 keeps an extent, -1 is what is left.
extents reshaped(const node& of, const extents& from, const std::vector<std::int64_t>& wanted);

}  // namespace ctnn_import
