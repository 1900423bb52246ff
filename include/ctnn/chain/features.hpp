// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The features that a layer treats separately: one dimension of its input.

#include <ctnn/config.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

/// The feature dimension of a sample, from 0 outermost: channels by default, as in shape<C, H, W>; `axis<1>` for the
/// features of a sequence, shape<Length, F>.
template <std::size_t Dimension>
struct axis {
    static constexpr std::size_t value = Dimension;
};

/// The rule of layers with values per feature.
template <std::size_t Dimension>
struct wants_features_along {
    template <class Shape>
    static constexpr bool fits = Shape::rank > Dimension;
};

/// The elements of a sample as `outer` x `count` x `inner`: `count` features, each `outer` contiguous runs of `inner`.
template <class Shape, std::size_t Dimension>
struct features {
    static constexpr std::size_t count = Shape::extent(Dimension);
    static constexpr std::size_t inner = Shape::stride(Dimension);
    static constexpr std::size_t outer = Shape::size / (count * inner);

    /// Calls `f(feature, offset)` for each contiguous run in `samples` samples.
    template <class F>
    CTNN_INLINE static constexpr void for_each_run(std::size_t samples, F&& f) {
        for (std::size_t row = 0; row < samples * outer; ++row)
            for (std::size_t feature = 0; feature < count; ++feature) f(feature, (row * count + feature) * inner);
    }
};

namespace detail {

/// A shape with another extent in one dimension.
template <class Shape, std::size_t Dimension, std::size_t Extent, class Index = std::make_index_sequence<Shape::rank>>
struct with_extent;
template <class Shape, std::size_t Dimension, std::size_t Extent, std::size_t... Index>
struct with_extent<Shape, Dimension, Extent, std::index_sequence<Index...>> {
    using type = shape<(Index == Dimension ? Extent : Shape::extent(Index))...>;
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
