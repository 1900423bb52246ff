// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The weights of captures in ctnn's layout.

#include <ctnn/config.hpp>

#include <cstddef>
#include <vector>

namespace ctnn::io::detail {

/// to[k][c][f] = factor from[f][c][k], for the window of a convolution. A matrix has a window of one: PyTorch's have a row
/// for each output, ctnn's a column.
template <class T>
void window_into(const std::vector<float>& from, std::size_t window, std::size_t channels, std::size_t filters, T* to,
                 T factor = 1) {
    for (std::size_t f = 0; f < filters; ++f)
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t k = 0; k < window; ++k)
                to[(k * channels + c) * filters + f] = factor * T{from[(f * channels + c) * window + k]};
}

/// to[i] = factor from[i], for at most `room` elements.
template <class T>
void copy_into(const std::vector<float>& from, std::size_t room, T* to, T factor = 1) {
    for (std::size_t i = 0; i < from.size() && i < room; ++i) to[i] = factor * T{from[i]};
}

}  // namespace ctnn::io::detail
