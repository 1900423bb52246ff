// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Orthonormal rows or columns.

#include <ctnn/config.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/random.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Weights whose rows, or whose columns if there are fewer of them, are orthonormal, times `gain`: W W^T = gain^2 I, or
/// W^T W = gain^2 I. Their distribution is invariant under rotation.
///
/// A tensor is a matrix here, whose columns are its innermost dimension, so `recurrent_weights` of several gates are
/// one matrix of `Units` orthonormal rows. Normally distributed rows (or columns) are orthonormalised one after
/// another, by two passes of modified Gram-Schmidt in `double`. The same bits in both phases and with every set of
/// flags.
/// *Cost*: about 4 rows^2 columns multiply-accumulates, for rows <= columns.
/// *Source*: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
/// networks", 2013; that the entire tensor is one matrix is Keras' definition.
/// *Example*: `initialize<net>(glorot_uniform{}, 1, zeros{}, orthogonal{})`, for the recurrent weights.
struct orthogonal {
    double gain = 1;

    /// `Rows` x `Columns` elements at `weights`.
    template <std::size_t Rows, std::size_t Columns, class T>
    constexpr void fill(random_engine& engine, T* weights) const {
        constexpr bool by_rows = Rows <= Columns;
        constexpr std::size_t count = by_rows ? Rows : Columns, length = by_rows ? Columns : Rows;
        constexpr std::size_t next = by_rows ? Columns : 1, step = by_rows ? 1 : Columns;
        using number = math::strict<double>;
        number vector[length]{};
        for (std::size_t made = 0; made < count; ++made) {
            for (number& element : vector) element = draw_normal<double>(engine);
            // The second pass removes what rounding leaves after the first.
            for (std::size_t pass = 0; pass < 2; ++pass)
                for (std::size_t other = 0; other < made; ++other) {
                    const T* const unit = weights + other * next;
                    number along = 0;
                    for (std::size_t i = 0; i < length; ++i)
                        along = along + vector[i] * static_cast<double>(unit[i * step]);
                    for (std::size_t i = 0; i < length; ++i)
                        vector[i] = vector[i] - along * static_cast<double>(unit[i * step]);
                }
            number squares = 0;
            for (const number element : vector) squares = squares + element * element;
            const number scale = number(1) / math::sqrt(squares.value);
            for (std::size_t i = 0; i < length; ++i)
                weights[made * next + i * step] = static_cast<T>((vector[i] * scale).value);
        }
        for (std::size_t i = 0; i < Rows * Columns; ++i)
            weights[i] = static_cast<T>((static_cast<double>(weights[i]) * number(gain)).value);
    }
};

}  // namespace CTNN_NAMESPACE
