// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Where Resize and Upsample, DepthToSpace and SpaceToDepth take their numbers from.

#include "graph/graph.hpp"

#include <cstdint>
#include <vector>

namespace ctnn_import {

/// For each axis of something that is resized by nearest neighbours, the index that each index of the result is taken
/// from. One of `scales` and `sizes` is empty; from version 18 on they may be of some axes alone.
///
/// *Errors*: `refusal` for interpolation, and where implementations differ: scales that are no ratio of the two lengths
/// and would then lead to other neighbours, and making smaller before opset 11.
std::vector<std::vector<std::int64_t>> nearest_sources(const node& of, const extents& x,
                                                       const std::vector<double>& scales,
                                                       const std::vector<std::int64_t>& sizes);

/// Blocks of pixels as channels, or channels as blocks: the input as `parts`, whose axis order[i] becomes axis i of
/// another array, which is seen as `result`.
struct block_order {
    extents parts;
    std::vector<std::size_t> order;
    extents result;
};
block_order block_order_of(const node& of, const extents& x);

}  // namespace ctnn_import
