// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The mean or the maximum of each channel.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// `global_average_pool` or `global_max_pool`, bound to its input. `Pool` reduces one channel of `width` elements.
template <class T, class InputShape, class Pool>
struct global_pool_layer {
    using input_shape = InputShape;
    using output_shape = shape<InputShape::extent(0)>;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 0;
    static constexpr std::size_t width = InputShape::stride(0);

    friend constexpr bool operator==(const global_pool_layer&, const global_pool_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t channel = 0; channel < Batch * output_shape::size; ++channel)
            y[channel] = Pool::template forward<width>(x + channel * width);
    }

    template <std::size_t Batch>
    static constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t channel = 0; channel < Batch * output_shape::size; ++channel)
            Pool::template backward<width>(x + channel * width, dy[channel], dx + channel * width);
    }
};

namespace detail {

struct mean_of_channel {
    template <std::size_t Width, class T>
    static constexpr T forward(const T* x) {
        return kernel::sum<Width>(kernel::itself{}, x) / T(Width);
    }
    template <std::size_t Width, class T>
    static constexpr void backward(const T*, T dy, T* dx) {
        for (std::size_t i = 0; i < Width; ++i) dx[i] = dy / T(Width);
    }
};

struct maximum_of_channel {
    template <std::size_t Width, class T>
    static constexpr T forward(const T* x) {
        return kernel::maximum<Width, kernel::larger>(x) + T{};
    }
    /// dL/dy goes to the largest element of the channel, the first of several.
    template <std::size_t Width, class T>
    static constexpr void backward(const T* x, T dy, T* dx) {
        std::size_t best = 0;
        for (std::size_t i = 0; i < Width; ++i) {
            if (x[i] > x[best] || x[i] != x[i]) best = i;
            dx[i] = T{};
        }
        dx[best] = dy;
    }
};

}  // namespace detail

/// The mean of each channel. No parameters.
///
/// *Shapes*: `shape<C, ...>` in, with at least one more dimension, `shape<C>` out. *Cost*: one addition an input.
struct global_average_pool {
    using wants = wants_rank_at_least<2>;

    template <class T, class InputShape>
    using layer = global_pool_layer<T, InputShape, detail::mean_of_channel>;
};

/// The maximum of each channel. No parameters.
///
/// *Shapes*: `shape<C, ...>` in, with at least one more dimension, `shape<C>` out. *Cost*: one comparison an input.
struct global_max_pool {
    using wants = wants_rank_at_least<2>;

    template <class T, class InputShape>
    using layer = global_pool_layer<T, InputShape, detail::maximum_of_channel>;
};

}  // namespace CTNN_NAMESPACE
