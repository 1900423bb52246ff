// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// One layer of integers, run a time step at a time.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/integer/product.hpp>
#include <ctnn/layer/convolution/convolution.hpp>
#include <ctnn/quantize/layer/integer_weights.hpp>
#include <ctnn/quantize/layer/quantized_layer.hpp>
#include <ctnn/stream/layer_step.hpp>
#include <ctnn/stream/stream_steps.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// The sums of a time step, `sums(weights, x, y, state)`, of a layer that multiplies.
template <class Layer>
struct step_sums {
    static constexpr bool possible = false;
    using state_type = no_state;
};
template <class T, std::size_t Inputs, std::size_t Outputs, class Activation, class Bias, class InputShape>
struct step_sums<dense_layer<T, Inputs, Outputs, Activation, Bias, InputShape>> {
    static constexpr bool possible = true;
    static constexpr std::size_t time_axis = 0;
    using state_type = no_state;

    template <class Weights>
    static constexpr void sums(const Weights& weights, const std::int8_t* x, std::int32_t* y, state_type&) {
        kernel::integer_product<1, Inputs>(x, weights.weights, weights.bias, y);
    }
};
/// A causal convolution: the state is the inputs that its window still sees.
template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Bias,
          std::size_t Channels, std::size_t Filters, std::size_t Groups, kernel::slide Down, kernel::slide Across>
struct step_sums<convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias,
                                   convolution<T, Channels, Filters, Groups, Down, Across>>> {
    static constexpr bool possible = convolution<T, Channels, Filters, Groups, Down, Across>::streams;
    static constexpr std::size_t time_axis = 1;
    static constexpr std::size_t in_group = Channels / Groups, of_group = Filters / Groups,
                                 depth = Across.window * in_group, past = Across.dilation * (Across.window - 1);
    struct state_type {
        /// The oldest first, minus the integer of 0, modulo 256: zeros before the first step.
        std::int8_t inputs[past * Channels + 1]{};

        friend constexpr bool operator==(const state_type&, const state_type&) = default;
    };

    template <class Weights>
    static constexpr void sums(const Weights& weights, const std::int8_t* x, std::int32_t* y, state_type& state) {
        for (std::size_t group = 0; group < Groups; ++group) {
            std::int8_t column[depth];
            for (std::size_t j = 0; j < Across.window; ++j)
                for (std::size_t c = 0; c < in_group; ++c) {
                    const std::size_t channel = group * in_group + c, at = j * Across.dilation;
                    column[j * in_group + c] =
                        at == past ? x[channel]
                                   : static_cast<std::int8_t>(state.inputs[at * Channels + channel] + weights.padding);
                }
            kernel::integer_row_product<depth, of_group, Filters>(column, weights.weights.values + group * of_group,
                                                                  weights.bias.values + group * of_group,
                                                                  y + group * of_group);
        }
        for (std::size_t i = 0; i + Channels < past * Channels; ++i) state.inputs[i] = state.inputs[i + Channels];
        for (std::size_t c = 0; past > 0 && c < Channels; ++c)
            state.inputs[(past - 1) * Channels + c] = static_cast<std::int8_t>(x[c] - weights.padding);
    }
};

/// A time step of a layer: whether it is `possible`, the time dimension of its output, its state, and
/// `advance(layer, x, y, state)`. As this one: a layer that runs in float, by what `stream` does with it.
template <class Layer, class Quantized, std::size_t Axis>
struct integer_step {
    using real = stream_step<Layer, Axis>;
    static constexpr bool possible = !Quantized::is_integer && real::possible && !is_graph_step<real>;
    static constexpr std::size_t next_axis = real::next_axis;
    using state_type = typename real::state_type;
    static constexpr std::size_t inputs = step_size<typename Layer::input_shape, Axis>,
                                 outputs = step_size<typename Layer::output_shape, next_axis>;

    static constexpr void advance(const Quantized& layer, const std::int8_t* x, std::int8_t* y, state_type& state) {
        using T = typename Quantized::arithmetic::value_type;
        T real_x[inputs], real_y[outputs];
        for (std::size_t i = 0; i < inputs; ++i) real_x[i] = static_cast<T>(layer.input.number(x[i]));
        if constexpr (is_copied_step<real>)
            for (std::size_t i = 0; i < outputs; ++i) real_y[i] = real_x[i];
        else
            real::advance(layer.layer, static_cast<const T*>(real_x), real_y, state, 1);
        activate_in_place<typename Layer::activation, 1, outputs>(real_y);
        quantize_values<typename Quantized::arithmetic::rounding>(real_y, outputs, layer.output, y);
    }
};

/// Without a time dimension, behind `last_step`, a step is a sample.
template <class Layer, class Quantized>
struct integer_step<Layer, Quantized, no_time_axis> {
    static constexpr bool possible = true;
    static constexpr std::size_t next_axis = no_time_axis;
    using state_type = no_state;

    template <class Out>
    static constexpr void advance(const Quantized& layer, const std::int8_t* x, Out* y, state_type&) {
        layer.forward(x, y);
    }
};

/// Recurrent layers of integers.
template <class Layer, class Quantized, std::size_t Axis>
requires(Axis != no_time_axis &&
         requires { typename Quantized::state_type; }) struct integer_step<Layer, Quantized, Axis> {
    static constexpr bool possible = Axis == Quantized::time_axis;
    static constexpr std::size_t next_axis = Layer::output_shape::rank < 2 ? no_time_axis : Axis;
    using state_type = typename Quantized::state_type;

    static constexpr void advance(const Quantized& layer, const std::int8_t* x, std::int8_t* y, state_type& state) {
        layer.advance(x, y, state);
    }
};

