// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The maximum of each window.

#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/max_window.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/layer/pooling/pool.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// `max_pool1d` and `max_pool2d`, bound to their input.
template <class T, class InputShape, class Pooling>
struct max_pool_layer {
    using input_shape = InputShape;
    using output_shape = typename Pooling::output_shape;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 0;

    /// With one element a register, windows are one after another, and an output is not behind the inputs of its window.
    static constexpr bool forward_in_place =
        kernel::native_lanes<T> == 1 && Pooling::down.before == 0 && Pooling::across.before == 0;

    friend constexpr bool operator==(const max_pool_layer&, const max_pool_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t image = 0; image < Batch * images; ++image)
            windows::forward(x + image * windows::inputs, y + image * windows::outputs);
    }

    /// dL/dy goes to the largest input of the window, the first of several.
    template <std::size_t Batch>
    static constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t image = 0; image < Batch * images; ++image)
            windows::backward(x + image * windows::inputs, dy + image * windows::outputs, dx + image * windows::inputs);
    }

  private:
    using windows = kernel::largest_of_windows<Pooling::down, Pooling::across>;
    static constexpr std::size_t images = InputShape::extent(0);
};

namespace detail {

template <std::size_t Rank, class Window, class... Options>
struct max_pool {
    using options = pool_options<Rank, Window, Options...>;
    using wants = typename options::wants;

    template <class T, class InputShape>
    using layer = max_pool_layer<T, InputShape, typename options::template windows<InputShape>>;

    static_assert(allowed_options<stride_option, padding_option, rounding_option>::template are<Options...>,
                  "ctnn::max_pool: the options are stride, padding and ceil_mode, each at most once");
};

}  // namespace detail

/// The maximum of each window, channel by channel: `max_pool2d<window<2>>` halves height and width.
///
/// Options in any order: `stride<...>` (the window unless given), `padding<pad<before, behind>...>` (padding is never the
/// maximum), `ceil_mode`. No parameters.
/// *Shapes*: `shape<C, H, W>` in, `shape<C, H', W'>` out, H' = floor((H + pads - window) / stride) + 1.
/// *Cost*: as many comparisons for each output as the window has elements.
/// *Errors*: for a window larger than the padded input, or not larger than the padding, "ctnn::network: a layer
/// cannot take the shape that the layer before it gives".
template <class Window, class... Options>
struct max_pool2d : detail::max_pool<2, Window, Options...> {};
/// The same along `shape<C, Length>`.
template <class Window, class... Options>
struct max_pool1d : detail::max_pool<1, Window, Options...> {};

}  // namespace CTNN_NAMESPACE
