// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The indices that Slice and Split take of each axis and the shape that Reshape gives, for evaluation and lowering.

#include "graph/graph.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ctnn_import {

/// `count` indices of an axis: first, first + step, ...
struct axis_slice {
    std::int64_t first, step, count;
};

/// A Slice of a tensor with these extents: one entry for each axis.
std::vector<axis_slice> slice_of(const node& of, const extents& dims, const std::vector<std::int64_t>& starts,
                                 const std::vector<std::int64_t>& ends, const std::vector<std::int64_t>& axes,
                                 const std::vector<std::int64_t>& steps);

/// The sizes of the parts into which a Split divides an axis, one for each output of the node.
std::vector<std::int64_t> split_of(const node& of, std::int64_t extent, const std::vector<std::int64_t>& given);

/// The index of the element that Pad with this mode, edge, reflect or wrap, puts at an index outside of an axis; outside
/// too if the padding is wider than the axis allows.
std::int64_t padded_index(const std::string& mode, std::int64_t at, std::int64_t extent);

/// The extents of the result of a Reshape: 0 copies an extent, -1 is inferred.
extents reshaped(const node& of, const extents& from, const std::vector<std::int64_t>& wanted);

}  // namespace ctnn_import
