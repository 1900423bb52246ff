// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// One number a channel: the mean or the largest of it.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// `global_average_pool`, bound to its input.
template <class T, class InputShape>
struct global_average_pool_layer {
    using input_shape = InputShape;
    using output_shape = shape<InputShape::extent(0)>;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 0;
    static constexpr std::size_t width = InputShape::stride(0);

    friend constexpr bool operator==(const global_average_pool_layer&, const global_average_pool_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t channel = 0; channel < Batch * output_shape::size; ++channel)
            y[channel] = kernel::sum<width>(kernel::itself{}, x + channel * width) / T(width);
    }

    template <std::size_t Batch>
    static constexpr void backward(const T*, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t i = 0; i < Batch * InputShape::size; ++i) dx[i] = dy[i / width] / T(width);
    }
};

/// `global_max_pool`, bound to its input.
template <class T, class InputShape>
struct global_max_pool_layer {
    using input_shape = InputShape;
    using output_shape = shape<InputShape::extent(0)>;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 0;
    static constexpr std::size_t width = InputShape::stride(0);

    friend constexpr bool operator==(const global_max_pool_layer&, const global_max_pool_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t channel = 0; channel < Batch * output_shape::size; ++channel)
            y[channel] = kernel::maximum<width, kernel::larger>(x + channel * width) + T{};
    }

    /// dL/dy goes to the largest input of the channel, the first of them if there are several.
    template <std::size_t Batch>
    static constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t channel = 0; channel < Batch * output_shape::size; ++channel, x += width, dx += width) {
            std::size_t best = 0;
            for (std::size_t i = 0; i < width; ++i) {
                if (x[i] > x[best] || x[i] != x[i]) best = i;
                dx[i] = T{};
            }
            dx[best] = dy[channel];
        }
    }
};

/// The mean of each channel. No parameters.
///
/// *Shapes*: `shape<C, ...>` in, with at least one more dimension, `shape<C>` out. *Cost*: one addition an input.
struct global_average_pool {
    using wants = wants_rank_at_least<2>;

    template <class T, class InputShape>
    using layer = global_average_pool_layer<T, InputShape>;
};

/// The largest number of each channel. No parameters.
///
/// *Shapes*: `shape<C, ...>` in, with at least one more dimension, `shape<C>` out. *Cost*: one comparison an input.
struct global_max_pool {
    using wants = wants_rank_at_least<2>;

    template <class T, class InputShape>
    using layer = global_max_pool_layer<T, InputShape>;
};

}  // namespace CTNN_NAMESPACE
