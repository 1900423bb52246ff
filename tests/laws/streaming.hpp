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

/// `steps_at_once` steps and three more in one call.
template <class Net>
constexpr bool blocks_are_steps(const Net& net) {
    using T = typename Net::value_type;
    using stream = ctnn::stream<Net>;
    constexpr std::size_t count = stream::steps_at_once + 3;
    const auto x = core_support::numbers<T, ctnn::shape<count, stream::inputs>>(5);
    ctnn::tensor<T, ctnn::shape<count, stream::outputs>> y{};
    stream in_steps{net}, in_blocks{net};
    in_blocks.advance(x.values, y.values, count);
    for (std::size_t t = 0; t < count; ++t) {
        T step[stream::outputs]{};
        in_steps.advance(x.values + t * stream::inputs, step);
        for (std::size_t i = 0; i < stream::outputs; ++i)
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
