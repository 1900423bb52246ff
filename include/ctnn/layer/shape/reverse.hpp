// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reversal of a dimension.

#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/strided.hpp>
#include <ctnn/layer/shape/rearrangement.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

template <class Shape>
struct reversal {
    using input_shape = Shape;
    using output_shape = Shape;
    static constexpr std::size_t moved = Shape::size;
    static constexpr std::size_t row = Shape::stride(0);
    static constexpr std::size_t input_start = Shape::size - row;
    static constexpr std::size_t output_start = 0;
    /// A negative stride: unsigned arithmetic wraps around.
    static constexpr kernel::strided_loops<2> loops{{Shape::extent(0), row}, {row, 1}, {std::size_t{0} - row, 1}};
};

}  // namespace detail

/// Reverses the outermost dimension: a sequence backwards in time.
///
/// *Shapes*: `shape<Length, ...>` in, the same out. No parameters.
struct reverse {
    using wants = wants_rank_at_least<1>;

    template <class T, class InputShape>
    using layer = rearrangement_layer<T, detail::reversal<InputShape>>;
};

}  // namespace CTNN_NAMESPACE
