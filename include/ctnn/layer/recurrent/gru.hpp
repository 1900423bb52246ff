// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The gated recurrent unit, in both of its forms.

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

/// The reset gate is applied after the recurrent product (the default), or to the state before it.
struct reset_after {
    using option_kind = struct reset_option;
};
struct reset_before {
    using option_kind = struct reset_option;
};

/// `gru`, bound to its input. Columns of the weights: the reset gate r, the update gate z, the candidate n, each of
/// `Units` (PyTorch's order).
template <class T, class InputShape, std::size_t Units, class Reset, class Time>
struct gru_layer;

template <class T, class InputShape, std::size_t Units, class Time>
struct gru_layer<T, InputShape, Units, reset_after, Time> {
    using input_shape = InputShape;
    using output_shape = typename Time::output_shape;
    using activation = identity;
    static constexpr std::size_t inputs = InputShape::extent(1), units = Units,
                                 gates = detail::extent_product({3, Units});
    using of_gate = typename Time::activations::gate;
    using of_candidate = typename Time::activations::candidate;
    /// `extra` is the recurrent product; the backward pass needs that of the candidate.
    static constexpr std::size_t state_size = Units, extra_size = gates, step_scratch = 0;
    using weights_type = tensor<T, shape<inputs, gates>>;
    using recurrent_type = tensor<T, shape<units, gates>>;
    using bias_type = tensor<T, shape<gates>>;
    using time = recurrence<T, gru_layer, Time::length, inputs, Time::last_only, Time::truncated_to>;

    static constexpr std::size_t fan_in = inputs, fan_out = Units, recurrent_members = 1;
    static constexpr std::uint64_t multiply_accumulates =
        detail::operation_count({Time::length, inputs + units, gates});
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = time::template kept_size<Batch>;
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = time::forward_plan.size;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = time::plan.size;

    BOOST_HANA_DEFINE_STRUCT(gru_layer, (weights_type, weights), (recurrent_type, recurrent_weights), (bias_type, bias),
                             (bias_type, recurrent_bias));

    friend constexpr bool operator==(const gru_layer&, const gru_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        time::template forward<Batch>(*this, x, y, scratch);
    }
    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context&) const {
        time::template forward_training<Batch>(*this, x, y, kept);
    }
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch, gru_layer& gradient) const {
        clear(gradient);
        time::template backward<Batch, InputGradient>(*this, x, dy, dx, kept, scratch, gradient);
    }

    /// One time step, for `stream`.
    static constexpr std::size_t time_axis = 0;
    using state_type = typename time::state_type;
    constexpr void advance(const T* x, T* y, state_type& state) const {
        T* const here = state.values;
        kernel::update_gates<units>(
            [](auto reset_gate, auto update_gate, auto candidate_gate, auto& new_state, auto& output, auto... recurrent)
                CTNN_INLINE {
                    cell{}(reset_gate, update_gate, candidate_gate, new_state, recurrent...);
                    output = new_state;
                },
            kernel::row_product<kernel::forward_size<T, 1, gates, inputs>, kernel::from_bias, T>{x, weights.values,
                                                                                                 bias.values},
            kernel::row_product<kernel::forward_size<T, 1, gates, units>, kernel::from_bias, T>{
                here, recurrent_weights.values, recurrent_bias.values},
            here, y);
    }

    // --- One time step, for `recurrence`

    /// One unit: its gates and state, and the recurrent product for each gate.
    struct cell {
        template <class V>
        CTNN_INLINE constexpr void operator()(V& reset_gate, V& update_gate, V& candidate_gate, V& new_state,
                                              V for_reset, V for_renew, V for_candidate) const {
            reset_gate = of_gate{}(reset_gate + for_reset), update_gate = of_gate{}(update_gate + for_renew);
            candidate_gate = of_candidate{}(candidate_gate + reset_gate * for_candidate);
            new_state = kernel::settle(candidate_gate + update_gate * (new_state - candidate_gate));
        }
    };

    constexpr void step(T* gate, T* extra, T* state, T*) const {
        kernel::matrix_product<kernel::forward_size<T, 1, gates, units>, kernel::from_bias>(
            static_cast<const T*>(state), recurrent_weights.values, recurrent_bias.values, extra);
        const T* const recurrent = extra;
        kernel::update<units>(cell{}, gate, gate + units, gate + 2 * units, state, recurrent, recurrent + units,
                              recurrent + 2 * units);
    }

    constexpr void step_backward(const T* gate, const T* extra, const T* before, T* d_state, T* d_gate,
                                 T* d_recurrent) const {
        const T *reset = gate, *update = gate + units, *candidate = gate + 2 * units;
        for (std::size_t i = 0; i < units; ++i) {
            const T d_candidate = d_state[i] * (1 - update[i]) * of_candidate::derivative(candidate[i], candidate[i]);
            d_gate[2 * units + i] = d_candidate;
            d_recurrent[2 * units + i] = d_candidate * reset[i];
            d_recurrent[i] = d_gate[i] = d_candidate * extra[2 * units + i] * of_gate::derivative(reset[i], reset[i]);
            d_recurrent[units + i] = d_gate[units + i] =
                d_state[i] * (before[i] - candidate[i]) * of_gate::derivative(update[i], update[i]);
            d_state[i] *= update[i];
        }
        kernel::product_with_transposed<1, units, gates, kernel::from_matrix<units>>(
            static_cast<const T*>(d_recurrent), recurrent_weights.values, d_state, static_cast<T*>(nullptr));
    }

    constexpr void recurrent_gradient(const T* before, const T*, const T* d_recurrent, gru_layer& gradient) const {
        add_recurrent_gradient<Time::length, units, gates, state_size>(before, d_recurrent,
                                                                       gradient.recurrent_weights.values);
        for (std::size_t i = 0; i < Time::length * gates; ++i) gradient.recurrent_bias[i % gates] += d_recurrent[i];
    }
};

