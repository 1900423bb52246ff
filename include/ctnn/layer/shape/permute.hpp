// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Permutation of dimensions.

#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/strided.hpp>
#include <ctnn/layer/shape/rearrangement.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

template <class InputShape, std::size_t... Order>
struct permutation {
    using input_shape = InputShape;
    using output_shape = shape<InputShape::extent(Order)...>;
    static constexpr std::size_t moved = InputShape::size;
    static constexpr std::size_t input_start = 0;
    static constexpr std::size_t output_start = 0;
    static constexpr auto loops = [] {
        constexpr std::size_t order[]{Order...};
        kernel::strided_loops<sizeof...(Order)> result{};
        for (std::size_t i = 0; i < sizeof...(Order); ++i) {
            result.extents[i] = output_shape::extent(i);
            result.output_stride[i] = output_shape::stride(i);
            result.input_stride[i] = InputShape::stride(order[i]);
        }
        return result;
    }();
};

}  // namespace detail

/// Permutes dimensions: dimension i of the output is dimension `Order[i]` of the input, counted from 0.
///
/// *Shapes*: `permute<1, 0>` turns shape<A, B> into shape<B, A>, as needed between `conv1d` (channels first) and
/// recurrent layers (time first). No parameters.
/// *Errors*: "ctnn::permute: each dimension from 0 on occurs exactly once in the order".
template <std::size_t... Order>
struct permute {
    using wants = wants_rank<sizeof...(Order)>;

    static constexpr bool is_permutation = [] {
        constexpr std::size_t order[]{Order...};
        for (std::size_t dimension = 0; dimension < sizeof...(Order); ++dimension) {
            std::size_t found = 0;
            for (const std::size_t other : order) found += other == dimension ? 1 : 0;
            if (found != 1) return false;
        }
        return true;
    }();

    template <class T, class InputShape>
    using layer = rearrangement_layer<T, detail::permutation<InputShape, Order...>>;

    static_assert(is_permutation, "ctnn::permute: each dimension from 0 on occurs exactly once in the order");
};

}  // namespace CTNN_NAMESPACE
