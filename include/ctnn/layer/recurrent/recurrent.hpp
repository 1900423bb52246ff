// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the recurrent layers share: their options, the forward pass and backpropagation through time.

#include <ctnn/capped.hpp>
#include <ctnn/chain/allocate.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/chain/options.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/layer/recurrent/activations.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

// --- Options of recurrent layers, in any order.

/// An output for every time step, `shape<Length, Units>`. The default.
struct every_step {
    using option_kind = struct output_option;
};
/// The output of the last time step alone, `shape<Units>`.
struct last_step {
    using option_kind = struct output_option;
};
/// Truncated backpropagation through time: the sequence is cut into chunks of `Steps`, and no gradient flows from a chunk
/// to the previous one.
template <std::size_t Steps>
struct truncation {
    using option_kind = struct truncation_option;
    static constexpr std::size_t value = Steps;
    static_assert(Steps > 0, "ctnn::truncation: there is at least one step");
};

namespace detail {

/// The options of all recurrent layers.
template <class InputShape, std::size_t Units, class... Options>
struct time_options {
    static constexpr bool last_only =
        std::is_same_v<typename chosen_option<output_option, every_step, Options...>::type, last_step>;
    static constexpr std::size_t length = InputShape::extent(0);
    static constexpr std::size_t truncated_to =
        chosen_option<truncation_option, truncation<length>, Options...>::type::value;
    using output_shape = std::conditional_t<last_only, shape<Units>, shape<length, Units>>;
    using activations = step_activations<Options...>;
};

}  // namespace detail

/// A cell run over the time steps of `shape<Length, Inputs>`, from a state of zeros, or the `initial_state` of a network
/// that has one: the cell itself, or `initial_state_layer` of it.
///
/// `Cell` is the layer, with tensors `weights` (`shape<Inputs, Gates>`) and `bias` (`shape<Gates>`), and
/// `units`, `gates` (columns of the weights), `state_size` (elements of the state, the output first), `extra_size`
/// (elements of a step, besides the gates, that the backward pass needs) and `step_scratch` (scratch memory of a step);
/// `step(gates, extra, state, scratch)`: takes gates = bias + x weights, activates them in place and updates the state;
/// `step_backward(gates, extra, before, d_state, d_gates, d_recurrent)`: turns dL/d(state after the step) into that of
/// the state before it (in place), and writes the gradients of the gates' two terms, from the input and from the state;
/// `recurrent_gradient(before, extra, d_recurrent, gradient)`: adds the gradients of the recurrent tensors, where row t
/// of `before` is the state before step t, and row t of `extra` what step t left there.
///
/// The layers repeat the functions that call this one: a base class would rule out `{{weights...}, ...}`.
template <class T, class Cell, std::size_t Length, std::size_t Inputs, bool LastOnly, std::size_t TruncatedTo>
struct recurrence {
    static constexpr std::size_t units = Cell::units, gates = Cell::gates;
    static constexpr std::size_t outputs = LastOnly ? units : Length * units;
    static constexpr std::size_t step_kept = gates + Cell::extra_size + Cell::state_size;

    /// For each sample, the gates of all steps, then their `extra`, then the states after them.
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = detail::extent_product({Batch, Length, step_kept});

    /// Scratch memory of inference: the gates of all steps, and what a step needs beside them.
    struct forward_plan_type {
        std::size_t gates, step, state, extra, size;
    };
    static constexpr forward_plan_type forward_plan = [] {
        forward_plan_type result{};
        result.gates = detail::allocate<T>(result.size, Length * gates);
        result.step = detail::allocate<T>(result.size, Cell::step_scratch);
        result.state = detail::allocate<T>(result.size, Cell::state_size);
        result.extra = detail::allocate<T>(result.size, Cell::extra_size);
        return result;
    }();

    template <std::size_t Batch, class Net>
    static constexpr void forward(const Net& cell, const T* x, T* y, T* scratch) {
        T* const all_gates = scratch + forward_plan.gates;
        T* const state = scratch + forward_plan.state;
        T* const extra = scratch + forward_plan.extra;
        for (std::size_t sample = 0; sample < Batch; ++sample, x += Length * Inputs, y += outputs) {
            input_part(cell, x, all_gates);
            for (std::size_t i = 0; i < Cell::state_size; ++i) state[i] = T{};
            if constexpr (has_initial_state<Net>) kernel::copy<Cell::state_size>(cell.initial_state.values, state);
            for (std::size_t i = 0; i < Cell::extra_size; ++i) extra[i] = T{};
            for (std::size_t t = 0; t < Length; ++t) {
                cell.step(all_gates + t * gates, extra, state, scratch + forward_plan.step);
                write_output(state, t, y);
            }
        }
    }

    template <std::size_t Batch, class Net>
    static constexpr void forward_training(const Net& cell, const T* x, T* y, T* kept) {
        for (std::size_t sample = 0; sample < Batch;
             ++sample, x += Length * Inputs, y += outputs, kept += Length * step_kept) {
            T state[Cell::state_size]{}, scratch[Cell::step_scratch + 1];
            if constexpr (has_initial_state<Net>) kernel::copy<Cell::state_size>(cell.initial_state.values, state);
            input_part(cell, x, kept);
            for (std::size_t t = 0; t < Length; ++t) {
                cell.step(kept + t * gates, extra_of(kept, t), state, scratch);
                kernel::copy<Cell::state_size>(static_cast<const T*>(state), state_of(kept, t));
                write_output(state, t, y);
            }
        }
    }