/// The form that resets the state before the product: the candidate has its own recurrent weights.
template <class T, class InputShape, std::size_t Units, class Time>
struct gru_layer<T, InputShape, Units, reset_before, Time> {
    using input_shape = InputShape;
    using output_shape = typename Time::output_shape;
    using activation = identity;
    static constexpr std::size_t inputs = InputShape::extent(1), units = Units,
                                 gates = detail::extent_product({3, Units});
    using of_gate = typename Time::activations::gate;
    using of_candidate = typename Time::activations::candidate;
    /// `extra` is the reset state.
    static constexpr std::size_t state_size = Units, extra_size = Units, step_scratch = 0;
    using weights_type = tensor<T, shape<inputs, gates>>;
    using recurrent_type = tensor<T, shape<units, detail::extent_product({2, Units})>>;
    using candidate_type = tensor<T, shape<units, units>>;
    using bias_type = tensor<T, shape<gates>>;
    using time = recurrence<T, gru_layer, Time::length, inputs, Time::last_only, Time::truncated_to>;

    static constexpr std::size_t fan_in = inputs, fan_out = Units, recurrent_members = 2;
    static constexpr std::uint64_t multiply_accumulates =
        detail::operation_count({Time::length, inputs + units, gates});
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = time::template kept_size<Batch>;
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = time::forward_plan.size;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = time::plan.size;

    BOOST_HANA_DEFINE_STRUCT(gru_layer, (weights_type, weights), (recurrent_type, recurrent_weights),
                             (candidate_type, candidate_weights), (bias_type, bias));

    friend constexpr bool operator==(const gru_layer&, const gru_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        time::template forward<Batch>(*this, x, y, scratch);
    }
    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context&) const {
        time::template forward_training<Batch>(*this, x, y, kept);
    }
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch, gru_layer& gradient) const {
        clear(gradient);
        time::template backward<Batch, InputGradient>(*this, x, dy, dx, kept, scratch, gradient);
    }

    /// One time step, for `stream`.
    static constexpr std::size_t time_axis = 0;
    using state_type = typename time::state_type;
    constexpr void advance(const T* x, T* y, state_type& state) const { time::advance(*this, x, y, state); }

    // --- One time step, for `recurrence`

    constexpr void step(T* gate, T* extra, T* state, T*) const {
        kernel::matrix_product<kernel::forward_size<T, 1, 2 * units, units>, kernel::from_matrix<2 * units>>(
            static_cast<const T*>(state), recurrent_weights.values, static_cast<const T*>(gate), gate);
        T* const candidate = gate + 2 * units;
        kernel::update<units>(
            [](auto& reset_gate, auto& update_gate, auto& reset_state, auto new_state) CTNN_INLINE {
                reset_gate = of_gate{}(reset_gate), update_gate = of_gate{}(update_gate);
                reset_state = reset_gate * new_state;
            },
            gate, gate + units, extra, static_cast<const T*>(state));
        kernel::matrix_product<kernel::forward_size<T, 1, units, units>, kernel::from_matrix<units>>(
            static_cast<const T*>(extra), candidate_weights.values, static_cast<const T*>(candidate), candidate);
        kernel::update<units>(
            [](auto& candidate_gate, auto& new_state, auto update_gate) CTNN_INLINE {
                candidate_gate = of_candidate{}(candidate_gate);
                new_state = kernel::settle(candidate_gate + update_gate * (new_state - candidate_gate));
            },
            candidate, state, static_cast<const T*>(gate + units));
    }

    constexpr void step_backward(const T* gate, const T*, const T* before, T* d_state, T* d_gate,
                                 T* d_recurrent) const {
        const T *reset = gate, *update = gate + units, *candidate = gate + 2 * units;
        T d_extra[units];
        for (std::size_t i = 0; i < units; ++i)
            d_gate[2 * units + i] = d_state[i] * (1 - update[i]) * of_candidate::derivative(candidate[i], candidate[i]);
        kernel::product_with_transposed<1, units, units>(static_cast<const T*>(d_gate + 2 * units),
                                                         candidate_weights.values, d_extra, static_cast<T*>(nullptr));
        for (std::size_t i = 0; i < units; ++i) {
            d_gate[i] = d_extra[i] * before[i] * of_gate::derivative(reset[i], reset[i]);
            d_gate[units + i] = d_state[i] * (before[i] - candidate[i]) * of_gate::derivative(update[i], update[i]);
            d_state[i] = d_state[i] * update[i] + d_extra[i] * reset[i];
        }
        kernel::product_with_transposed<1, units, 2 * units, kernel::from_matrix<units>>(
            static_cast<const T*>(d_gate), recurrent_weights.values, d_state, static_cast<T*>(nullptr));
        for (std::size_t i = 0; i < gates; ++i) d_recurrent[i] = d_gate[i];
    }

    constexpr void recurrent_gradient(const T* before, const T* extra, const T* d_recurrent,
                                      gru_layer& gradient) const {
        add_recurrent_gradient<Time::length, units, 2 * units, state_size, gates>(before, d_recurrent,
                                                                                  gradient.recurrent_weights.values);
        add_recurrent_gradient<Time::length, units, units, extra_size, gates>(extra, d_recurrent + 2 * units,
                                                                              gradient.candidate_weights.values);
    }
};

