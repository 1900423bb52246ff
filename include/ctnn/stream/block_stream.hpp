// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network of sequences, fed blocks of time steps.

#include <ctnn/config.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/stream/graph_steps.hpp>
#include <ctnn/stream/stream.hpp>
#include <ctnn/stream/stream_steps.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// A network that is fed blocks of any number of time steps, as an audio callback has them, with the outputs of `stream`
/// to the bit, for every size of the blocks.
///
/// `steps_at_once` time steps go through each layer before the next, so that weights are loaded once for all of them,
/// and each feature has a row of them, so that few channels fill registers as well as many. Layers that have no such
/// form, as recurrent ones, take the steps one by one in between.
///
/// Template parameter: a network that `stream` takes. The network is not copied; many streams, in many threads, may
/// share one. `state` is the entire state, a plain value: `s.state = {}` resets it.
/// *Cost*: no allocation. A block costs as much as the next multiple of `steps_at_once`: for single steps `stream` is
/// faster, and its state is smaller.
/// *Errors*: those of `stream`.
/// *Example*: `ctnn::block_stream<net_type> s{net}; s.advance(in, out, 64);`
template <class Net>
class block_stream {
    using by_steps = stream<Net>;
    using T = typename Net::value_type;

  public:
    using network_type = Net;
    /// Two registers, or 16 steps: enough sums in flight for a single channel of outputs to be worth it.
    static constexpr std::size_t steps_at_once = 2 * kernel::native_lanes<T> > 16 ? 2 * kernel::native_lanes<T> : 16;
    /// The elements of one time step, in and out.
    static constexpr std::size_t inputs = by_steps::inputs, outputs = by_steps::outputs;

  private:
    using steps = detail::stream_from<typename Net::chain_type, 0, by_steps::time_axis, steps_at_once>;

  public:
    using state_type = typename steps::state_type;
    /// The bytes of the state.
    static constexpr std::size_t state_bytes = std::is_empty_v<state_type> ? 0 : sizeof(state_type);

    constexpr explicit block_stream(const Net& streamed_network) : network_{&streamed_network} {}
    explicit block_stream(Net&&) = delete;

    /// The next `count` time steps, from `count` rows of inputs to as many of outputs; x and y must not overlap.
    constexpr void advance(const T* x, T* y, std::size_t count) {
        if constexpr (steps::possible) {
            for (; count >= steps_at_once;
                 count -= steps_at_once, x += steps_at_once * inputs, y += steps_at_once * outputs)
                advance_block(x, y, steps_at_once);
            if (count > 0) {
                T in[steps_at_once * inputs]{}, out[steps_at_once * outputs];
                for (std::size_t i = 0; i < count * inputs; ++i) in[i] = x[i];
                advance_block(in, out, count);
                for (std::size_t i = 0; i < count * outputs; ++i) y[i] = out[i];
            }
        }
    }

    /// The entire state.
    state_type state{};

  private:
    constexpr void advance_block(const T* x, T* y, std::size_t count) {
        alignas(64) T in[steps_at_once * inputs], out[steps_at_once * outputs];
        detail::transpose_block<steps_at_once, inputs>(x, in);
        steps::advance(network_->layers, static_cast<const T*>(in), out, state, count);
        detail::transpose_block<outputs, steps_at_once>(static_cast<const T*>(out), y);
    }

    const Net* network_;
};

template <class Net>
block_stream(const Net&) -> block_stream<Net>;

}  // namespace CTNN_NAMESPACE
