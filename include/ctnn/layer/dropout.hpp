// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Dropout: inputs zeroed at random, in training only.

#include <ctnn/activation/identity.hpp>
#include <ctnn/capped.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/random.hpp>

#include <cstddef>
#include <ratio>

namespace CTNN_NAMESPACE {

/// `dropout`, bound to its input.
template <class T, class Shape, class Rate>
struct dropout_layer {
    using input_shape = Shape;
    using output_shape = Shape;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 0;
    static constexpr bool draws_random_numbers = true;

    /// The factor of inputs that are kept, which preserves the mean.
    static constexpr T keep_factor = static_cast<T>(static_cast<double>(Rate::den) / (Rate::den - Rate::num));
    static constexpr T rate = static_cast<T>(static_cast<double>(Rate::num) / Rate::den);

    /// The factor of every element: 0, or `keep_factor`.
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = detail::extent_product({Batch, Shape::size});

    friend constexpr bool operator==(const dropout_layer&, const dropout_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t i = 0; i < Batch * Shape::size; ++i) y[i] = x[i];
    }

    template <std::size_t Batch>
    static constexpr void forward_training(const T* x, T* y, T* kept, training_context& context) {
        for (std::size_t i = 0; i < Batch * Shape::size; ++i) {
            kept[i] = draw_uniform<T>(*context.engine) < rate ? T{} : keep_factor;
            y[i] = kept[i] * x[i];
        }
    }

    template <std::size_t Batch>
    static constexpr void backward(const T*, const T* dy, T* dx, T* kept, T* /*scratch*/) {
        for (std::size_t i = 0; i < Batch * Shape::size; ++i) dx[i] = kept[i] * dy[i];
    }
};

/// In training, each input is set to 0 with probability `Rate` and scaled by 1 / (1 - Rate) otherwise, which preserves
/// its mean; in inference it is unchanged.
///
/// Template parameter: `Rate`, a `std::ratio`, at least 0 and below 1: `dropout<std::ratio<1, 4>>`. The seed of the
/// trainer (or of `fit`) determines the random numbers, the same in both phases. No parameters.
/// *Shapes*: any in, the same out.
/// *Errors*: "ctnn::dropout: the rate is at least 0 and less than 1".
/// *Source*: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout", 2014.
template <class Rate>
struct dropout {
    using wants = wants_any;

    template <class T, class InputShape>
    using layer = dropout_layer<T, InputShape, Rate>;

    /// `fold` removes it.
    static constexpr bool only_trains = true;

    static_assert(Rate::num >= 0 && Rate::num < Rate::den, "ctnn::dropout: the rate is at least 0 and less than 1");
};

}  // namespace CTNN_NAMESPACE
