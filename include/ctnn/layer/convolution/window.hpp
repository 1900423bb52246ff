// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sliding windows: sizes, strides, paddings, and the options that set them.

#include <ctnn/capped.hpp>
#include <ctnn/chain/options.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/layer/shape/zero_pad.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// The extents of a window: one value for all dimensions, or one for each.
template <std::size_t... Extents>
struct window {
    static_assert(((Extents > 0) && ...), "ctnn::window: every extent is at least 1");
};

// --- Options of convolution and pooling, in any order.

/// How far the window moves from one output to the next; 1 by default for convolution, the window for pooling.
template <std::size_t... Steps>
struct stride {
    using option_kind = struct stride_option;
    static_assert(((Steps > 0) && ...), "ctnn::stride: every stride is at least 1");
};
/// The distance between neighbouring inputs of a window; 1, contiguous, by default.
template <std::size_t... Steps>
struct dilation {
    using option_kind = struct dilation_option;
    static_assert(((Steps > 0) && ...), "ctnn::dilation: every dilation is at least 1");
};
/// Zeros around the input (in pooling, positions without a value), one `pad<before, behind>` for all dimensions or for
/// each.
template <class... Pads>
struct padding {
    using option_kind = struct padding_option;
};
/// No padding: the window stays inside the input. The default.
using valid = padding<pad<0>>;
/// The padding for which there are ceil(input / stride) outputs; an odd zero goes at the end.
struct same {
    using option_kind = struct padding_option;
};
/// Padding before the input only, so that no output depends on later inputs: for `conv1d` on a stream.
struct causal {
    using option_kind = struct padding_option;
};
/// Splits the channels into `Count` separate groups; as many groups as channels give a depthwise convolution. 1 by
/// default.
template <std::size_t Count>
struct groups {
    using option_kind = struct groups_option;
    static constexpr std::size_t value = Count;
    static_assert(Count > 0, "ctnn::groups: there is at least one group");
};
/// The last window may extend beyond the edge of the input.
struct ceil_mode {
    using option_kind = struct rounding_option;
};
/// Padding counts as zeros in an average.
struct count_include_pad {
    using option_kind = struct counting_option;
};

namespace detail {

/// A list of one value for all `Rank` dimensions, or one for each, as an array.
template <std::size_t Rank>
struct extents {
    std::size_t value[Rank];
};
template <std::size_t Rank, template <std::size_t...> class List, std::size_t... Numbers>
constexpr extents<Rank> values_of(List<Numbers...>) {
    static_assert(sizeof...(Numbers) == 1 || sizeof...(Numbers) == Rank,
                  "ctnn::window: there is one value for all dimensions, or one for each");
    constexpr std::size_t given[]{Numbers...};
    extents<Rank> result{};
    for (std::size_t i = 0; i < Rank; ++i) result.value[i] = given[sizeof...(Numbers) == 1 ? 0 : i];
    return result;
}

}  // namespace detail

namespace detail {

/// A one-dimensional input is an image of height 1.
inline constexpr kernel::slide one_high{1, 1, 1, 1, 0, 0, 1};

/// The number of positions of a window. With `rounds_up`, the last one may extend beyond the edge if it begins inside
/// the input.
constexpr std::size_t window_places(const kernel::slide& s, bool rounds_up) {
    if (!s.fits()) return 1;  // refused by the shape rule
    const std::size_t room = s.input + s.before + s.behind - s.span();
    std::size_t places = room / s.stride + 1;
    if (rounds_up && room % s.stride != 0 && places <= (s.input + s.before - 1) / s.stride) ++places;
    return places;
}

template <std::size_t Rank, class... Pads>
constexpr void pad_sliding(kernel::slide& s, std::size_t dimension, padding<Pads...>) {
    static_assert(sizeof...(Pads) == 1 || sizeof...(Pads) == Rank,
                  "ctnn::window: there is one value for all dimensions, or one for each");
    constexpr std::size_t before[]{Pads::before...}, behind[]{Pads::behind...};
    s.before = before[sizeof...(Pads) == 1 ? 0 : dimension];
    s.behind = behind[sizeof...(Pads) == 1 ? 0 : dimension];
}
template <std::size_t>
constexpr void pad_sliding(kernel::slide& s, std::size_t, same) {
    const std::size_t reach = capped_sum<std::size_t>({(s.input - 1) / s.stride * s.stride, s.span()});
    const std::size_t all = reach > s.input ? reach - s.input : 0;
    s.before = all / 2;
    s.behind = all - s.before;
}
template <std::size_t Rank>
constexpr void pad_sliding(kernel::slide& s, std::size_t, causal) {
    static_assert(Rank == 1, "ctnn::causal: an image has no time axis");
    s.before = s.span() - 1;
    s.behind = 0;
}

}  // namespace detail

/// How a window slides over the last `Rank` dimensions of a shape.
template <std::size_t Rank, class InputShape, class Window, class Stride, class Dilation, class Padding,
          bool RoundsUp = false>
struct sliding_window {
    kernel::slide along[Rank];

    static constexpr sliding_window make() {
        sliding_window result{};
        for (std::size_t i = 0; i < Rank; ++i) {
            kernel::slide& s = result.along[i];
            s.input = InputShape::extent(InputShape::rank - Rank + i);
            s.window = detail::values_of<Rank>(Window{}).value[i];
            s.stride = detail::values_of<Rank>(Stride{}).value[i];
            s.dilation = detail::values_of<Rank>(Dilation{}).value[i];
            detail::pad_sliding<Rank>(s, i, Padding{});
            s.output = detail::window_places(s, RoundsUp);
        }
        return result;
    }
};

/// The rule that a window fits into the padded input.
template <std::size_t Rank, class Window, class Stride, class Dilation, class Padding>
struct wants_room_for {
    template <class Shape>
    static constexpr bool fits = [] {
        if constexpr (Shape::rank < Rank) {
            return true;  // another rule reports it
        } else {
            for (const kernel::slide& s : sliding_window<Rank, Shape, Window, Stride, Dilation, Padding>::make().along)
                if (!s.fits()) return false;
            return true;
        }
    }();
};

/// The rule that the channels are divisible into `Groups` groups.
template <std::size_t Groups>
struct wants_channels_divisible_by {
    template <class Shape>
    static constexpr bool fits = Shape::rank > 0 && Shape::extent(0) % Groups == 0;
};

}  // namespace CTNN_NAMESPACE