/// The gated recurrent unit. With r and z through sigmoid,
///
///     r = sigmoid(x(t) W_r + h(t - 1) U_r + b_r),  z = sigmoid(x(t) W_z + h(t - 1) U_z + b_z)
///     n = tanh(x(t) W_n + b_n + r (h(t - 1) U_n + c_n))      with reset_after, the default
///     n = tanh(x(t) W_n + b_n + (r h(t - 1)) U_n)            with reset_before
///     h(t) = (1 - z) n + z h(t - 1)
///
/// from h = 0 on; h is the output. With `reset_after` (as in PyTorch, and in Keras by default) the recurrent product has
/// its own bias, `recurrent_bias`, for all three gates.
/// Template parameters: `Units`; then in any order `reset_after` or `reset_before`, `every_step` (the default) or
/// `last_step`, `initial_state`, `truncation<steps>`; an activation, in place of tanh, and `gate_activation<f>`, in place of
/// sigmoid.
/// *Shapes*: `shape<Length, F>` in, `shape<Length, Units>` out, or `shape<Units>` with `last_step`; `weights` are
/// `shape<F, 3 Units>`, `bias` `shape<3 Units>`, in the order r, z, n; `recurrent_weights` `shape<Units, 3 Units>`, or
/// with `reset_before` `shape<Units, 2 Units>` and `candidate_weights` `shape<Units, Units>`; `initial_state`
/// `shape<Units>`, if it is an option.
/// *Cost*: Length * (F + Units) * 3 Units multiply-accumulates.
/// *Errors*: given no sequence, "ctnn::network: a layer cannot take the shape that the layer before it gives";
/// "ctnn::gru: there is at least one unit", "ctnn::gru: the options are reset_after or reset_before, every_step or
/// last_step, initial_state, truncation, an activation, and gate_activation", "ctnn::gru: its activations are
/// elementwise, with derivatives that are computed from their results".
/// *Source*: Cho and others, "Learning phrase representations using RNN encoder-decoder", 2014.
template <std::size_t Units, class... Options>
struct gru {
    using wants = wants_rank<2>;
    using activations = detail::step_activations<Options...>;
    using reset = typename detail::chosen_option<reset_option, reset_after, Options...>::type;

    template <class T, class InputShape>
    using layer = detail::begun_layer<
        T, gru_layer<T, InputShape, Units, reset, detail::time_options<InputShape, Units, Options...>>, Options...>;

    static_assert(Units > 0, "ctnn::gru: there is at least one unit");
    static_assert(detail::allowed_options<output_option, truncation_option, initial_state_option, reset_option,
                                          detail::activation_option, gate_activation_option>::template are<Options...>,
                  "ctnn::gru: the options are reset_after or reset_before, every_step or last_step, initial_state, "
                  "truncation, an activation, and gate_activation");
    static_assert(detail::activations_apply<typename activations::given_gate, typename activations::given_candidate>,
                  "ctnn::gru: its activations are elementwise, with derivatives that are computed from their results");
};

}  // namespace CTNN_NAMESPACE
