// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Window geometry of convolutions and pooling, from ONNX's attributes.

#include "graph/graph.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ctnn_import {

/// One spatial axis.
struct window_axis {
    std::int64_t input, window, stride, dilation, before, behind, output;

    /// The extent of the dilated window.
    std::int64_t reach() const { return dilation * (window - 1) + 1; }
};

/// The spatial axes of a node that slides `window` over `input` (spatial extents only). `ceil_mode` rounds the number
/// of windows up, but the last one has to start inside the input or the padding before it.
///
/// *Errors*: `refusal` for attributes of wrong lengths or values.
std::vector<window_axis> window_axes(const node& of, const extents& input, const extents& window);

/// Whether a pool with `ceil_mode`, whose input has these extents, drops a last window that would start in the padding
/// after the input. PyTorch drops it, and so do later versions of ONNX.
bool leaves_out_last_window(const node& of, const extents& dims);

/// The axes of a transposed convolution, described as those of the corresponding convolution: `input` is the length of
/// the node's output, `output` that of its input, and `before` and `behind` are cropped.
std::vector<window_axis> transposed_axes(const node& of, const extents& input, const extents& window);

}  // namespace ctnn_import