/// Dense layers and convolutions, with their activation or as sums.
template <class Layer, class Quantized, std::size_t Axis>
requires(Axis != no_time_axis && integer_weights<Layer>::exists) struct integer_step<Layer, Quantized, Axis> {
    using step = step_sums<Layer>;
    static constexpr bool possible = [] {
        if constexpr (step::possible)
            return step::time_axis == Axis;
        else
            return false;
    }();
    static constexpr std::size_t next_axis = Axis, outputs = Quantized::channels;
    using state_type = typename step::state_type;

    template <class Out>
    static constexpr void advance(const Quantized& layer, const std::int8_t* x, Out* y, state_type& state) {
        if constexpr (std::is_same_v<Out, std::int32_t>) {
            step::sums(layer.weights, x, y, state);
        } else {
            std::int32_t sums[outputs];
            step::sums(layer.weights, x, sums, state);
            for (std::size_t i = 0; i < outputs; ++i)
                y[i] = layer.activation.clamp(layer.factors(sums[i], Quantized::scales == 1 ? 0 : i));
            layer.activation.template forward<1, outputs>(y);
        }
    }
};

/// Activations by themselves.
template <class InputShape, class OutputShape, class Activation, class Quantized, std::size_t Axis>
requires(Axis != no_time_axis) struct integer_step<view_layer<InputShape, OutputShape, Activation>, Quantized, Axis> {
    static constexpr bool possible = std::is_same_v<InputShape, OutputShape>;
    static constexpr std::size_t next_axis = Axis, outputs = step_size<OutputShape, Axis>;
    using state_type = no_state;

    static constexpr void advance(const Quantized& layer, const std::int8_t* x, std::int8_t* y, state_type&) {
        if constexpr (requires { Quantized::is_view; }) {
            for (std::size_t i = 0; i < outputs; ++i) y[i] = x[i];
        } else {
            for (std::size_t i = 0; i < outputs; ++i) y[i] = layer.activation.bounded(x[i]);
            layer.activation.template forward<1, outputs>(y);
        }
    }
};

/// Transposition between time first and channels first.
template <class T, class InputShape, class Quantized, std::size_t Axis>
requires(Axis < 2) struct integer_step<rearrangement_layer<T, permutation<InputShape, 1, 0>>, Quantized, Axis> {
    static constexpr bool possible = true;
    static constexpr std::size_t next_axis = 1 - Axis, outputs = step_size<InputShape, Axis>;
    using state_type = no_state;

    static constexpr void advance(const Quantized&, const std::int8_t* x, std::int8_t* y, state_type&) {
        for (std::size_t i = 0; i < outputs; ++i) y[i] = x[i];
    }
};

/// The layers of integers from `Index` on.
template <class Layers, std::size_t Index, std::size_t Axis, bool IsEnd = Index == Layers::count>
struct integer_steps {
    static constexpr bool possible = true;
    static constexpr std::size_t refused = Layers::count, end_axis = Axis;
    using refused_layer = no_layer;
    static constexpr std::size_t outputs = step_size<typename Layers::chain_type::output_shape, Axis>;
    using state_type = no_state;

    /// A branch without layers.
    static constexpr void advance(const Layers&, const std::int8_t* x, std::int8_t* y, state_type&) {
        for (std::size_t i = 0; i < outputs; ++i) y[i] = x[i];
    }
};
template <class Layers, std::size_t Index, std::size_t Axis>
struct integer_steps<Layers, Index, Axis, false> {
    using layer = typename Layers::chain_type::template layer<Index>;
    using step = integer_step<layer, typename Layers::template layer<Index>, Axis>;
    using rest = integer_steps<Layers, Index + 1, step::next_axis>;
    /// An activation of entire rows has to find one in a step.
    static constexpr bool activates =
        elementwise_activation<typename layer::activation, typename Layers::chain_type::value_type> ||
        step::next_axis != 1;
    static constexpr bool fits = step::possible && activates && (Axis == no_time_axis || layer::input_shape::rank == 2);
    static constexpr bool possible = fits && rest::possible;
    static constexpr std::size_t refused = fits ? rest::refused : Index, end_axis = rest::end_axis;
    using refused_layer = std::conditional_t<fits, typename rest::refused_layer, layer>;
    static constexpr std::size_t outputs = rest::outputs,
                                 width = step_size<typename layer::output_shape, step::next_axis>;
    using here_type = typename step::state_type;
    using rest_type = typename rest::state_type;
    using state_type = joined_states<here_type, rest_type>;

    template <class Out>
    static constexpr void advance(const Layers& layers, const std::int8_t* x, Out* y, state_type& state) {
        here_type no_here{};
        rest_type no_rest{};
        here_type& here = here_of<here_type, rest_type>(state, no_here);
        const auto& layer_here = boost::hana::at_c<Index>(layers.layers);
        if constexpr (Index + 1 == Layers::count) {
            step::advance(layer_here, x, y, here);
        } else {
            std::int8_t out[width];
            step::advance(layer_here, x, out, here);
            rest::advance(layers, static_cast<const std::int8_t*>(out), y,
                          rest_of<here_type, rest_type>(state, no_rest));
        }
    }
};

}  // namespace CTNN_NAMESPACE::detail
