// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Gated recurrent units of integers: 8 bits for weights, inputs and outputs, 16 for gates and the state.

#include <ctnn/config.hpp>
#include <ctnn/layer/recurrent/gru.hpp>
#include <ctnn/quantize/layer/integer_gates.hpp>
#include <ctnn/quantize/layer/quantized_layer.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/quantize/rounding/gate_functions.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

namespace detail {

/// What both forms have: the state, of 16 bits in units of 2^-15, and its integers of 8 bits, which products and outputs take.
template <class Layer, class Arithmetic>
struct integer_gru {
    static constexpr bool is_integer = true;
    using rounding = typename Arithmetic::rounding;
    using functions = ctnn::rounding::gate_functions;
    static constexpr std::size_t inputs = Layer::inputs, units = Layer::units, gates = Layer::gates, time_axis = 0;
    using input_product = gate_product<inputs, units, 3, Arithmetic>;

    /// What is carried from step to step; zeros before the first.
    struct state_type {
        std::int16_t values[units]{};

        friend constexpr bool operator==(const state_type&, const state_type&) = default;
    };

    input_product of_input;
    /// Of products with what a sigmoid gives, and from the state to outputs.
    state_factors<rounding, 2> products;
    quantization output;

    friend constexpr bool operator==(const integer_gru&, const integer_gru&) = default;

    static constexpr quantization output_for(const layer_ranges<Layer>& ranges) {
        return state_quantization(ranges.inner.hidden);
    }
    constexpr void set_state(quantization after) {
        require_state_scale(after);
        output = after;
        products.factors.set(0, 1 / 32768.0);
        products.factors.set(1, 1 / 32768.0 / static_cast<double>(after.scale));
    }

    /// The part of x that a gate, in units of 2^-15, lets through.
    CTNN_INLINE constexpr std::int32_t part(std::int32_t gate, std::int32_t x) const { return products(gate * x, 0); }
    CTNN_INLINE constexpr std::int8_t hidden(std::int32_t state) const {
        return saturated(products(state, 1) + output.zero_point);
    }
    /// n + z (h - n); the second term has up to 17 bits.
    CTNN_INLINE constexpr std::int16_t renewed(std::int32_t z, std::int32_t n, std::int32_t h) const {
        return static_cast<std::int16_t>(functions::saturated(n + products.factors(z * (h - n), 0)));
    }
};

}  // namespace detail

/// `gru` with sigmoid and tanh, from a state of zeros. With Q(x) for what the rule of rounding makes of x, bounded to 16 bits,
/// a = Q(2^12 (x(t) W + b)) and u = Q(2^12 (h(t - 1) U + c)) in units of 2^-12,
///
///     r = sigmoid(a_r + u_r),  z = sigmoid(a_z + u_z),  n = tanh(a_n + Q(r u_n))
///     g(t) = n + z (g(t - 1) - n),  h(t) = Q(g(t) / s_h) + z_h, bounded to 8 bits
///
/// where the product with z is rounded by the rule too, sums are bounded to 16 bits, and r, z, n and the state g are in units of
/// 2^-15.
template <class T, class InputShape, std::size_t Units, class Time, class Arithmetic>
requires(detail::has_usual_gates<Time>) struct quantized_layer<gru_layer<T, InputShape, Units, reset_after, Time>,
                                                               Arithmetic>
    : detail::integer_gru<gru_layer<T, InputShape, Units, reset_after, Time>, Arithmetic> {
    using layer_type = gru_layer<T, InputShape, Units, reset_after, Time>;
    using base = detail::integer_gru<layer_type, Arithmetic>;
    using typename base::functions, typename base::input_product, typename base::state_type;
    using state_product = detail::gate_product<Units, Units, 3, Arithmetic>;

    struct parameters {
        /// The gates are r z n; the bias has the scale of the inputs times that of the weights, the recurrent one that of h.
        tensor<std::int8_t, shape<base::inputs, 3 * Units>> weights;
        tensor<std::int32_t, shape<3 * Units>> bias;
        tensor<float, shape<input_product::scales>> scales;
        tensor<std::int8_t, shape<Units, 3 * Units>> recurrent_weights;
        tensor<std::int32_t, shape<3 * Units>> recurrent_bias;
        tensor<float, shape<state_product::scales>> recurrent_scales;
        quantization output;

        template <class Self, class F>
        static constexpr void members(Self& self, F&& f) {
            f("weights", self.weights), f("bias", self.bias), f("scales", self.scales);
            f("recurrent_weights", self.recurrent_weights), f("recurrent_bias", self.recurrent_bias);
            f("recurrent_scales", self.recurrent_scales), f("output", self.output);
        }
    };

    state_product of_state;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    static constexpr parameters choose(const layer_type& from, quantization before,
                                       const layer_ranges<layer_type>& ranges) {
        const quantization after = base::output_for(ranges);
        const auto of_x = input_product::nearest(from.weights.values, from.bias.values, before);
        const auto of_h = state_product::nearest(from.recurrent_weights.values, from.recurrent_bias.values, after);
        return {of_x.weights, of_x.bias, of_x.scales, of_h.weights, of_h.bias, of_h.scales, after};
    }
    static constexpr quantization output_of(const parameters& from, quantization) { return from.output; }
    constexpr void set(const parameters& from, quantization before) {
        this->set_state(from.output);
        this->of_input.set({from.weights, from.bias, from.scales}, before);
        of_state.set({from.recurrent_weights, from.recurrent_bias, from.recurrent_scales}, from.output);
    }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        detail::run_steps<Time, base::inputs, Units>(*this, x, y);
    }
    /// One time step.
    constexpr void advance(const std::int8_t* x, std::int8_t* y, state_type& state) const {
        std::int32_t input[3 * Units], recurrent[3 * Units];
        for (std::size_t i = 0; i < Units; ++i) y[i] = this->hidden(state.values[i]);
        this->of_input.sums(x, input);
        of_state.sums(y, recurrent);
        for (std::size_t i = 0; i < Units; ++i) {
            const auto of_x = [&](std::size_t gate) CTNN_INLINE {
                return this->of_input.rescaled(input[gate * Units + i], gate * Units + i);
            };
            const auto of_h = [&](std::size_t gate) CTNN_INLINE {
                return of_state.rescaled(recurrent[gate * Units + i], gate * Units + i);
            };
            const std::int32_t r = functions::sigmoid(functions::saturated(of_x(0) + of_h(0))),
                               z = functions::sigmoid(functions::saturated(of_x(1) + of_h(1))),
                               n = functions::tanh(functions::saturated(of_x(2) + this->part(r, of_h(2))), -12);
            state.values[i] = this->renewed(z, n, state.values[i]);
            y[i] = this->hidden(state.values[i]);
        }
    }
};

