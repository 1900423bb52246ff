// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Nearest-neighbour upsampling.

#include <ctnn/capped.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/strided.hpp>
#include <ctnn/layer/shape/rearrangement.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

namespace detail {

/// How often each element of a dimension is repeated: once in outer dimensions without a factor.
template <std::size_t... Factors>
struct repeats {
    static constexpr std::size_t of(std::size_t rank, std::size_t dimension) {
        constexpr std::size_t all[]{Factors..., 0};
        return dimension + sizeof...(Factors) < rank ? 1 : all[dimension + sizeof...(Factors) - rank];
    }
};

template <class InputShape, class Dimensions, class Repeats>
struct repetition;
template <class InputShape, std::size_t... Index, class Repeats>
struct repetition<InputShape, std::index_sequence<Index...>, Repeats> {
    static constexpr std::size_t rank = InputShape::rank;
    using input_shape = InputShape;
    using output_shape = shape<extent_product({InputShape::extent(Index), Repeats::of(rank, Index)})...>;
    static constexpr std::size_t moved = output_shape::size;
    static constexpr std::size_t input_start = 0;
    static constexpr std::size_t output_start = 0;
    /// Two loops per dimension: over its elements, and over the copies of each.
    static constexpr auto loops = [] {
        kernel::strided_loops<2 * rank> result{};
        for (std::size_t i = 0; i < rank; ++i) {
            result.extents[2 * i] = InputShape::extent(i);
            result.output_stride[2 * i] = Repeats::of(rank, i) * output_shape::stride(i);
            result.input_stride[2 * i] = InputShape::stride(i);
            result.extents[2 * i + 1] = Repeats::of(rank, i);
            result.output_stride[2 * i + 1] = output_shape::stride(i);
        }
        return result;
    }();
};

}  // namespace detail

/// Nearest-neighbour upsampling: repeats each element of a dimension `Factor` times; the last factor is that of the
/// innermost dimension.
///
/// *Shapes*: `upsample<2, 3>` turns shape<C, H, W> into shape<C, 2 H, 3 W>. No parameters.
/// *Errors*: "ctnn::upsample: a factor is at least 1"; for more factors than dimensions, "ctnn::network: a layer cannot
/// take the shape that the layer before it gives".
template <std::size_t... Factors>
struct upsample {
    using wants = wants_rank_at_least<sizeof...(Factors)>;

    template <class T, class InputShape>
    using layer = rearrangement_layer<
        T, detail::repetition<InputShape, std::make_index_sequence<InputShape::rank>, detail::repeats<Factors...>>>;

    static_assert(((Factors > 0) && ...), "ctnn::upsample: a factor is at least 1");
};

}  // namespace CTNN_NAMESPACE
