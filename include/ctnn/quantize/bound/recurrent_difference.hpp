// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far `lstm` and `gru` of integers are from those of the network: intervals, time step after time step.

#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/recurrent/settle.hpp>
#include <ctnn/layer/recurrent/gru.hpp>
#include <ctnn/layer/recurrent/lstm.hpp>
#include <ctnn/quantize/bound/difference_lines.hpp>
#include <ctnn/quantize/bound/layer_difference.hpp>
#include <ctnn/quantize/bound/layer_kinds.hpp>
#include <ctnn/quantize/bound/value_pair.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/gate_functions.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/layer/recurrent_intervals.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// What the steps of both have in common. H = G = 0: of a layer's outputs only intervals of the differences are known.
template <class T, class Layer, class Quantised>
struct recurrent_form : difference_form<Layer::input_shape::size, Layer::output_shape::size> {
    using form = difference_form<Layer::input_shape::size, Layer::output_shape::size>;
    using functions = ctnn::rounding::gate_functions;
    static constexpr std::size_t units = Layer::units, roundings = Layer::inputs + units + 4;
    static constexpr double unit = 1 / 32768.0;  ///< of gates and of what they are multiplied with

    constexpr void backward(const Layer&, double* c, double* to_x, double& bound) const {
        this->add_rest(c, bound);
        for (std::size_t i = 0; i < form::inputs; ++i) c[i] = to_x[i] = 0;
    }

  protected:
    static constexpr clamp_to sixteen_bits(double step) { return {-32768 * step, 32767 * step}; }
    /// A product of integers of units `of_product`, which a factor of `factors` makes one of units `step`, before it is clamped.
    template <class Factors>
    static constexpr value_pair rescaled(const value_pair& product, const Factors& factors, std::size_t which,
                                         double of_product, double step, bool& finite) {
        const double size = product.reach() / of_product * factors.number(which),
                     near = factors.number(which) * (step / of_product);
        finite = finite && size < 1073741824.0;
        return product.rounded(0, magnitude(near - 1) * product.reach() + step * (factors.error(which, size) + 1e-9) +
                                      own_error(product.reach()));
    }
    static constexpr value_pair gate(const value_pair& z, bool& finite) {
        return applied<T, sigmoid>(z.clamped(sixteen_bits(1.0 / 4096)), functions::sigmoid_error, finite);
    }
    static constexpr value_pair candidate(const value_pair& z, bool& finite) {
        return applied<T, tanh>(z.clamped(sixteen_bits(1.0 / 4096)), functions::tanh_error(-12), finite);
    }

    /// `step(x, hidden)` for each time step, which replaces what the layer gives.
    template <class Step>
    constexpr bool run(const interval* x, const interval* d, interval* z, const Step& step) {
        constexpr std::size_t length = Layer::input_shape::extent(0);
        constexpr bool last_only = Layer::output_shape::rank == 1;
        value_pair of_x[Layer::inputs]{}, hidden[units]{};
        bool finite = true;
        for (std::size_t t = 0; finite && t < length; ++t) {
            for (std::size_t i = 0; i < Layer::inputs; ++i)
                of_x[i] = {x[t * Layer::inputs + i], d[t * Layer::inputs + i]};
            step(of_x, hidden, finite);
            for (std::size_t i = 0; i < units; ++i) z[(last_only ? 0 : t * units) + i] = hidden[i].d;
        }
        for (std::size_t i = 0; i < form::outputs; ++i) this->rest[i] = z[i].widened(own_error(z[i].reach()));
        return finite;
    }
};

