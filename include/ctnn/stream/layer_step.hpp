// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// One layer, run a time step at a time, or a block of `Steps` steps at a time.
///
/// In a block each feature has a row with its values in all steps, so that element i of step t is at i * Steps + t. Only
/// the first `count` steps of a block count; what is computed for the others is not used.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/view.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/vector/transpose.hpp>
#include <ctnn/layer/dropout.hpp>
#include <ctnn/layer/shape/permute.hpp>
#include <ctnn/layer/shape/rearrangement.hpp>
#include <ctnn/name.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// After `last_step` there is no time dimension: each step yields a vector.
inline constexpr std::size_t no_time_axis = 98;
/// No layer so far determines which dimension is time.
inline constexpr std::size_t unknown_time_axis = 99;

/// Whether a compiler contracts a product at the end of a layer with a sum at the beginning of the next, as g++ does:
/// differently in one step than in a block.
#if !defined(__clang__) && (defined(__FP_FAST_FMAF) || defined(__FP_FAST_FMA)) && !defined(CTNN_REPRODUCIBLE)
inline constexpr bool contracts_layers = true;
#else
inline constexpr bool contracts_layers = false;
#endif

/// Keeps apart what comes before and after: the elements are rounded.
template <std::size_t Count, class T>
CTNN_INLINE constexpr void end_layer(T* y) {
    if (!__builtin_is_constant_evaluated()) asm("" : "+m"(*reinterpret_cast<T(*)[Count]>(y)));
}

/// The elements of one time step.
template <class Shape, std::size_t Axis>
inline constexpr std::size_t step_size = Axis < Shape::rank ? Shape::size / Shape::extent(Axis) : Shape::size;
template <class... Parts, std::size_t Axis>
inline constexpr std::size_t step_size<joined_shape<Parts...>, Axis> = (std::size_t{0} + ... +
                                                                        step_size<typename Parts::shape_type, Axis>);

/// Whether a layer checks itself that its inputs are sequences, and applies its own activations in a step, as a graph.
template <class Step>
inline constexpr bool is_graph_step = requires {
    requires Step::is_graph_step;
};

/// to[column][row] = from[row][column].
template <std::size_t Rows, std::size_t Columns, class T>
constexpr void transpose_block(const T* from, T* to) {
    if (!__builtin_is_constant_evaluated())
        kernel::transpose<Rows, Columns>(from, to);
    else
        for (std::size_t i = 0; i < Rows * Columns; ++i) to[i % Columns * Rows + i / Columns] = from[i];
}

/// Calls `advance(x, y)` for each of the first `count` steps of a block, which become contiguous for it.
template <std::size_t Inputs, std::size_t Outputs, std::size_t Steps, class T, class F>
constexpr void step_by_step(const T* x, T* y, std::size_t count, F&& advance) {
    T in[Steps * Inputs], out[Steps * Outputs]{};
    transpose_block<Inputs, Steps>(x, in);
    for (std::size_t step = 0; step < count; ++step)
        advance(static_cast<const T*>(in + step * Inputs), out + step * Outputs);
    transpose_block<Steps, Outputs>(static_cast<const T*>(out), y);
}

/// A layer that has `advance`, or computes on vectors after the time dimension has ended. With `advance_block` it takes
/// a block at once, and keeps a state of its own for that.
template <class Layer, std::size_t Axis, std::size_t Steps = 1>
struct stream_step {
    static constexpr bool has_advance = requires { typename Layer::state_type; };
    static constexpr bool takes_blocks = Steps > 1 && Axis != no_time_axis&& requires {
        typename Layer::template block_state<Steps>;
    };
    static constexpr bool possible = [] {
        if constexpr (Axis == no_time_axis)
            return true;
        else if constexpr (requires { Layer::streams; })
            return Layer::streams && Layer::time_axis == Axis;
        else if constexpr (requires { Layer::time_axis; })
            return Layer::time_axis == Axis;
        else
            return false;
    }();
    static constexpr std::size_t next_axis =
        Axis == no_time_axis || Layer::output_shape::rank < 2 ? no_time_axis : Axis;

    template <bool Advances, bool TakesBlocks, class L>
    struct state_of {
        using type = no_state;
    };
    template <class L>
    struct state_of<true, false, L> {
        using type = typename L::state_type;
    };
    template <class L>
    struct state_of<true, true, L> {
        using type = typename L::template block_state<Steps>;
    };
    using state_type = typename state_of<Axis != no_time_axis && has_advance, takes_blocks && possible, Layer>::type;

    static constexpr std::size_t inputs = step_size<typename Layer::input_shape, Axis>,
                                 outputs = step_size<typename Layer::output_shape, next_axis>;

    template <class T>
    static constexpr void advance(const Layer& layer, const T* x, T* y, state_type& state, std::size_t count) {
        if constexpr (Steps > 1 && takes_blocks) {
            layer.template advance_block<Steps>(x, y, state, count);
        } else if constexpr (Steps > 1) {
            step_by_step<inputs, outputs, Steps>(
                x, y, count, [&](const T* in, T* out) { stream_step<Layer, Axis>::advance(layer, in, out, state, 1); });
        } else if constexpr (Axis == no_time_axis) {
            run_forward<1>(layer, x, y);
        } else {
            layer.advance(x, y, state);
        }
    }
};

/// Whether all that a layer does in a step is its activation.
template <class Step>
inline constexpr bool is_copied_step = requires {
    requires Step::is_copied_step;
};

/// A layer that passes the elements of a step through; `NextAxis` is the time dimension of its output.
template <std::size_t NextAxis, bool Possible = true>
struct copied_step {
    static constexpr bool possible = Possible, is_copied_step = true;
    static constexpr std::size_t next_axis = NextAxis;
    using state_type = no_state;
};

/// Activations keep the shape. Other views cannot be streamed, unless there is no time dimension left.
template <class InputShape, class OutputShape, class Activation, std::size_t Axis, std::size_t Steps>
struct stream_step<view_layer<InputShape, OutputShape, Activation>, Axis, Steps>
    : copied_step<Axis, Axis == no_time_axis || std::is_same_v<InputShape, OutputShape>> {};

template <class T, class Shape, class Rate, std::size_t Axis, std::size_t Steps>
struct stream_step<dropout_layer<T, Shape, Rate>, Axis, Steps> : copied_step<Axis> {};

/// Transposition between time first and channels first: the elements of a step stay.
template <class T, class InputShape, std::size_t Axis, std::size_t Steps>
requires(Axis < 2) struct stream_step<rearrangement_layer<T, permutation<InputShape, 1, 0>>, Axis, Steps>
    : copied_step<1 - Axis> {
};

}  // namespace CTNN_NAMESPACE::detail
