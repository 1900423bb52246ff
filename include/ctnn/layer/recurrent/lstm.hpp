// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Long short-term memory.

#include <ctnn/activation/identity.hpp>
#include <ctnn/capped.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/kernel/recurrent/gates.hpp>
#include <ctnn/kernel/recurrent/settle.hpp>
#include <ctnn/layer/recurrent/activations.hpp>
#include <ctnn/layer/recurrent/initial_state.hpp>
#include <ctnn/layer/recurrent/recurrent.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// `lstm`, bound to its input. Columns of the weights: the input gate i, the forget gate f, the candidate g, the output
/// gate o, each of `Units` (PyTorch's order).
template <class T, class InputShape, std::size_t Units, class Time>
struct lstm_layer {
    using input_shape = InputShape;
    using output_shape = typename Time::output_shape;
    using activation = identity;
    static constexpr std::size_t inputs = InputShape::extent(1), units = Units,
                                 gates = detail::extent_product({4, Units});
    using of_gate = typename Time::activations::gate;
    using of_candidate = typename Time::activations::candidate;
    using of_cell = typename Time::activations::cell;
    /// The state is h, then c; `extra` is tanh(c), for the backward pass.
    static constexpr std::size_t state_size = 2 * Units, extra_size = Units, step_scratch = gates;
    using weights_type = tensor<T, shape<inputs, gates>>;
    using recurrent_type = tensor<T, shape<units, gates>>;
    using bias_type = tensor<T, shape<gates>>;
    using time = recurrence<T, lstm_layer, Time::length, inputs, Time::last_only, Time::truncated_to>;

    static constexpr std::size_t fan_in = inputs, fan_out = Units, recurrent_members = 1;
    static constexpr std::uint64_t multiply_accumulates =
        detail::operation_count({Time::length, inputs + units, gates});
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = time::template kept_size<Batch>;
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = time::forward_plan.size;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = time::plan.size;

    BOOST_HANA_DEFINE_STRUCT(lstm_layer, (weights_type, weights), (recurrent_type, recurrent_weights),
                             (bias_type, bias));

    friend constexpr bool operator==(const lstm_layer&, const lstm_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        time::template forward<Batch>(*this, x, y, scratch);
    }
    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context&) const {
        time::template forward_training<Batch>(*this, x, y, kept);
    }
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch, lstm_layer& gradient) const {
        clear(gradient);
        time::template backward<Batch, InputGradient>(*this, x, dy, dx, kept, scratch, gradient);
    }

    /// One time step, for `stream`.
    static constexpr std::size_t time_axis = 0;
    using state_type = typename time::state_type;
    constexpr void advance(const T* x, T* y, state_type& state) const {
        T* const here = state.values;
        kernel::update_gates<units>(
            [](auto input_gate, auto forget_gate, auto candidate_gate, auto output_gate, auto& new_cell,
               auto& new_state, auto& output, auto... recurrent) CTNN_INLINE {
                cell{}(input_gate, forget_gate, candidate_gate, output_gate, new_cell, output, new_state, recurrent...);
                output = new_state;
            },
            kernel::row_product<kernel::forward_size<T, 1, gates, inputs>, kernel::from_bias, T>{x, weights.values,
                                                                                                 bias.values},
            kernel::row_product<kernel::forward_size<T, 1, gates, units>, kernel::from_zero, T>{
                here, recurrent_weights.values, here},
            here + units, here, y);
    }

    // --- One time step, for `recurrence`

    /// One unit: its gates and state, and the recurrent product for each gate.
    struct cell {
        template <class V>
        CTNN_INLINE constexpr void operator()(V& input_gate, V& forget_gate, V& candidate_gate, V& output_gate,
                                              V& new_cell, V& tanh_of_cell, V& new_state, V for_input, V for_forget,
                                              V for_candidate, V for_output) const {
            input_gate = of_gate{}(input_gate + for_input), forget_gate = of_gate{}(forget_gate + for_forget);
            candidate_gate = of_candidate{}(candidate_gate + for_candidate);
            output_gate = of_gate{}(output_gate + for_output);
            new_cell = kernel::settle(forget_gate * new_cell + input_gate * candidate_gate);
            tanh_of_cell = of_cell{}(new_cell);
            new_state = output_gate * tanh_of_cell;
        }
    };

    constexpr void step(T* gate, T* extra, T* state, T* recurrent) const {
        kernel::matrix_product<kernel::forward_size<T, 1, gates, units>, kernel::from_zero>(
            static_cast<const T*>(state), recurrent_weights.values, static_cast<const T*>(state), recurrent);
        const T* const of_state = recurrent;
        kernel::update<units>(cell{}, gate, gate + units, gate + 2 * units, gate + 3 * units, state + units, extra,
                              state, of_state, of_state + units, of_state + 2 * units, of_state + 3 * units);
    }

    constexpr void step_backward(const T* gate, const T* extra, const T* before, T* d_state, T* d_gate,
                                 T* d_recurrent) const {
        const T *input = gate, *forget = gate + units, *candidate = gate + 2 * units, *output = gate + 3 * units;
        T* const d_c = d_state + units;
        for (std::size_t i = 0; i < units; ++i) {
            const T d_cell = d_c[i] + d_state[i] * output[i] * of_cell::derivative(extra[i], extra[i]);
            d_gate[3 * units + i] = d_state[i] * extra[i] * of_gate::derivative(output[i], output[i]);
            d_gate[i] = d_cell * candidate[i] * of_gate::derivative(input[i], input[i]);
            d_gate[units + i] = d_cell * before[units + i] * of_gate::derivative(forget[i], forget[i]);
            d_gate[2 * units + i] = d_cell * input[i] * of_candidate::derivative(candidate[i], candidate[i]);
            d_c[i] = d_cell * forget[i];
        }
        for (std::size_t i = 0; i < gates; ++i) d_recurrent[i] = d_gate[i];
        kernel::product_with_transposed<1, units, gates>(static_cast<const T*>(d_recurrent), recurrent_weights.values,
                                                         d_state, static_cast<T*>(nullptr));
    }

    constexpr void recurrent_gradient(const T* before, const T*, const T* d_recurrent, lstm_layer& gradient) const {
        add_recurrent_gradient<Time::length, units, gates, state_size>(before, d_recurrent,
                                                                       gradient.recurrent_weights.values);
    }
};