template <class T, class InputShape, std::size_t Units, class Time, class Quantised>
struct recurrent_difference<T, lstm_layer<double, InputShape, Units, Time>, Quantised>
    : recurrent_form<T, lstm_layer<double, InputShape, Units, Time>, Quantised> {
    using layer_type = lstm_layer<double, InputShape, Units, Time>;
    using base = recurrent_form<T, layer_type, Quantised>;
    using base::unit, base::rescaled, base::sixteen_bits;

    /// Bounds z of the differences of the outputs. Returns false if a value may overflow.
    constexpr bool bound(const layer_type& net, const Quantised& quantised, const quantization& input,
                         const interval* x, const interval* d, interval* z) {
        gate_pairs<typename Quantised::input_product> of_input{};
        gate_pairs<typename Quantised::state_product> of_state{};
        if (!of_input.set(quantised.of_input, input, net.weights.values, net.bias.values) ||
            !of_state.set(quantised.of_state, quantised.output, net.recurrent_weights.values, nullptr))
            return false;
        const auto& factors = quantised.products.factors;
        double of_cell = 1;
        for (int i = quantised.cell_exponent; i < 0; ++i) of_cell /= 2;
        for (int i = 0; i < quantised.cell_exponent; ++i) of_cell *= 2;
        const auto limit = static_cast<double>(quantised.cell_limit),
                   of_output = static_cast<double>(quantised.output.scale);
        value_pair cell[Units]{};
        return this->run(x, d, z, [&](const value_pair* of_x, value_pair* hidden, bool& finite) {
            value_pair next[Units]{};
            for (std::size_t i = 0; i < Units; ++i) {
                const auto sum = [&](std::size_t block) {
                    return of_input.template sum<T>(block * Units + i, of_x, base::roundings) +
                           of_state.template sum<T>(block * Units + i, hidden, base::roundings);
                };
                const value_pair kept = base::gate(sum(1), finite) * cell[i],
                                 added = base::gate(sum(0), finite) * base::candidate(sum(2), finite);
                const double of_program = sum_rounding<T>(4, kept.y.reach() + added.y.reach()) +
                                          static_cast<double>(kernel::detail::least_state<T>);
                cell[i] = (rescaled(kept, factors, 0, unit * of_cell, of_cell, finite).clamped(sixteen_bits(of_cell)) +
                           rescaled(added, factors, 1, unit * unit, of_cell, finite).clamped(sixteen_bits(of_cell)))
                              .rounded(of_program, 0)
                              .clamped(sixteen_bits(of_cell))
                              .clamped({-limit * of_cell, limit * of_cell});
                const value_pair given =
                    base::gate(sum(3), finite) *
                    applied<T, tanh>(cell[i], base::functions::tanh_error(quantised.cell_exponent), finite);
                next[i] = rescaled(given, factors, 2, unit * unit, of_output, finite)
                              .rounded(sum_rounding<T>(2, given.y.reach()) +
                                           static_cast<double>(kernel::detail::least_state<T>),
                                       0)
                              .clamped({quantised.output.lower(), quantised.output.upper()});
            }
            for (std::size_t i = 0; i < Units; ++i) hidden[i] = next[i];
        });
    }
};

/// The product with what is reset before; of the other form, any.
template <class Quantised>
struct product_of_reset {
    using type = typename Quantised::state_product;
};
template <class Quantised>
requires requires {
    typename Quantised::candidate_product;
}
struct product_of_reset<Quantised> {
    using type = typename Quantised::candidate_product;
};

