// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the layers have in common that move numbers: permute, zero_pad, slice and upsample.

#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/strided.hpp>

#include <cstddef>

namespace ctnn {

/// A layer whose outputs are copies of its inputs, or zero.
///
/// `Move` has the shapes `input_shape` and `output_shape`, and the loops `loops`, whose `here` goes through the output
/// from `output_start` on and whose `there` through the input from `input_start` on.
template <class T, class Move>
struct rearrangement_layer {
    using input_shape = typename Move::input_shape;
    using output_shape = typename Move::output_shape;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 0;

    friend constexpr bool operator==(const rearrangement_layer&, const rearrangement_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_shape::size, y += output_shape::size) {
            if constexpr (output_shape::size > Move::moved)
                for (std::size_t i = 0; i < output_shape::size; ++i) y[i] = T{};
            kernel::for_each_strided<Move::loops>([&](std::size_t to, std::size_t from) CTNN_INLINE {
                y[Move::output_start + to] = x[Move::input_start + from];
            });
        }
    }

    /// dL/dx is the sum of dL/dy over the copies.
    template <std::size_t Batch>
    static constexpr void backward(const T*, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t sample = 0; sample < Batch; ++sample, dx += input_shape::size, dy += output_shape::size) {
            for (std::size_t i = 0; i < input_shape::size; ++i) dx[i] = T{};
            kernel::for_each_strided<Move::loops>([&](std::size_t to, std::size_t from) CTNN_INLINE {
                dx[Move::input_start + from] += dy[Move::output_start + to];
            });
        }
    }
};

}  // namespace ctnn
