// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Zero padding.

#include <ctnn/capped.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/strided.hpp>
#include <ctnn/layer/shape/rearrangement.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

/// The numbers of zeros before and after a dimension.
template <std::size_t Before, std::size_t Behind = Before>
struct pad {
    static constexpr std::size_t before = Before;
    static constexpr std::size_t behind = Behind;
};

namespace detail {

/// The numbers of zeros before and after a dimension of `rank` dimensions: none in outer dimensions without a pad.
template <class... Pads>
struct pads {
    static constexpr std::size_t before(std::size_t rank, std::size_t dimension) {
        constexpr std::size_t all[]{Pads::before..., 0};
        return dimension + sizeof...(Pads) < rank ? 0 : all[dimension + sizeof...(Pads) - rank];
    }
    static constexpr std::size_t behind(std::size_t rank, std::size_t dimension) {
        constexpr std::size_t all[]{Pads::behind..., 0};
        return dimension + sizeof...(Pads) < rank ? 0 : all[dimension + sizeof...(Pads) - rank];
    }
};

template <class InputShape, class Dimensions, class Pads>
struct padding_of;
template <class InputShape, std::size_t... Index, class Pads>
struct padding_of<InputShape, std::index_sequence<Index...>, Pads> {
    static constexpr std::size_t rank = InputShape::rank;
    using input_shape = InputShape;
    using output_shape = shape<capped_sum<std::size_t>(
        {Pads::before(rank, Index), InputShape::extent(Index), Pads::behind(rank, Index)})...>;
    static constexpr std::size_t moved = InputShape::size;
    static constexpr std::size_t input_start = 0;
    static constexpr std::size_t output_start =
        (std::size_t{0} + ... + (Pads::before(rank, Index) * output_shape::stride(Index)));
    static constexpr kernel::strided_loops<rank> loops{
        {InputShape::extent(Index)...}, {output_shape::stride(Index)...}, {InputShape::stride(Index)...}};
};

}  // namespace detail

/// Pads the input with zeros. Each `pad<before, behind>` is for one dimension, the last one for the innermost.
///
/// *Shapes*: `zero_pad<pad<1>, pad<0, 2>>` turns shape<C, H, W> into shape<C, H + 2, W + 2>. No parameters.
/// *Errors*: for more pads than dimensions, "ctnn::network: a layer cannot take the shape that the layer before it
/// gives".
template <class... Pads>
struct zero_pad {
    using wants = wants_rank_at_least<sizeof...(Pads)>;

    template <class T, class InputShape>
    using layer = rearrangement_layer<
        T, detail::padding_of<InputShape, std::make_index_sequence<InputShape::rank>, detail::pads<Pads...>>>;
};

}  // namespace CTNN_NAMESPACE
