// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Walking two arrays by different strides.

#include <ctnn/config.hpp>

#include <cstddef>

namespace ctnn::kernel {

/// Loops inside one another, the outermost first: how often each turns, and how far it moves in two arrays.
template <std::size_t Depth>
struct strided_loops {
    std::size_t turns[Depth];
    std::size_t here_stride[Depth];
    std::size_t there_stride[Depth];
};

/// Calls `f(here, there)` with the offsets of each element of both arrays.
///
/// *Cost*: the product of the turns, of calls.
template <const auto& Loops, std::size_t Level = 0, class F>
CTNN_INLINE constexpr void for_each_strided(F&& f, std::size_t here = 0, std::size_t there = 0) {
    constexpr std::size_t depth = sizeof(Loops.turns) / sizeof(Loops.turns[0]);
    for (std::size_t i = 0; i < Loops.turns[Level];
         ++i, here += Loops.here_stride[Level], there += Loops.there_stride[Level]) {
        if constexpr (Level + 1 < depth)
            for_each_strided<Loops, Level + 1>(f, here, there);
        else
            f(here, there);
    }
}

}  // namespace ctnn::kernel
