// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Two arrays traversed with different strides, in both phases. For layers that rearrange elements (`layer/shape/`).

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

/// Nested loops, the outermost first: their trip counts and their strides in two arrays.
template <std::size_t Depth>
struct strided_loops {
    std::size_t extents[Depth];
    std::size_t output_stride[Depth];
    std::size_t input_stride[Depth];
};

namespace detail {

/// The same traversal with as few loops as possible, the first `depth`: loops of one iteration are dropped, and two are
/// merged where the outer continues from the end of the inner.
template <std::size_t Depth>
struct joined_loops : strided_loops<Depth> {
    std::size_t depth;
};
template <std::size_t Depth>
constexpr joined_loops<Depth> join(const strided_loops<Depth>& loops) {
    joined_loops<Depth> result{};
    for (std::size_t i = 0; i < Depth; ++i) {
        const std::size_t extent = loops.extents[i], output = loops.output_stride[i], input = loops.input_stride[i];
        const std::size_t outer = result.depth > 0 ? result.depth - 1 : 0;
        const bool goes_on = result.depth > 0 && result.output_stride[outer] == extent * output &&
                             result.input_stride[outer] == extent * input;
        if (extent == 1 && (i + 1 < Depth || result.depth > 0)) continue;
        const std::size_t to = goes_on ? outer : result.depth++;
        result.extents[to] = goes_on ? result.extents[to] * extent : extent;
        result.output_stride[to] = output;
        result.input_stride[to] = input;
    }
    return result;
}
template <const auto& Loops>
inline constexpr auto joined = join(Loops);

}  // namespace detail

/// The trip count and the strides of the innermost loop after merging.
struct strided_run {
    std::size_t extent, output_stride, input_stride;
};
template <const auto& Loops>
inline constexpr strided_run run_of{detail::joined<Loops>.extents[detail::joined<Loops>.depth - 1],
                                    detail::joined<Loops>.output_stride[detail::joined<Loops>.depth - 1],
                                    detail::joined<Loops>.input_stride[detail::joined<Loops>.depth - 1]};

/// Calls `f(output, input)` with the offsets of the start of each run in both arrays.
///
/// *Cost*: one call for each run.
template <const auto& Loops, std::size_t Level = 0, class F>
CTNN_INLINE constexpr void for_each_run(F&& f, std::size_t output = 0, std::size_t input = 0) {
    constexpr const auto& loops = detail::joined<Loops>;
    if constexpr (Level + 1 == loops.depth)
        f(output, input);
    else
        for (std::size_t i = 0; i < loops.extents[Level];
             ++i, output += loops.output_stride[Level], input += loops.input_stride[Level])
            for_each_run<Loops, Level + 1>(f, output, input);
}

/// The same for each element.
template <const auto& Loops, std::size_t Level = 0, class F>
CTNN_INLINE constexpr void for_each_strided(F&& f, std::size_t output = 0, std::size_t input = 0) {
    constexpr const auto& loops = detail::joined<Loops>;
    for (std::size_t i = 0; i < loops.extents[Level];
         ++i, output += loops.output_stride[Level], input += loops.input_stride[Level]) {
        if constexpr (Level + 1 < loops.depth)
            for_each_strided<Loops, Level + 1>(f, output, input);
        else
            f(output, input);
    }
}

}  // namespace CTNN_NAMESPACE::kernel