/// Long short-term memory: with [i f g o] = x(t) W + h(t - 1) U + b, i, f and o through sigmoid and g through tanh,
///
///     c(t) = f c(t - 1) + i g
///     h(t) = o tanh(c(t))
///
/// from h = 0 and c = 0 on; h is the output.
/// Template parameters: `Units`; then in any order `every_step` (the default) or `last_step`, `initial_state`,
/// `truncation<steps>`; an activation, in place of tanh, `gate_activation<f>`, in place of sigmoid, and
/// `cell_activation<f>`, of c(t) if it is not that of g.
/// *Shapes*: `shape<Length, F>` in, `shape<Length, Units>` out, or `shape<Units>` with `last_step`; `weights` are
/// `shape<F, 4 Units>`, `recurrent_weights` `shape<Units, 4 Units>`, `bias` `shape<4 Units>` (PyTorch has two biases; b
/// is their sum), `initial_state` `shape<2 Units>`, h and then c, if it is an option.
/// *Cost*: Length * (F + Units) * 4 Units multiply-accumulates.
/// *Errors*: given no sequence, "ctnn::network: a layer cannot take the shape that the layer before it gives";
/// "ctnn::lstm: there is at least one unit", "ctnn::lstm: the options are every_step or last_step, initial_state,
/// truncation, an activation, gate_activation, and cell_activation", "ctnn::lstm: its activations are elementwise, with
/// derivatives that are computed from their results".
/// *Source*: Hochreiter and Schmidhuber, "Long short-term memory", 1997, with the forget gate of Gers, Schmidhuber and
/// Cummins, 2000.
template <std::size_t Units, class... Options>
struct lstm {
    using wants = wants_rank<2>;
    using activations = detail::step_activations<Options...>;

    template <class T, class InputShape>
    using layer =
        detail::begun_layer<T, lstm_layer<T, InputShape, Units, detail::time_options<InputShape, Units, Options...>>,
                            Options...>;

    static_assert(Units > 0, "ctnn::lstm: there is at least one unit");
    static_assert(
        detail::allowed_options<output_option, truncation_option, initial_state_option, detail::activation_option,
                                gate_activation_option, cell_activation_option>::template are<Options...>,
        "ctnn::lstm: the options are every_step or last_step, initial_state, truncation, an activation, "
        "gate_activation, and cell_activation");
    static_assert(detail::activations_apply<typename activations::given_gate, typename activations::given_candidate,
                                            typename activations::given_cell>,
                  "ctnn::lstm: its activations are elementwise, with derivatives that are computed from their results");
};

}  // namespace CTNN_NAMESPACE
