// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The source indices of Resize and Upsample, and the axis permutations of DepthToSpace and SpaceToDepth.

#include "graph/graph.hpp"

#include <cstdint>
#include <vector>

namespace ctnn_import {

/// How one axis is resized: by the source index of each output index, or, if it is interpolated, by weights of the
/// inputs for each output, in rows of `from` elements.
struct resampled_axis {
    std::int64_t from, to;
    std::vector<std::int64_t> sources;
    std::vector<double> weights;
};

/// A description of each axis. One of `scales` and `sizes` is empty; from opset 18 on they may cover only some of the
/// axes.
///
/// *Errors*: `refusal` for antialiasing, and where implementations differ: scales that are not the ratio of the two
/// lengths and would select other elements, and downsampling before opset 11.
std::vector<resampled_axis> resampled_axes(const node& of, const extents& x, const std::vector<double>& scales,
                                           const std::vector<std::int64_t>& sizes);

/// DepthToSpace or SpaceToDepth: reshape to `parts`, transpose (axis order[i] becomes axis i), reshape to `result`.
struct block_order {
    extents parts;
    std::vector<std::size_t> order;
    extents result;
};
block_order block_order_of(const node& of, const extents& x);

}  // namespace ctnn_import
