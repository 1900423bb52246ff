// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Long short-term memory of integers: 8 bits for weights, inputs and outputs, 16 for gates and the cell.

#include <ctnn/config.hpp>
#include <ctnn/layer/recurrent/lstm.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/quantize/layer/integer_gates.hpp>
#include <ctnn/quantize/layer/quantized_layer.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/quantize/rounding/gate_functions.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// `lstm` with sigmoid and tanh, from a state of zeros. With Q(x) for what the rule of rounding makes of x, bounded to 16 bits,
///
///     [i f g o] = Q(2^12 (x(t) W + b)) + Q(2^12 h(t - 1) U),   each also bounded
///     c(t) = Q(sigmoid(f) c(t - 1)) + Q(sigmoid(i) tanh(g) / s_c),   bounded to 16 bits and to the limit of the cell
///     h(t) = Q(sigmoid(o) tanh(s_c c(t)) / s_h) + z_h, bounded to 8 bits
///
/// where gates are in units of 2^-12 and functions of them in units of 2^-15 (`rounding/gate_functions.hpp`); s_c, the scale of
/// c, is a power of two.
///
/// With `twice` and `once` the same integers as tflite-micro (commit 90b983c) without and with TFLITE_SINGLE_ROUNDING.
template <class T, class InputShape, std::size_t Units, class Time, class Arithmetic>
requires(detail::has_usual_gates<Time>) struct quantized_layer<lstm_layer<T, InputShape, Units, Time>, Arithmetic> {
    static constexpr bool is_integer = true;
    using layer_type = lstm_layer<T, InputShape, Units, Time>;
    using rounding = typename Arithmetic::rounding;
    using functions = ctnn::rounding::gate_functions;
    static constexpr std::size_t inputs = layer_type::inputs, units = Units, gates = layer_type::gates;
    using input_product = detail::gate_product<inputs, Units, 4, Arithmetic>;
    using state_product = detail::gate_product<Units, Units, 4, Arithmetic>;

    struct parameters {
        /// The gates are i f g o; the bias has the scale of the inputs times that of the weights.
        tensor<std::int8_t, shape<inputs, gates>> weights;
        tensor<std::int32_t, shape<gates>> bias;
        tensor<float, shape<input_product::scales>> scales;
        tensor<std::int8_t, shape<Units, gates>> recurrent_weights;
        tensor<float, shape<state_product::scales>> recurrent_scales;
        /// Of c, the scale is a power of two, and the zero point 0.
        quantization output, cell;
        /// c is bounded to -cell_limit and cell_limit; 32768 for no bound but that of 16 bits.
        std::int32_t cell_limit;

        template <class Self, class F>
        static constexpr void members(Self& self, F&& f) {
            f("weights", self.weights), f("bias", self.bias), f("scales", self.scales);
            f("recurrent_weights", self.recurrent_weights), f("recurrent_scales", self.recurrent_scales);
            f("output", self.output), f("cell", self.cell), f("cell_limit", self.cell_limit);
        }
    };
    /// What is carried from step to step; all zeros before the first.
    struct state_type {
        /// h minus its zero point, modulo 256.
        std::int8_t hidden[Units]{};
        std::int16_t cell[Units]{};

        friend constexpr bool operator==(const state_type&, const state_type&) = default;
    };

    input_product of_input;
    state_product of_state;
    /// Of f c, i g and o tanh(c).
    detail::state_factors<rounding, 3> products;
    quantization output;
    /// The scale of c is 2^cell_exponent.
    int cell_exponent;
    std::int32_t cell_limit;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    /// The range of c is widened to a power of two from 1 to 1024.
    static constexpr parameters choose(const layer_type& from, quantization before,
                                       const layer_ranges<layer_type>& ranges) {
        const quantization after = detail::state_quantization(ranges.inner.hidden);
        const value_range cell = ranges.inner.cell;
        const float most = -cell.lower > cell.upper ? -cell.lower : cell.upper;
        float power = 1;
        for (int i = 0; power < most && i < 10; ++i) power *= 2;
        const auto of_x = input_product::nearest(from.weights.values, from.bias.values, before);
        const auto of_h = state_product::nearest(from.recurrent_weights.values, nullptr, after);
        return {of_x.weights, of_x.bias, of_x.scales, of_h.weights, of_h.scales, after, {power / 32768, 0}, 32768};
    }
    static constexpr quantization output_of(const parameters& from, quantization) { return from.output; }
    constexpr void set(const parameters& from, quantization before) {
        output = from.output;
        cell_limit = from.cell_limit;
        cell_exponent = -15;
        float scale = 1.0f / 32768;
        for (; scale < from.cell.scale && cell_exponent < 2; scale *= 2) ++cell_exponent;
        detail::require(scale == from.cell.scale && from.cell.zero_point == 0,
                        "ctnn::quantize: the scale of an lstm's cell is a power of two from 2^-15 to 4");
        detail::require_state_scale(output);
        of_input.set({from.weights, from.bias, from.scales}, before);
        of_state.set({from.recurrent_weights, {}, from.recurrent_scales}, output);
        constexpr double unit = 1 / 32768.0;
        products.factors.set(0, unit);
        products.factors.set(1, unit * unit / static_cast<double>(scale));
        products.factors.set(2, unit * unit / static_cast<double>(output.scale));
    }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        detail::run_steps<Time, inputs, Units>(*this, x, y);
    }

    static constexpr std::size_t time_axis = 0;
    /// One time step.
    constexpr void advance(const std::int8_t* x, std::int8_t* y, state_type& state) const {
        std::int32_t input[gates], recurrent[gates];
        for (std::size_t i = 0; i < Units; ++i) y[i] = static_cast<std::int8_t>(state.hidden[i] + output.zero_point);
        of_input.sums(x, input);
        of_state.sums(y, recurrent);
        const auto gate = [&](std::size_t column) CTNN_INLINE {
            return functions::saturated(of_input.rescaled(input[column], column) +
                                        of_state.rescaled(recurrent[column], column));
        };
        for (std::size_t i = 0; i < Units; ++i) {
            const std::int32_t in = functions::sigmoid(gate(i)), forget = functions::sigmoid(gate(Units + i)),
                               candidate = functions::tanh(gate(2 * Units + i), -12),
                               out = functions::sigmoid(gate(3 * Units + i));
            const std::int32_t cell =
                bounded(functions::saturated(products(forget * state.cell[i], 0) + products(in * candidate, 1)));
            state.cell[i] = static_cast<std::int16_t>(cell);
            y[i] = detail::saturated(products(functions::tanh(cell, cell_exponent) * out, 2) + output.zero_point);
            state.hidden[i] = static_cast<std::int8_t>(y[i] - output.zero_point);
        }
    }

  private:
    CTNN_INLINE constexpr std::int32_t bounded(std::int32_t cell) const {
        return cell < -cell_limit ? -cell_limit : cell > cell_limit ? cell_limit : cell;
    }
};

}  // namespace CTNN_NAMESPACE
