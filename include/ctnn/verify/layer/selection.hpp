// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Layers whose outputs are maxima of some of their inputs.

#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/layer/pooling/global_pool.hpp>
#include <ctnn/layer/pooling/max_pool.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// What a proof needs of a layer of maxima: `is_selection`, and `for_each_candidate(f)`, which calls `f(output, input)` for
/// each input of each output's window.
template <class Layer>
struct selection {
    static constexpr bool is_selection = false;
};

template <class T, class InputShape, class Pooling>
struct selection<max_pool_layer<T, InputShape, Pooling>> {
    static constexpr bool is_selection = true;

    template <class F>
    static constexpr void for_each_candidate(F&& f) {
        Pooling::template for_each_window<1>(
            [&](std::size_t output, std::size_t channel, kernel::window_range rows, kernel::window_range columns) {
                for (std::size_t row = rows.first; row < rows.last; ++row)
                    for (std::size_t column = columns.first; column < columns.last; ++column)
                        f(output, channel + row * Pooling::across.input + column);
            });
    }
};

template <class T, class InputShape>
struct selection<global_pool_layer<T, InputShape, detail::maximum_of_channel>> {
    static constexpr bool is_selection = true;

    template <class F>
    static constexpr void for_each_candidate(F&& f) {
        for (std::size_t i = 0; i < InputShape::size; ++i) f(i / InputShape::stride(0), i);
    }
};

}  // namespace CTNN_NAMESPACE
