// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The plain recurrent layer.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/capped.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/kernel/recurrent/settle.hpp>
#include <ctnn/layer/recurrent/initial_state.hpp>
#include <ctnn/layer/recurrent/recurrent.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// `simple_rnn`, bound to its input.
template <class T, class InputShape, std::size_t Units, class CellActivation, class Time>
struct simple_rnn_layer {
    using input_shape = InputShape;
    using output_shape = typename Time::output_shape;
    using activation = identity;
    static constexpr std::size_t inputs = InputShape::extent(1), units = Units, gates = Units;
    static constexpr std::size_t state_size = Units, extra_size = CellActivation::derivative_needs_input ? Units : 0;
    static constexpr std::size_t step_scratch = 0;
    using weights_type = tensor<T, shape<inputs, gates>>;
    using recurrent_type = tensor<T, shape<units, gates>>;
    using bias_type = tensor<T, shape<gates>>;
    using time = recurrence<T, simple_rnn_layer, Time::length, inputs, Time::last_only, Time::truncated_to>;

    static constexpr std::size_t fan_in = inputs, fan_out = Units, recurrent_members = 1;
    static constexpr std::uint64_t multiply_accumulates =
        detail::operation_count({Time::length, inputs + units, gates});
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = time::template kept_size<Batch>;
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = time::forward_plan.size;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = time::plan.size;

    BOOST_HANA_DEFINE_STRUCT(simple_rnn_layer, (weights_type, weights), (recurrent_type, recurrent_weights),
                             (bias_type, bias));

    friend constexpr bool operator==(const simple_rnn_layer&, const simple_rnn_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        time::template forward<Batch>(*this, x, y, scratch);
    }
    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context&) const {
        time::template forward_training<Batch>(*this, x, y, kept);
    }
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch, simple_rnn_layer& gradient) const {
        clear(gradient);
        time::template backward<Batch, InputGradient>(*this, x, dy, dx, kept, scratch, gradient);
    }

    /// One time step, for `stream`.
    static constexpr std::size_t time_axis = 0;
    using state_type = typename time::state_type;
    constexpr void advance(const T* x, T* y, state_type& state) const { time::advance(*this, x, y, state); }

    // --- One time step, for `recurrence`

    constexpr void step(T* gate, T* extra, T* state, T*) const {
        kernel::matrix_product<kernel::forward_size<T, 1, gates, units>, kernel::from_matrix<gates>>(
            static_cast<const T*>(state), recurrent_weights.values, static_cast<const T*>(gate), gate);
        for (std::size_t i = 0; i < extra_size; ++i) extra[i] = gate[i];
        if constexpr (elementwise_activation<CellActivation, T>) {
            kernel::update<units>(
                [](auto& output, auto& new_state) CTNN_INLINE {
                    output = CellActivation{}(output);
                    new_state = kernel::settle(output);
                },
                gate, state);
        } else {
            activate_in_place<CellActivation, 1, units>(gate);
            for (std::size_t i = 0; i < units; ++i) state[i] = kernel::settle(gate[i]);
        }
    }

    constexpr void step_backward(const T* gate, const T* extra, const T*, T* d_state, T* d_gate, T* d_recurrent) const {
        for (std::size_t i = 0; i < units; ++i) d_gate[i] = d_state[i];
        activate_backward<CellActivation, 1, units>(extra_size > 0 ? extra : gate, gate, d_gate);
        for (std::size_t i = 0; i < units; ++i) d_recurrent[i] = d_gate[i];
        kernel::product_with_transposed<1, units, gates>(static_cast<const T*>(d_recurrent), recurrent_weights.values,
                                                         d_state, static_cast<T*>(nullptr));
    }

    constexpr void recurrent_gradient(const T* before, const T*, const T* d_recurrent,
                                      simple_rnn_layer& gradient) const {
        add_recurrent_gradient<Time::length, units, gates, state_size>(before, d_recurrent,
                                                                       gradient.recurrent_weights.values);
    }
};

/// A recurrent layer: h(t) = activation(x(t) W + h(t - 1) U + b), from h = 0 on.
///
/// Template parameters: `Units`; then in any order an activation (tanh unless given), `every_step` (the default) or
/// `last_step`, `initial_state`, `truncation<steps>`.
/// *Shapes*: `shape<Length, F>` in, `shape<Length, Units>` out, or `shape<Units>` with `last_step`; `weights` are
/// `shape<F, Units>`, `recurrent_weights` `shape<Units, Units>`, `bias` `shape<Units>`, and `initial_state`
/// `shape<Units>`, if it is an option.
/// *Cost*: Length * (F + Units) * Units multiply-accumulates.
/// *Errors*: given no sequence, "ctnn::network: a layer cannot take the shape that the layer before it gives";
/// "ctnn::simple_rnn: there is at least one unit", "ctnn::simple_rnn: the options are an activation, every_step or
/// last_step, initial_state, and truncation".
template <std::size_t Units, class... Options>
struct simple_rnn {
    using wants = wants_rank<2>;
    using cell_activation = typename detail::chosen_option<detail::activation_option, tanh, Options...>::type;

    template <class T, class InputShape>
    using layer = detail::begun_layer<
        T, simple_rnn_layer<T, InputShape, Units, cell_activation, detail::time_options<InputShape, Units, Options...>>,
        Options...>;

    static_assert(Units > 0, "ctnn::simple_rnn: there is at least one unit");
    static_assert(
        detail::allowed_options<detail::activation_option, output_option, truncation_option,
                                initial_state_option>::template are<Options...>,
        "ctnn::simple_rnn: the options are an activation, every_step or last_step, initial_state, and truncation");
};

}  // namespace CTNN_NAMESPACE
