// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network of sequences, fed one time step at a time.

#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/stream/graph_steps.hpp>
#include <ctnn/stream/stream_steps.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Whether a layer can process one time step at a time. It is false where it is named in an error.
template <class Position, class Layer>
inline constexpr bool layer_streams = false;
template <class Position>
inline constexpr bool layer_streams<Position, no_layer> = true;

/// A network that is fed one time step at a time, with the outputs of a pass over the entire sequence: to the bit, if
/// the compiler does not contract operations.
///
/// Template parameter: a network of `shape<Length, F>` (time first) or `shape<C, Length>` (channels first, if its first
/// layer that depends on time is a `conv1d`), made of `dense`, recurrent layers, `conv1d` with `causal` padding and
/// stride 1, `embedding` (a symbol per step), `scale`, `prelu`, `batch_norm`, `layer_norm`, `dropout`, activations,
/// `slice` of the features, `permute<1, 0>` between the two layouts, and `residual`, `sum`, `product`, `concatenate` and
/// `graph` of all these. Of a graph with several inputs or outputs, a step is the row of theirs. After `last_step` any layers may follow: they see the output of the newest step.
///
/// The network is not copied; many streams, in many threads, may share one. `state` is the entire state of a stream, a
/// plain value: `s.state = {}` resets it.
/// *Cost*: `multiply_accumulates` / Length per step, and no allocation; the time of a step does not depend on the data,
/// as long as its values are normal: the states of recurrent layers settle at 0 before they become subnormal
/// (`kernel/recurrent/settle.hpp`), but inputs are used as they are, and a convolution keeps them.
/// *Errors*: "ctnn::stream: a layer cannot take one time step at a time", "ctnn::stream: a time step has another number
/// of inputs".
/// *Example*: `ctnn::stream<net_type> s{net}; auto y = s({0.5f});`
template <class Net>
class stream {
    using chain = typename Net::chain_type;
    static constexpr std::size_t known_axis = detail::time_axis_of<chain>();
    using T = typename Net::value_type;

  public:
    using network_type = Net;
    /// The dimension of the inputs that is time.
    static constexpr std::size_t time_axis = known_axis == detail::unknown_time_axis ? 0 : known_axis;

  private:
    using steps = detail::stream_from<chain, 0, time_axis>;

  public:
    using state_type = typename steps::state_type;

    /// The elements of one time step, in and out.
    static constexpr std::size_t inputs = detail::step_size<typename chain::input_shape, time_axis>;
    static constexpr std::size_t outputs = steps::outputs;
    /// The bytes of the state.
    static constexpr std::size_t state_bytes = std::is_empty_v<state_type> ? 0 : sizeof(state_type);

    constexpr explicit stream(const Net& streamed_network) : network_{&streamed_network} {}
    explicit stream(Net&&) = delete;

    /// The outputs of the next time step.
    constexpr tensor<T, shape<outputs>> operator()(const tensor<T, shape<inputs>>& x) {
        tensor<T, shape<outputs>> y;
        advance(x.values, y.values);
        return y;
    }
    template <std::size_t Count>
    constexpr tensor<T, shape<outputs>> operator()(const T (&x)[Count]) {
        static_assert(input_has_shape<given<shape<Count>>, expects<shape<inputs>>>,
                      "ctnn::stream: a time step has another number of inputs");
        tensor<T, shape<outputs>> y{};
        if constexpr (Count == inputs) advance(x, y.values);
        return y;
    }

    /// The same on plain memory; x and y must not overlap.
    constexpr void advance(const T* x, T* y) {
        if constexpr (steps::possible) steps::advance(network_->layers, x, y, state, 1);
    }
    /// The next `count` time steps, from `count` rows of inputs to as many of outputs. `block_stream` is faster.
    constexpr void advance(const T* x, T* y, std::size_t count) {
        for (; count > 0; --count, x += inputs, y += outputs) advance(x, y);
    }

    /// The entire state.
    state_type state{};

  private:
    const Net* network_;

    static_assert(layer_streams<layer_number<steps::refused>, typename steps::refused_layer>,
                  "ctnn::stream: a layer cannot take one time step at a time");
};

template <class Net>
stream(const Net&) -> stream<Net>;

}  // namespace CTNN_NAMESPACE
