// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A range of indices of a dimension.

#include <ctnn/chain/arguments.hpp>
#include <ctnn/chain/features.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/strided.hpp>
#include <ctnn/layer/shape/rearrangement.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// The rule that a dimension exists and has these indices.
template <std::size_t Dimension, std::size_t First, std::size_t Count>
struct wants_indices_along {
    template <class Shape>
    static constexpr bool fits = [] {
        if constexpr (Shape::rank > Dimension)
            return First < Shape::extent(Dimension) && Count <= Shape::extent(Dimension) - First;
        else
            return false;
    }();
};

namespace detail {

template <class InputShape, std::size_t Dimension, std::size_t First, std::size_t Count>
struct cut {
    using input_shape = InputShape;
    using output_shape = typename with_extent<InputShape, Dimension, Count>::type;
    static constexpr std::size_t moved = output_shape::size;
    static constexpr std::size_t inner = InputShape::stride(Dimension);
    /// The number of contiguous elements in a copy.
    static constexpr std::size_t run = Count * inner;
    static constexpr std::size_t input_start = First * inner;
    static constexpr std::size_t output_start = 0;
    static constexpr kernel::strided_loops<2> loops{
        {moved / run, run}, {run, 1}, {InputShape::extent(Dimension) * inner, 1}};
};

}  // namespace detail

/// `slice`, bound to its input.
template <class T, class InputShape, std::size_t Dimension, std::size_t First, std::size_t Count>
struct slice_layer : rearrangement_layer<T, detail::cut<InputShape, Dimension, First, Count>> {
    /// One time step of a sequence, for `stream`: some of its features.
    static constexpr std::size_t time_axis = 1 - Dimension;
    using state_type = no_state;
    static constexpr void advance(const T* x, T* y, state_type&) {
        for (std::size_t i = 0; i < Count; ++i) y[i] = x[First + i];
    }
    template <std::size_t Steps>
    using block_state = no_state;
    template <std::size_t Steps>
    static constexpr void advance_block(const T* x, T* y, no_state&, std::size_t) {
        kernel::copy<Steps * Count>(x + Steps * First, y);
    }
};

/// The indices `First` to `First + Count - 1` of one dimension, and all of the others.
///
/// Template parameters: an `axis<d>`, d counted from 0 outermost; the first index; how many, at least one.
/// *Shapes*: `slice<axis<1>, 2, 3>` turns shape<A, B, C> into shape<A, 3, C>, where B is at least 5. No parameters.
/// *Errors*: "ctnn::slice: the arguments are an axis, the first index and a count of at least 1"; for indices that the
/// dimension does not have, "ctnn::network: a layer cannot take the shape that the layer before it gives".
template <class Axis, std::size_t First, std::size_t Count>
struct slice {
    using along = detail::axis_or_first<Axis>;
    static constexpr std::size_t count = Count > 0 ? Count : 1;
    using wants = wants_indices_along<along::value, First, count>;

    template <class T, class InputShape>
    using layer = slice_layer<T, InputShape, along::value, First, count>;

    static_assert(detail::is_axis<Axis> && (Count > 0),
                  "ctnn::slice: the arguments are an axis, the first index and a count of at least 1");
};

}  // namespace CTNN_NAMESPACE