    /// Scratch memory of the backward pass.
    struct plan_type {
        std::size_t d_gates, d_recurrent, before, d_state, transposed, size;
    };
    static constexpr plan_type plan = [] {
        plan_type result{};
        result.d_gates = detail::allocate<T>(result.size, Length * gates);
        result.d_recurrent = detail::allocate<T>(result.size, Length * gates);
        result.before = detail::allocate<T>(result.size, Length * Cell::state_size);
        result.d_state = detail::allocate<T>(result.size, Cell::state_size);
        result.transposed = detail::allocate<T>(result.size, kernel::transposed_scratch<Length, Inputs, gates>);
        return result;
    }();

    /// Adds to `gradient`, which the caller clears.
    template <std::size_t Batch, bool InputGradient, class Net>
    static constexpr void backward(const Net& cell, const T* x, const T* dy, T* dx, const T* kept, T* scratch,
                                   Net& gradient) {
        T* const d_gates = scratch + plan.d_gates;
        T* const d_recurrent = scratch + plan.d_recurrent;
        T* const before = scratch + plan.before;
        T* const d_state = scratch + plan.d_state;
        for (std::size_t sample = 0; sample < Batch;
             ++sample, x += Length * Inputs, dy += outputs, kept += Length * step_kept) {
            for (std::size_t i = 0; i < Length * Cell::state_size; ++i)
                before[i] = i < Cell::state_size ? T{} : state_of(kept, i / Cell::state_size - 1)[i % Cell::state_size];
            if constexpr (has_initial_state<Net>) kernel::copy<Cell::state_size>(cell.initial_state.values, before);
            for (std::size_t t = Length; t-- > 0;) {
                if (t + 1 == Length || (t + 1) % TruncatedTo == 0)
                    for (std::size_t i = 0; i < Cell::state_size; ++i) d_state[i] = T{};
                if (!LastOnly || t + 1 == Length)
                    for (std::size_t i = 0; i < units; ++i) d_state[i] += dy[(LastOnly ? 0 : t * units) + i];
                cell.step_backward(kept + t * gates, extra_of(kept, t), before + t * Cell::state_size, d_state,
                                   d_gates + t * gates, d_recurrent + t * gates);
            }
            if constexpr (has_initial_state<Net>)
                for (std::size_t i = 0; i < Cell::state_size; ++i) gradient.initial_state[i] += d_state[i];
            kernel::matrix_product<kernel::product_size<Inputs, gates, Length, 1, Inputs>, kernel::from_matrix<gates>>(
                x, static_cast<const T*>(d_gates), static_cast<const T*>(gradient.weights.values),
                gradient.weights.values);
            for (std::size_t i = 0; i < Length * gates; ++i) gradient.bias[i % gates] += d_gates[i];
            cell.recurrent_gradient(static_cast<const T*>(before), extra_of(kept, 0),
                                    static_cast<const T*>(d_recurrent), gradient);
            if constexpr (InputGradient) {
                kernel::product_with_transposed<Length, Inputs, gates>(
                    static_cast<const T*>(d_gates), cell.weights.values, dx, scratch + plan.transposed);
                dx += Length * Inputs;
            }
        }
    }

    /// The state of a stream between two steps; zeros at the start.
    struct state_type {
        T values[Cell::state_size]{};

        friend constexpr bool operator==(const state_type&, const state_type&) = default;
    };

    static constexpr void advance(const Cell& cell, const T* x, T* y, state_type& state) {
        T gate[gates], extra[Cell::extra_size + 1]{}, scratch[Cell::step_scratch + 1];
        kernel::matrix_product<kernel::forward_size<T, 1, gates, Inputs>, kernel::from_bias>(x, cell.weights.values,
                                                                                             cell.bias.values, gate);
        cell.step(gate, extra, state.values, scratch);
        kernel::copy<units>(static_cast<const T*>(state.values), y);
    }

  private:
    static constexpr void input_part(const Cell& cell, const T* x, T* all_gates) {
        kernel::matrix_product<kernel::forward_size<T, Length, gates, Inputs>, kernel::from_bias>(
            x, cell.weights.values, cell.bias.values, all_gates);
    }
    static constexpr void write_output(const T* state, std::size_t t, T* y) {
        if (LastOnly && t + 1 < Length) return;
        kernel::copy<units>(state, y + (LastOnly ? 0 : t * units));
    }
    template <class U>
    static constexpr U* extra_of(U* kept, std::size_t t) {
        return kept + Length * gates + t * Cell::extra_size;
    }
    template <class U>
    static constexpr U* state_of(U* kept, std::size_t t) {
        return kept + Length * (gates + Cell::extra_size) + t * Cell::state_size;
    }
};

/// Adds the gradient of recurrent weights of `Units` x `Columns`: the sum over the steps of before^T d_recurrent, where a
/// state is `StateSize` long, of which the first `Units` are multiplied, and d_recurrent has rows of `Gates`.
template <std::size_t Length, std::size_t Units, std::size_t Columns, std::size_t StateSize,
          std::size_t Gates = Columns, class T>
constexpr void add_recurrent_gradient(const T* before, const T* d_recurrent, T* d_weights) {
    using size = kernel::product_size<Units, Columns, Length, 1, StateSize, kernel::left_to_right, Gates, Columns>;
    kernel::matrix_product<size, kernel::from_matrix<Columns>>(before, d_recurrent, static_cast<const T*>(d_weights),
                                                               d_weights);
}

}  // namespace CTNN_NAMESPACE
