// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How windows of convolutions and pooling lie over their input, from the attributes of ONNX.

#include "graph/graph.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ctnn_import {

/// One spatial axis.
struct window_axis {
    std::int64_t input, window, stride, dilation, before, behind, output;

    /// The places that a window covers, those between its elements too.
    std::int64_t reach() const { return dilation * (window - 1) + 1; }
};

/// The axes of a node that moves `window` over `input` (spatial extents alone). `ceil_mode` rounds the number of windows
/// up; the last one then still begins inside the input or the padding before it.
///
/// *Errors*: `refusal` for attributes of wrong lengths or values.
std::vector<window_axis> window_axes(const node& of, const extents& input, const extents& window);

/// Whether a pool with `ceil_mode`, whose input has these extents, would have another window that begins in the padding
/// behind the input. PyTorch leaves it out, and so do later versions of ONNX.
bool leaves_out_last_window(const node& of, const extents& dims);

/// The axes of a transposed convolution, seen as those of the convolution that leads back: `input` of an axis is the
/// length of what the node makes, `output` that of what it is given, and `before` and `behind` are cropped.
std::vector<window_axis> transposed_axes(const node& of, const extents& input, const extents& window);

}  // namespace ctnn_import
