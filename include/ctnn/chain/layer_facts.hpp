// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The optional properties of a layer, and their defaults.

#include <ctnn/config.hpp>
#include <ctnn/random.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// What the layers of a training step share.
struct training_context {
    /// The engine of layers that draw random numbers, if there are any (`draws_random_numbers`).
    random_engine* engine;
    /// How many samples of the batch count; the others are computed, but are no data.
    std::size_t used;
};

/// The state of a layer that carries none from one time step to the next.
struct no_state {
    friend constexpr bool operator==(const no_state&, const no_state&) = default;
};

/// Whether a layer only reshapes its input, or passes it to its activation: `is_view` is then true.
template <class Layer>
inline constexpr bool is_view_layer = [] {
    if constexpr (requires { Layer::is_view; })
        return Layer::is_view;
    else
        return false;
}();

/// Elements that a layer keeps from its forward to its backward pass, besides its input: `kept_size<Batch>`, or none.
template <class Layer, std::size_t Batch>
inline constexpr std::size_t kept_size_of = [] {
    if constexpr (requires { Layer::template kept_size<Batch>; })
        return Layer::template kept_size<Batch>;
    else
        return std::size_t{0};
}();

/// Whether a layer takes scratch memory for inference, `forward<Batch>(x, y, scratch)` instead of `forward<Batch>(x, y)`,
/// because it states how many elements: `forward_scratch<Batch>`, perhaps 0.
template <class Layer, std::size_t Batch>
inline constexpr bool takes_forward_scratch = requires {
    Layer::template forward_scratch<Batch>;
};
template <class Layer, std::size_t Batch>
inline constexpr std::size_t forward_scratch_of = [] {
    if constexpr (takes_forward_scratch<Layer, Batch>)
        return Layer::template forward_scratch<Batch>;
    else
        return std::size_t{0};
}();

/// Whether a layer may write its output over its input, both from the same place on: `forward_in_place`, or not. It does
/// if it needs no scratch memory, and its output is not larger.
template <class Layer>
inline constexpr bool forward_in_place_of = [] {
    if constexpr (requires { Layer::forward_in_place; })
        return Layer::forward_in_place;
    else
        return false;
}();

/// The outputs of a layer for `Batch` samples, without its activation.
template <std::size_t Batch, class Layer, class T>
CTNN_INLINE constexpr void run_forward(const Layer& layer, const T* x, T* y, T* scratch) {
    if constexpr (takes_forward_scratch<Layer, Batch>)
        layer.template forward<Batch>(x, y, scratch);
    else
        layer.template forward<Batch>(x, y);
}
/// The same with the scratch memory on the stack.
template <std::size_t Batch, class Layer, class T>
CTNN_INLINE constexpr void run_forward(const Layer& layer, const T* x, T* y) {
    constexpr std::size_t size = forward_scratch_of<Layer, Batch>;
    T scratch[size > 0 ? size : 1];
    run_forward<Batch>(layer, x, y, scratch);
}

/// Whether a layer has a separate forward pass for training: `forward_training<Batch>(x, y, kept, context)`.
template <class Layer, class T, std::size_t Batch>
inline constexpr bool has_training_pass = requires(const Layer& layer, const T* x, T* y, training_context& context) {
    layer.template forward_training<Batch>(x, y, y, context);
};

/// Elements of scratch memory that its backward pass needs: `scratch_size<Batch, InputGradient>`, or none.
template <class Layer, std::size_t Batch, bool InputGradient>
inline constexpr std::size_t scratch_size_of = [] {
    if constexpr (requires { Layer::template scratch_size<Batch, InputGradient>; })
        return Layer::template scratch_size<Batch, InputGradient>;
    else
        return std::size_t{0};
}();

/// Whether a training step should consume a layer's gradient as it is computed (`backward_and_update`), not store it.
template <class Layer>
inline constexpr bool updates_at_once_of = [] {
    if constexpr (requires { Layer::updates_at_once; })
        return Layer::updates_at_once;
    else
        return false;
}();

/// Whether a layer takes a symbol per time step, not a vector: its input has one dimension, which is time.
template <class Layer>
inline constexpr bool takes_symbols_of = [] {
    if constexpr (requires { Layer::takes_symbols; })
        return Layer::takes_symbols;
    else
        return false;
}();

/// How many members of a layer, after the first, are weights that are multiplied with its state of `units` elements:
/// `recurrent_members`, or none.
template <class Layer>
inline constexpr std::size_t recurrent_members_of = [] {
    if constexpr (requires { Layer::recurrent_members; })
        return Layer::recurrent_members;
    else
        return std::size_t{0};
}();

/// Whether the state of a recurrent layer before the first step is a parameter (`initial_state_layer`), and not zeros.
template <class Layer>
inline constexpr bool has_initial_state = requires(const Layer& layer) {
    layer.initial_state;
};

/// Whether a layer draws random numbers in training.
template <class Layer>
inline constexpr bool draws_random_numbers_of = [] {
    if constexpr (requires { Layer::draws_random_numbers; })
        return Layer::draws_random_numbers;
    else
        return false;
}();

/// The smallest batch with which a layer, or one inside it, can be trained, 1 or 2: `least_batch`, or 1.
template <class Layer>
inline constexpr std::size_t least_batch_of = [] {
    if constexpr (requires { Layer::least_batch; })
        return std::size_t{Layer::least_batch};
    else
        return std::size_t{1};
}();

/// Whether a layer, or one inside it, keeps statistics: `update_statistics(fresh)`, called at the end of a training
/// step with the layer's gradient, whose members after the trained ones are the statistics of this step; in a gradient
/// of no samples, `forget_statistics()` marks them as none.
template <class Layer>
inline constexpr bool has_statistics_of = [] {
    if constexpr (requires { Layer::has_statistics; })
        return Layer::has_statistics;
    else
        return requires(Layer & layer, const Layer& fresh) {
            layer.update_statistics(fresh);
        };
}();

}  // namespace CTNN_NAMESPACE
