// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The laws of streams: step by step, a network gives the same outputs as for the entire sequence, and in blocks the same
/// as step by step.

#include "unit/core_support.hpp"

#include <ctnn.hpp>

#include <cstddef>

namespace laws {

// Where FMA contraction is allowed, the two may be contracted differently.
#if defined(CTNN_REPRODUCIBLE)
constexpr bool same_in_stream(double one, double other) {
    return one == other;
}
#else
constexpr bool same_in_stream(double one, double other) {
    return ctnn::near(one, other, 1e-5);
}
#endif

/// Blocks that are whole, shorter and longer than `steps_at_once`, one after another; in constants two of them.
template <class Net>
constexpr bool blocks_are_steps(const Net& net) {
    using T = typename Net::value_type;
    using blocks = ctnn::block_stream<Net>;
    constexpr std::size_t whole = blocks::steps_at_once, counts[]{3, whole, whole + 5, 1, 2 * whole};
    constexpr std::size_t all = 4 * whole + 9, in_constants = whole + 3;
    std::size_t count = all;
    if (__builtin_is_constant_evaluated()) count = in_constants;
    const auto x = core_support::numbers<T, ctnn::shape<all, blocks::inputs>>(5);
    ctnn::tensor<T, ctnn::shape<all, blocks::outputs>> y{};
    ctnn::stream in_steps{net};
    ctnn::block_stream in_blocks{net};
    std::size_t at = 0;
    for (const std::size_t of_block : counts) {
        if (at == count) break;
        in_blocks.advance(x.values + at * blocks::inputs, y.values + at * blocks::outputs, of_block);
        at += of_block;
    }
    for (std::size_t t = 0; t < count; ++t) {
        T step[blocks::outputs]{};
        in_steps.advance(x.values + t * blocks::inputs, step);
        for (std::size_t i = 0; i < blocks::outputs; ++i)
            if (!same_in_stream(y(t, i), step[i])) return false;
    }
    return true;
}

/// A 1-D signal, channels first, or a sequence, time first: each step gives the network's output for that step.
template <class Net, bool InLines, bool OutLines>
constexpr bool stream_is_the_whole(const Net& net) {
    using T = typename Net::value_type;
    constexpr std::size_t length = Net::input_shape::extent(InLines ? 1 : 0), width = Net::input_shape::size / length;
    constexpr std::size_t outputs = Net::output_shape::size / length;
    if (!blocks_are_steps(net)) return false;
    const auto x = core_support::numbers<T, typename Net::input_shape>(4);
    const auto whole = net(x);
    ctnn::stream s{net};
    // The second run is after a reset.
    for (int turn = 0; turn < 2; ++turn) {
        s.state = {};
        for (std::size_t t = 0; t < length; ++t) {
            ctnn::tensor<T, ctnn::shape<width>> step{};
            for (std::size_t i = 0; i < width; ++i) step[i] = InLines ? x(i, t) : x(t, i);
            const auto y = s(step);
            for (std::size_t i = 0; i < outputs; ++i)
                if (!same_in_stream(y[i], OutLines ? whole(i, t) : whole(t, i))) return false;
        }
    }
    return true;
}

}  // namespace laws
