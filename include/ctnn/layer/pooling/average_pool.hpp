// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The mean of each window.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/options.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/convolution/window.hpp>
#include <ctnn/layer/pooling/pool.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// `average_pool1d` and `average_pool2d`, bound to their input.
template <class T, class InputShape, class Pooling, bool CountsPadding>
struct average_pool_layer {
    using input_shape = InputShape;
    using output_shape = typename Pooling::output_shape;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 0;

    friend constexpr bool operator==(const average_pool_layer&, const average_pool_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        Pooling::template for_each_window<Batch>(
            [&](std::size_t output, std::size_t channel, auto rows, auto columns) CTNN_INLINE {
                T total{};
                for_each_input(channel, rows, columns, [&](std::size_t input) CTNN_INLINE { total += x[input]; });
                y[output] = total * share(rows, columns);
            });
    }

    /// dL/dy is divided equally among the inputs of the window.
    template <std::size_t Batch>
    static constexpr void backward(const T*, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t i = 0; i < Batch * InputShape::size; ++i) dx[i] = T{};
        Pooling::template for_each_window<Batch>(
            [&](std::size_t output, std::size_t channel, auto rows, auto columns) CTNN_INLINE {
                const T gradient = dy[output] * share(rows, columns);
                for_each_input(channel, rows, columns, [&](std::size_t input) CTNN_INLINE { dx[input] += gradient; });
            });
    }

  private:
    template <class F>
    CTNN_INLINE static constexpr void for_each_input(std::size_t channel, kernel::window_range rows,
                                                     kernel::window_range columns, F&& f) {
        for (std::size_t row = rows.first; row < rows.last; ++row)
            for (std::size_t column = columns.first; column < columns.last; ++column)
                f(channel + row * Pooling::across.input + column);
    }
    CTNN_INLINE static constexpr T share(kernel::window_range rows, kernel::window_range columns) {
        const std::size_t count = CountsPadding ? rows.with_padding * columns.with_padding
                                                : (rows.last - rows.first) * (columns.last - columns.first);
        return T{1} / static_cast<T>(count);
    }
};

namespace detail {

template <std::size_t Rank, class Window, class... Options>
struct average_pool {
    using options = pool_options<Rank, Window, Options...>;
    static constexpr bool counts = !std::is_void_v<typename chosen_option<counting_option, void, Options...>::type>;
    using wants = typename options::wants;

    template <class T, class InputShape>
    using layer = average_pool_layer<T, InputShape, typename options::template windows<InputShape>, counts>;

    static_assert(
        allowed_options<stride_option, padding_option, rounding_option, counting_option>::template are<Options...>,
        "ctnn::average_pool: the options are stride, padding, ceil_mode and count_include_pad, each at most once");
};

}  // namespace detail

/// The mean of each window, channel by channel.
///
/// Options in any order: `stride<...>` (the window unless given), `padding<pad<before, behind>...>`, `ceil_mode`, and
/// `count_include_pad`: the padding counts as zeros; otherwise it is left out of the mean. No parameters.
/// *Shapes*: `shape<C, H, W>` in, `shape<C, H', W'>` out, H' = floor((H + pads - window) / stride) + 1.
/// *Cost*: as many additions for each output as the window has elements.
/// *Errors*: those of `max_pool2d`.
template <class Window, class... Options>
struct average_pool2d : detail::average_pool<2, Window, Options...> {};
/// The same along `shape<C, Length>`.
template <class Window, class... Options>
struct average_pool1d : detail::average_pool<1, Window, Options...> {};

}  // namespace CTNN_NAMESPACE
