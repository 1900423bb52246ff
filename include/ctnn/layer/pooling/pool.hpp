// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What max_pool and average_pool share: windows over each channel, and their options.

#include <ctnn/chain/options.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/convolution/window.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

template <std::size_t Rank, class InputShape, const auto& Sliding>
struct pooled_shape;
template <class InputShape, const auto& Sliding>
struct pooled_shape<1, InputShape, Sliding> {
    using type = shape<InputShape::extent(0), Sliding.along[0].output>;
};
template <class InputShape, const auto& Sliding>
struct pooled_shape<2, InputShape, Sliding> {
    using type = shape<InputShape::extent(0), Sliding.along[0].output, Sliding.along[1].output>;
};

}  // namespace detail

/// The rule that no window lies in the padding alone.
template <std::size_t Rank, class Window, class Stride, class Padding>
struct wants_padding_smaller_than {
    template <class Shape>
    static constexpr bool fits = [] {
        if constexpr (Shape::rank >= Rank)
            for (const auto& s : sliding_window<Rank, Shape, Window, Stride, dilation<1>, Padding>::make().along)
                if (s.before >= s.window || s.behind >= s.window) return false;
        return true;
    }();
};

/// Windows over each channel of `InputShape`, along one or two dimensions.
template <std::size_t Rank, class InputShape, class Window, class Stride, class Padding, bool RoundsUp>
struct pooling {
    static constexpr auto sliding_one =
        sliding_window<Rank, InputShape, Window, Stride, dilation<1>, Padding, RoundsUp>::make();
    using output_shape = typename detail::pooled_shape<Rank, InputShape, sliding_one>::type;
    static constexpr kernel::slide down = Rank == 2 ? sliding_one.along[0] : detail::one_high;
    static constexpr kernel::slide across = sliding_one.along[Rank - 1];

    /// Calls `f(output, input, rows, columns)` for each window of `Batch` samples: the index of its output, that of the
    /// first input of its channel, and the ranges of rows and columns of the channel that it covers.
    template <std::size_t Batch, class F>
    CTNN_INLINE static constexpr void for_each_window(F&& f) {
        constexpr std::size_t channels = Batch * InputShape::extent(0);
        for (std::size_t channel = 0; channel < channels; ++channel)
            for (std::size_t row = 0; row < down.output; ++row)
                for (std::size_t column = 0; column < across.output; ++column)
                    f((channel * down.output + row) * across.output + column, channel * down.input * across.input,
                      kernel::inputs_of_window(down, row), kernel::inputs_of_window(across, column));
    }
};

namespace detail {

/// The options of all pools: stride (the window unless given), padding and ceil_mode; and the shapes that they take.
template <std::size_t Rank, class Window, class... Options>
struct pool_options {
    using stride_type = typename chosen_option<stride_option, Window, Options...>::type;
    using padding_type = typename chosen_option<padding_option, valid, Options...>::type;
    static constexpr bool rounds_up = !std::is_void_v<typename chosen_option<rounding_option, void, Options...>::type>;

    using wants = wants_all<wants_rank<Rank + 1>, wants_room_for<Rank, Window, stride_type, dilation<1>, padding_type>,
                            wants_padding_smaller_than<Rank, Window, stride_type, padding_type>>;

    template <class InputShape>
    using windows = pooling<Rank, InputShape, Window, stride_type, padding_type, rounds_up>;
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
