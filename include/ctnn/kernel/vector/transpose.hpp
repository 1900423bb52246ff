// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Matrix transposition in square blocks of registers. For products, at run time.

#include <ctnn/config.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/kernel/vector/unroll.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// Of two rows of a square, `Step` apart: the lanes of both that are in the first afterwards or, with `Second`, in the
/// second.
template <std::size_t Step, bool Second, class V, std::size_t... Lane>
CTNN_INLINE inline V exchanged(V first, V second, std::index_sequence<Lane...>) {
    constexpr std::size_t lanes = sizeof...(Lane);
    return __builtin_shufflevector(first, second,
                                   int{Second ? ((Lane & Step) > 0 ? lanes + Lane : Lane + Step)
                                              : ((Lane & Step) > 0 ? lanes + Lane - Step : Lane)}...);
}

/// A square of registers, transposed: first blocks of 2 x 2, then blocks of 4 x 4 made of them ...
template <std::size_t Step = 1, class V, std::size_t Lanes>
CTNN_INLINE inline void transpose_square(V (&rows)[Lanes]) {
    using lanes = std::make_index_sequence<Lanes>;
    if constexpr (Step < Lanes) {
        unroll<Lanes>([&](auto row) CTNN_INLINE {
            if constexpr ((row() & Step) == 0) {
                const V first = rows[row()], second = rows[row() + Step];
                rows[row()] = exchanged<Step, false>(first, second, lanes{});
                rows[row() + Step] = exchanged<Step, true>(first, second, lanes{});
            }
        });
        transpose_square<2 * Step>(rows);
    }
}

}  // namespace detail

/// to[column][row] = from[row][column] for matrices with row strides `FromStride` and `ToStride`. Run time only.
///
/// Square blocks of registers; where they do not fit, the last overlap those before.
template <std::size_t Rows, std::size_t Columns, std::size_t FromStride = Columns, std::size_t ToStride = Rows, class T>
CTNN_INLINE inline void transpose(const T* from, T* to) {
    constexpr std::size_t lanes = full_lanes<T, (Rows < Columns ? Rows : Columns)>();
    if constexpr (lanes == 1) {
        for (std::size_t column = 0; column < Columns; ++column)
            for (std::size_t row = 0; row < Rows; ++row) to[column * ToStride + row] = from[row * FromStride + column];
    } else {
        using V = register_t<T, lanes>;
        for (std::size_t row = 0; row < Rows; row += lanes) {
            const std::size_t top = row + lanes < Rows ? row : Rows - lanes;
            for (std::size_t column = 0; column < Columns; column += lanes) {
                const std::size_t left = column + lanes < Columns ? column : Columns - lanes;
                V square[lanes];
                unroll<lanes>([&](auto index) CTNN_INLINE {
                    square[index()] = load<V>(from + (top + index()) * FromStride + left);
                });
                detail::transpose_square(square);
                unroll<lanes>([&](auto index) CTNN_INLINE {
                    store<lanes>(to + (left + index()) * ToStride + top, square[index()]);
                });
            }
        }
    }
}

}  // namespace CTNN_NAMESPACE::kernel
