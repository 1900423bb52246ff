// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Two arrays walked with different strides, in both phases. For layers that rearrange elements (`layer/shape/`).

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

/// Loops inside one another, the outermost first: how often each turns, and how far it moves in two arrays.
template <std::size_t Depth>
struct strided_loops {
    std::size_t turns[Depth];
    std::size_t here_stride[Depth];
    std::size_t there_stride[Depth];
};

namespace detail {

/// The same walk with as few loops as will do, the first `depth`: those of a single turn are left out, and two become
/// one where the outer moves on from where the inner ends.
template <std::size_t Depth>
struct joined_loops : strided_loops<Depth> {
    std::size_t depth;
};
template <std::size_t Depth>
constexpr joined_loops<Depth> join(const strided_loops<Depth>& loops) {
    joined_loops<Depth> result{};
    for (std::size_t i = 0; i < Depth; ++i) {
        const std::size_t turns = loops.turns[i], here = loops.here_stride[i], there = loops.there_stride[i];
        const std::size_t outer = result.depth > 0 ? result.depth - 1 : 0;
        const bool goes_on = result.depth > 0 && result.here_stride[outer] == turns * here &&
                             result.there_stride[outer] == turns * there;
        if (turns == 1 && (i + 1 < Depth || result.depth > 0)) continue;
        const std::size_t to = goes_on ? outer : result.depth++;
        result.turns[to] = goes_on ? result.turns[to] * turns : turns;
        result.here_stride[to] = here;
        result.there_stride[to] = there;
    }
    return result;
}
template <const auto& Loops>
inline constexpr auto joined = join(Loops);

}  // namespace detail

/// How often the innermost loop turns, once all that can be are one, and how far it moves.
struct strided_run {
    std::size_t turns, here_stride, there_stride;
};
template <const auto& Loops>
inline constexpr strided_run run_of{detail::joined<Loops>.turns[detail::joined<Loops>.depth - 1],
                                    detail::joined<Loops>.here_stride[detail::joined<Loops>.depth - 1],
                                    detail::joined<Loops>.there_stride[detail::joined<Loops>.depth - 1]};

/// Calls `f(here, there)` with the offsets in both arrays where each run begins.
///
/// *Cost*: as many calls as there are runs.
template <const auto& Loops, std::size_t Level = 0, class F>
CTNN_INLINE constexpr void for_each_run(F&& f, std::size_t here = 0, std::size_t there = 0) {
    constexpr const auto& loops = detail::joined<Loops>;
    if constexpr (Level + 1 == loops.depth)
        f(here, there);
    else
        for (std::size_t i = 0; i < loops.turns[Level];
             ++i, here += loops.here_stride[Level], there += loops.there_stride[Level])
            for_each_run<Loops, Level + 1>(f, here, there);
}

/// The same for each element.
template <const auto& Loops, std::size_t Level = 0, class F>
CTNN_INLINE constexpr void for_each_strided(F&& f, std::size_t here = 0, std::size_t there = 0) {
    constexpr const auto& loops = detail::joined<Loops>;
    for (std::size_t i = 0; i < loops.turns[Level];
         ++i, here += loops.here_stride[Level], there += loops.there_stride[Level]) {
        if constexpr (Level + 1 < loops.depth)
            for_each_strided<Loops, Level + 1>(f, here, there);
        else
            f(here, there);
    }
}

}  // namespace CTNN_NAMESPACE::kernel
