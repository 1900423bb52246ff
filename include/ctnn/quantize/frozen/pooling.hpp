// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Frozen pools.

#include <ctnn/config.hpp>
#include <ctnn/quantize/frozen/convolution.hpp>
#include <ctnn/quantize/frozen/layer.hpp>
#include <ctnn/quantize/frozen/values.hpp>
#include <ctnn/quantize/layer/pooling.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// Calls `f(rows, columns, channel, output)` for each window, channel and the place of its output in `y`.
template <const auto& Net, std::size_t Index, class Pooling, class Out, class F>
CTNN_INLINE inline void for_each_pooled(Out* y, F&& f) {
    using shape_type = typename Pooling::output_shape;
    write_places<Net, Index, shape_type>(y, [&](Out* to, auto last) CTNN_INLINE {
        constexpr value_layout layout = layout_of_places<Net, Index, shape_type, decltype(last)::value>();
        for (std::size_t row = 0; row < Pooling::down.output; ++row)
            for (std::size_t column = 0; column < Pooling::across.output; ++column) {
                Out* const output = to + layout.of_place(row * Pooling::across.output + column);
                for (std::size_t c = 0; c < layout.channels; ++c)
                    f(kernel::inputs_of_window(Pooling::down, row), kernel::inputs_of_window(Pooling::across, column),
                      c, output[c * layout.channel_stride()]);
            }
    });
}
/// Calls `f(value)` for the inputs of a channel in a window.
template <value_layout Layout, class F>
CTNN_INLINE inline void for_each_of_channel(const frozen_value* x, kernel::window_range rows,
                                            kernel::window_range columns, std::size_t channel, F&& f) {
    for (std::size_t row = rows.first; row < rows.last; ++row)
        for (std::size_t column = columns.first; column < columns.last; ++column)
            f(x[row * Layout.row_pitch() + column * Layout.channels + channel]);
}

template <const auto& Net, std::size_t Index, class Preference, class T, class InputShape, class Pooling>
struct frozen_layer<Net, Index, Preference, max_pool_layer<T, InputShape, Pooling>> {
    static constexpr std::size_t beyond = 0;

    template <class Out>
    static void forward(const frozen_value* x, Out* y) {
        constexpr std::int32_t change = input_shift<Net, Index + 1> - input_shift<Net, Index>;
        for_each_pooled<Net, Index, Pooling>(y, [&](auto rows, auto columns, std::size_t channel, Out& to) CTNN_INLINE {
            std::int32_t largest = -65536;
            for_each_of_channel<input_layout<Net, Index>>(
                x, rows, columns, channel,
                [&](std::int32_t value) CTNN_INLINE { largest = value > largest ? value : largest; });
            to = static_cast<Out>(largest + change);
        });
    }
};

/// Padding that counts is the integer of 0.
template <const auto& Net, std::size_t Index, class Preference, class T, class InputShape, class Pooling,
          bool CountsPadding>
requires(reads_of<Net, Index> ==
         reads::image) struct frozen_layer<Net, Index, Preference,
                                           average_pool_layer<T, InputShape, Pooling, CountsPadding>> {
    static constexpr std::size_t beyond = 0;

    template <class Out>
    static void forward(const frozen_value* x, Out* y) {
        constexpr std::int32_t shift = input_shift<Net, Index>, after = input_shift<Net, Index + 1>,
                               padding = integer_layer_of<Net, Index>.mean.input_zero_point;
        for_each_pooled<Net, Index, Pooling>(y, [&](auto rows, auto columns, std::size_t channel, Out& to) CTNN_INLINE {
            const auto inside = static_cast<std::int32_t>((rows.last - rows.first) * (columns.last - columns.first));
            const auto count =
                CountsPadding ? static_cast<std::int32_t>(rows.with_padding * columns.with_padding) : inside;
            std::int32_t sum = (count - inside) * padding - inside * shift;
            for_each_of_channel<input_layout<Net, Index>>(x, rows, columns, channel,
                                                          [&](std::int32_t value) CTNN_INLINE { sum += value; });
            to = static_cast<Out>(integer_layer_of<Net, Index>.mean(sum, count) + after);
        });
    }
};

template <const auto& Net, std::size_t Index, class Preference, class T, class InputShape>
requires(reads_of<Net, Index> ==
         reads::image) struct frozen_layer<Net, Index, Preference, global_pool_layer<T, InputShape, mean_of_channel>> {
    static constexpr std::size_t beyond = 0;

    template <class Out>
    static void forward(const frozen_value* x, Out* y) {
        constexpr value_layout from = input_layout<Net, Index>, to = input_layout<Net, Index + 1>;
        constexpr auto count = static_cast<std::int32_t>(from.places());
        constexpr auto& mean = integer_layer_of<Net, Index>.mean;
        constexpr std::int32_t shift = input_shift<Net, Index>, after = input_shift<Net, Index + 1>;
        fill_border<to>(y, padding_before<Net, Index + 1>());
        for (std::size_t c = 0; c < from.channels; ++c) {
            std::int32_t sum = -count * shift;
            for (std::size_t i = 0; i < from.places(); ++i) sum += x[i * from.channels + c];
            y[to.of_element(c)] = static_cast<Out>(mean(sum, count) + after);
        }
    }
};

}  // namespace CTNN_NAMESPACE::detail