/// Of `gru`, besides h, the state of 16 bits, from which h is rounded.
template <class T, class InputShape, std::size_t Units, class Reset, class Time, class Quantised>
struct recurrent_difference<T, gru_layer<double, InputShape, Units, Reset, Time>, Quantised>
    : recurrent_form<T, gru_layer<double, InputShape, Units, Reset, Time>, Quantised> {
    using layer_type = gru_layer<double, InputShape, Units, Reset, Time>;
    using base = recurrent_form<T, layer_type, Quantised>;
    using base::unit, base::rescaled, base::sixteen_bits, base::roundings;

    constexpr bool bound(const layer_type& net, const Quantised& quantised, const quantization& input,
                         const interval* x, const interval* d, interval* z) {
        gate_pairs<typename Quantised::input_product> of_input{};
        gate_pairs<typename Quantised::state_product> of_state{};
        const double* of_bias = nullptr;
        if constexpr (is_after) of_bias = net.recurrent_bias.values;
        if (!of_input.set(quantised.of_input, input, net.weights.values, net.bias.values) ||
            !of_state.set(quantised.of_state, quantised.output, net.recurrent_weights.values, of_bias))
            return false;
        gate_pairs<typename product_of_reset<Quantised>::type> of_reset{};
        if constexpr (!is_after)
            if (!of_reset.set(quantised.of_reset, quantised.output, net.candidate_weights.values, nullptr))
                return false;
        const auto& factors = quantised.products.factors;
        const auto of_output = static_cast<double>(quantised.output.scale);
        value_pair state[Units]{};
        return this->run(x, d, z, [&](const value_pair* of_x, value_pair* hidden, bool& finite) {
            const auto from_x = [&](std::size_t column) { return of_input.template sum<T>(column, of_x, roundings); };
            const auto from_h = [&](std::size_t column) { return of_state.template sum<T>(column, hidden, roundings); };
            const auto gate = [&](std::size_t column) { return base::gate(from_x(column) + from_h(column), finite); };
            // What a gate lets through of x, in units of `step`.
            const auto part = [&](const value_pair& open, const value_pair& of, double step) {
                const value_pair product = open * of;
                return rescaled(product, factors, 0, unit * step, step, finite)
                    .rounded(sum_rounding<T>(2, product.y.reach()), 0);
            };
            value_pair update[Units]{}, inner[Units]{};
            for (std::size_t i = 0; i < Units; ++i) {
                update[i] = gate(Units + i);
                if constexpr (is_after)
                    inner[i] = part(gate(i), from_h(2 * Units + i), 1.0 / 4096);
                else
                    inner[i] = part(gate(i), hidden[i], of_output);
            }
            for (std::size_t i = 0; i < Units; ++i) {
                value_pair recurrent{};
                if constexpr (is_after)
                    recurrent = inner[i];
                else
                    recurrent = of_reset.template sum<T>(i, inner, roundings);
                const value_pair of_candidate = from_x(2 * Units + i);
                const value_pair n =
                    base::candidate((of_candidate + recurrent)
                                        .rounded(sum_rounding<T>(4, of_candidate.y.reach() + recurrent.y.reach()), 0),
                                    finite);
                state[i] = mixed_pair(n, update[i], state[i], factors, finite);
            }
            for (std::size_t i = 0; i < Units; ++i)
                hidden[i] = rescaled(state[i], factors, 1, unit, of_output, finite)
                                .clamped({quantised.output.lower(), quantised.output.upper()});
        });
    }

  private:
    static constexpr bool is_after = std::is_same_v<Reset, reset_after>;

    /// n + z (h - n), of which the product is rounded: (1 - z') d_n + z' d_h + d_z (h - n).
    template <class Factors>
    static constexpr value_pair mixed_pair(const value_pair& n, const value_pair& update, const value_pair& state,
                                           const Factors& factors, bool& finite) {
        const interval of_y = mixed<T>(n.y, update.y, state.y), open = clamp_to{0, 1}(update.other()),
                       apart = outer_difference(state.y, n.y);
        const double reach = 2 * n.reach() + state.reach(), size = update.reach() * (n.reach() + state.reach()) / unit;
        finite = finite && size < 1073741824.0;
        const interval of_d =
            outer_sum(outer_sum(outer_difference({1, 1}, open) * n.d, open * state.d), update.d * apart);
        const double of_program = sum_rounding<T>(4, reach) + static_cast<double>(kernel::detail::least_state<T>),
                     of_integers =
                         unit * (factors.error(0, size) + 1e-9 + magnitude(factors.number(0) / unit - 1) * size);
        return value_pair{of_y, of_d.widened(of_program + of_integers + 4 * own_error(reach))}.clamped(
            sixteen_bits(unit));
    }
};

}  // namespace CTNN_NAMESPACE::detail
