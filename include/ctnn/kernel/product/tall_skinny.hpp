// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products at run time of many rows and few columns, vectorised over the rows.

#include <ctnn/config.hpp>
#include <ctnn/kernel/product/micro_kernel.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/kernel/vector/transpose.hpp>
#include <ctnn/kernel/vector/unroll.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel::detail {

/// Rows per block: two registers, or one.
template <class Size, class T>
inline constexpr std::size_t tall_skinny_rows =
    Size::rows < 2 * native_lanes<T> ? native_lanes<T> : 2 * native_lanes<T>;

/// Whether a row of C would leave part of a register empty, and there are enough rows to fill one. Neighbouring rows of
/// A are adjacent in memory, or are transposed in blocks, if these fit the L1 cache. It pays from 512 multiply-accumulates on.
template <class Size, class Start, class T>
inline constexpr bool is_tall_skinny = native_lanes<T> > 1 && Size::multiply_accumulates >= 512 &&
                                       (Size::columns < native_lanes<T> || Size::order.kind == sum_kind::lanes) &&
                                       Size::rows >= native_lanes<T>&& Start::column_stride + Start::row_stride <= 1 &&
                                       !(Size::order.kind == sum_kind::lanes && Start::row_stride > 0) &&
                                       (Size::row_stride == 1 ||
                                        (Size::depth_stride == 1 &&
                                         Size::depth * tall_skinny_rows<Size, T> * sizeof(T) <= 16384));

/// start + the terms First, First + Step ... of `Rows` rows, as rows of `c`: c[n][m] is the sum of row m and column n.
/// A(m, k) is at a[m + k * AStride].
template <class Size, std::size_t Rows, std::size_t AStride, std::size_t First, std::size_t Step, class Start, class T>
CTNN_INLINE inline void tall_skinny_terms(const T* a, const T* b, const T* start, T* c) {
    using size = product_size<Size::columns, Rows, (Size::depth - First + Step - 1) / Step, 1, Step * Size::b_stride,
                              Size::order.kind == sum_kind::lanes ? left_to_right : Size::order, Step * AStride, Rows>;
    tiled<size, product_start<Start::from_memory, Start::column_stride, Start::row_stride>>(
        b + First * Size::b_stride, a + First * AStride, start, c);
}

/// Some columns of a product.
template <class Size, std::size_t Columns>
using columns_of = product_size<Size::rows, Columns, Size::depth, Size::row_stride, Size::depth_stride, Size::order,
                                Size::b_stride, Size::c_stride>;
/// How many columns are summed at once. Interleaved sums of more than four do not fit registers of 64 bytes, and clang
/// spills them across cache lines.
template <class Size>
inline constexpr std::size_t columns_at_once =
    CTNN_VECTOR_BYTES == 64 && Size::order.kind == sum_kind::interleaved&& Size::columns > 4 ? 4 : Size::columns;

/// The sums of `Rows` rows, as rows of `c`: c[n][m] is the sum of row m and column n. A(m, k) is at a[m + k * AStride].
template <class Size, std::size_t Rows, std::size_t AStride, class Start, class T>
CTNN_INLINE inline void tall_skinny_sums(const T* a, const T* b, const T* start, T* c) {
    if constexpr (Size::order.kind == sum_kind::lanes) {
        constexpr std::size_t lanes = Rows < native_lanes<T> ? Rows : native_lanes<T>, count = Rows * Size::columns;
        using V = register_t<T, lanes>;
        static_assert(Rows % lanes == 0, "rows fill registers");
        T partial[partial_sums][count];
        unroll<partial_sums>([&](auto first) CTNN_INLINE {
            tall_skinny_terms<Size, Rows, AStride, first(), partial_sums, from_zero>(a, b, b, partial[first()]);
        });
        for (std::size_t column = 0; column < Size::columns; ++column)
            for (std::size_t at = column * Rows; at < (column + 1) * Rows; at += lanes) {
                V sums[partial_sums];
                unroll<partial_sums>([&](auto part) CTNN_INLINE { sums[part()] = load<V>(partial[part()] + at); });
                const V sum = fold_registers<lanes>(sums, plus{});
                store<lanes>(c + at, Start::from_memory ? math::broadcast<V>(start[column]) + sum : sum);
            }
    } else {
        constexpr std::size_t columns = columns_at_once<Size>, left = Size::columns % columns,
                              whole = Size::columns - left;
        for (std::size_t column = 0; column < whole; column += columns)
            tall_skinny_terms<columns_of<Size, columns>, Rows, AStride, 0, 1, Start>(
                a, b + column, start + column * Start::column_stride, c + column * Rows);
        if constexpr (left > 0)
            tall_skinny_terms<columns_of<Size, left>, Rows, AStride, 0, 1, Start>(
                a, b + whole, start + whole * Start::column_stride, c + whole * Rows);
    }
}

/// C = start + A B, in blocks of rows.
template <class Size, class Start, class T>
CTNN_INLINE inline void tall_skinny(const T* a, const T* b, const T* start, T* c) {
    constexpr std::size_t rows = tall_skinny_rows<Size, T>;
    constexpr bool together = Size::row_stride == 1;
    for (std::size_t row = 0; row < Size::rows; row += rows) {
        // The last block overlaps the one before.
        const std::size_t top = row + rows < Size::rows ? row : Size::rows - rows;
        alignas(register_t<T, native_lanes<T>>) T some_rows[together ? 1 : Size::depth * rows],
            totals[rows * Size::columns];
        const T* from = a + top * Size::row_stride;
        if constexpr (!together) {
            transpose<rows, Size::depth, Size::row_stride>(from, some_rows);
            from = some_rows;
        }
        tall_skinny_sums<Size, rows, together ? Size::depth_stride : rows, Start>(
            from, b, start + top * Start::row_stride, totals);
        transpose<Size::columns, rows, rows, Size::c_stride>(static_cast<const T*>(totals), c + top * Size::c_stride);
    }
}

}  // namespace CTNN_NAMESPACE::kernel::detail