/// The form that resets the state before the product: n = tanh(a_n + Q(2^12 (r h(t - 1)) U_n)), where r h(t - 1) has 8 bits and the
/// quantisation of h.
template <class T, class InputShape, std::size_t Units, class Time, class Arithmetic>
requires(detail::has_usual_gates<Time>) struct quantized_layer<gru_layer<T, InputShape, Units, reset_before, Time>,
                                                               Arithmetic>
    : detail::integer_gru<gru_layer<T, InputShape, Units, reset_before, Time>, Arithmetic> {
    using layer_type = gru_layer<T, InputShape, Units, reset_before, Time>;
    using base = detail::integer_gru<layer_type, Arithmetic>;
    using typename base::functions, typename base::input_product, typename base::state_type;
    using state_product = detail::gate_product<Units, Units, 2, Arithmetic>;
    using candidate_product = detail::gate_product<Units, Units, 1, Arithmetic>;

    struct parameters {
        /// The gates are r z n.
        tensor<std::int8_t, shape<base::inputs, 3 * Units>> weights;
        tensor<std::int32_t, shape<3 * Units>> bias;
        tensor<float, shape<input_product::scales>> scales;
        /// The gates are r z.
        tensor<std::int8_t, shape<Units, 2 * Units>> recurrent_weights;
        tensor<float, shape<state_product::scales>> recurrent_scales;
        tensor<std::int8_t, shape<Units, Units>> candidate_weights;
        tensor<float, shape<candidate_product::scales>> candidate_scales;
        quantization output;

        template <class Self, class F>
        static constexpr void members(Self& self, F&& f) {
            f("weights", self.weights), f("bias", self.bias), f("scales", self.scales);
            f("recurrent_weights", self.recurrent_weights), f("recurrent_scales", self.recurrent_scales);
            f("candidate_weights", self.candidate_weights), f("candidate_scales", self.candidate_scales);
            f("output", self.output);
        }
    };

    state_product of_state;
    candidate_product of_reset;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    static constexpr parameters choose(const layer_type& from, quantization before,
                                       const layer_ranges<layer_type>& ranges) {
        const quantization after = base::output_for(ranges);
        const auto of_x = input_product::nearest(from.weights.values, from.bias.values, before);
        const auto of_h = state_product::nearest(from.recurrent_weights.values, nullptr, after);
        const auto of_rh = candidate_product::nearest(from.candidate_weights.values, nullptr, after);
        return {of_x.weights, of_x.bias, of_x.scales, of_h.weights, of_h.scales, of_rh.weights, of_rh.scales, after};
    }
    static constexpr quantization output_of(const parameters& from, quantization) { return from.output; }
    constexpr void set(const parameters& from, quantization before) {
        this->set_state(from.output);
        this->of_input.set({from.weights, from.bias, from.scales}, before);
        of_state.set({from.recurrent_weights, {}, from.recurrent_scales}, from.output);
        of_reset.set({from.candidate_weights, {}, from.candidate_scales}, from.output);
    }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        detail::run_steps<Time, base::inputs, Units>(*this, x, y);
    }
    /// One time step.
    constexpr void advance(const std::int8_t* x, std::int8_t* y, state_type& state) const {
        const std::int32_t zero = this->output.zero_point;
        std::int32_t input[3 * Units], recurrent[2 * Units], candidate[Units];
        for (std::size_t i = 0; i < Units; ++i) y[i] = this->hidden(state.values[i]);
        this->of_input.sums(x, input);
        of_state.sums(y, recurrent);
        const auto gate = [&](std::size_t column) CTNN_INLINE {
            return functions::sigmoid(functions::saturated(this->of_input.rescaled(input[column], column) +
                                                           of_state.rescaled(recurrent[column], column)));
        };
        for (std::size_t i = 0; i < Units; ++i)
            y[i] = static_cast<std::int8_t>(zero + this->part(gate(i), y[i] - zero));
        of_reset.sums(y, candidate);
        for (std::size_t i = 0; i < Units; ++i) {
            const std::int32_t of_x = this->of_input.rescaled(input[2 * Units + i], 2 * Units + i),
                               n = functions::tanh(functions::saturated(of_x + of_reset.rescaled(candidate[i], i)),
                                                   -12);
            state.values[i] = this->renewed(gate(Units + i), n, state.values[i]);
            y[i] = this->hidden(state.values[i]);
        }
    }
};

}  // namespace CTNN_NAMESPACE
