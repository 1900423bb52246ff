// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network of integers, fed one time step at a time.

#include <ctnn/activation/activate.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/quantize/network/quantized.hpp>
#include <ctnn/quantize/stream/branch_step.hpp>
#include <ctnn/quantize/stream/integer_step.hpp>
#include <ctnn/stream/stream.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// A quantised network that is fed one time step at a time, with the integers of a pass over the entire sequence.
///
/// As `stream` of a network: `s(x)` takes and gives real numbers, and `s(integers)`, for `tensor<std::int8_t, shape<inputs>>`, is
/// what lies between quantising and dequantising. Layers are `dense`, `lstm`, `gru`, `conv1d` with `causal` padding and stride 1,
/// activations, `permute<1, 0>`, `residual`, `sum` and `concatenate` of these, what runs in float and has a stream there, and any
/// layers after `last_step`.
///
/// The network is not copied. `state` is the entire state, a plain value: `s.state = {}` resets it.
/// *Cost*: `multiply_accumulates` / Length per step, and no allocation.
/// *Errors*: "ctnn::stream: a layer cannot take one time step at a time", "ctnn::stream: a time step has another number
/// of inputs".
/// *Example*: `ctnn::stream s{q}; auto y = s({0.5f});`
template <class T, class Input, class... Specs, class Rounding, class Granularity, class End>
class stream<quantized<network<T, Input, Specs...>, Rounding, Granularity, End>> {
    using Net = quantized<network<T, Input, Specs...>, Rounding, Granularity, End>;
    using chain = typename Net::chain_type;
    static constexpr std::size_t known_axis = detail::time_axis_of<chain>();

  public:
    using network_type = Net;
    using element_type = typename Net::element_type;
    /// The dimension of the inputs that is time.
    static constexpr std::size_t time_axis = known_axis == detail::unknown_time_axis ? 0 : known_axis;

  private:
    using steps = detail::integer_steps<typename Net::quantized_layers, 0, time_axis>;

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
    constexpr tensor<element_type, shape<outputs>> operator()(const tensor<std::int8_t, shape<inputs>>& x) {
        tensor<element_type, shape<outputs>> y{};
        advance(x.values, y.values);
        return y;
    }
    constexpr tensor<T, shape<outputs>> operator()(const tensor<T, shape<inputs>>& x) {
        tensor<T, shape<outputs>> y{};
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
    constexpr void advance(const std::int8_t* x, element_type* y) {
        if constexpr (steps::possible) steps::advance(network_->layers, x, y, state);
    }
    constexpr void advance(const T* x, T* y) {
        std::int8_t integers[inputs];
        element_type results[outputs]{};
        detail::quantize_values<Rounding>(x, inputs, network_->input, integers);
        advance(static_cast<const std::int8_t*>(integers), results);
        dequantize(results, y);
    }
    /// The next `count` time steps, from `count` rows of inputs to as many of outputs.
    template <class In, class Out>
    constexpr void advance(const In* x, Out* y, std::size_t count) {
        for (; count > 0; --count, x += inputs, y += outputs) advance(x, y);
    }

    /// The entire state.
    state_type state{};

  private:
    constexpr void dequantize(const element_type* from, T* y) const {
        if constexpr (Net::has_sums) {
            constexpr std::size_t last = Net::layer_count - 1;
            using layer = typename chain::template layer<last>;
            // Behind the time dimension, a step is a whole sample; before it, a place of one.
            constexpr bool is_whole = outputs == chain::output_shape::size;
            constexpr std::size_t stride = is_whole ? 1 : integer_weights<layer>::channel_stride,
                                  width = is_whole ? chain::output_shape::last : outputs;
            const auto& of_sums = boost::hana::at_c<last>(network_->layers.layers);
            for (std::size_t i = 0; i < outputs; ++i) y[i] = of_sums.template number<T>(from[i], i * stride);
            activate_in_place<typename layer::activation, outputs / width, width>(y);
        } else {
            for (std::size_t i = 0; i < outputs; ++i) y[i] = static_cast<T>(network_->output.number(from[i]));
        }
    }

    const Net* network_;

    static_assert(layer_streams<layer_number<steps::refused>, typename steps::refused_layer>,
                  "ctnn::stream: a layer cannot take one time step at a time");
};

}  // namespace CTNN_NAMESPACE
