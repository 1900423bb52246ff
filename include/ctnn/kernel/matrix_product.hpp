// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The product of two matrices of constant size: straight-line code when tiny, register tiles when large.

#include <ctnn/kernel/unroll.hpp>
#include <ctnn/kernel/vector.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace ctnn::kernel {

/// The sizes of C = A B: C is `Rows` x `Columns`, the sum runs over `Depth` terms. A is read with any strides, so that
/// a transposed A costs nothing; B and C are dense and row-major.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, std::size_t RowStride = Depth,
          std::size_t DepthStride = 1>
struct product_size {
    static constexpr std::size_t rows = Rows;
    static constexpr std::size_t columns = Columns;
    static constexpr std::size_t depth = Depth;
    static constexpr std::size_t multiply_accumulates = Rows * Columns * Depth;

    /// A(row, k) stands at row * row_stride + k * depth_stride.
    static constexpr std::size_t row_stride = RowStride;
    static constexpr std::size_t depth_stride = DepthStride;
};

/// What the sums of a product start from: the strides with which a row and a column of C find their number in memory.
template <bool FromMemory, std::size_t RowStride, std::size_t ColumnStride>
struct product_start {
    static constexpr bool from_memory = FromMemory;
    static constexpr std::size_t row_stride = RowStride;
    static constexpr std::size_t column_stride = ColumnStride;
};
using from_zero = product_start<false, 0, 0>;
/// bias[n] for each column n, or bias[m] for each row m.
using from_bias = product_start<true, 0, 1>;
using from_row_bias = product_start<true, 1, 0>;
/// What stands in a matrix of as many columns: C itself, to add to it.
template <std::size_t Columns>
using from_matrix = product_start<true, Columns, 1>;

/// Products up to this many multiply-accumulates become straight-line code.
inline constexpr std::size_t straight_line_limit = 64;

namespace detail {

/// Rows of a register tile: 2 * rows accumulators, two of B and one of A fit the registers of the machine.
inline constexpr std::size_t tile_rows = CTNN_VECTOR_BYTES == 64 ? 8 : 4;

/// A number from memory. g++ 12 at -O3 takes a wrong lane of the register that was stored there, if it makes vectors of
/// scalar code again; it is told nothing about the number.
template <class T>
CTNN_INLINE inline T scalar(T number) {
#if defined(__clang__)
    return number;
#else
    return math::detail::unknown(number);
#endif
}

/// A tile of `Rows` x `Vectors` registers at column `column` of C, complete over the depth.
template <class Size, std::size_t Rows, std::size_t Vectors, std::size_t Lanes, class Start, class T>
CTNN_INLINE inline void tile(const T* a, const T* b, const T* start, T* c) {
    using V = register_t<T, Lanes>;
    V total[Rows][Vectors];
    unroll<Rows>([&](auto tile_row) CTNN_INLINE {
        unroll<Vectors>([&](auto part) CTNN_INLINE {
            if constexpr (!Start::from_memory)
                total[tile_row()][part()] = V{};
            else if constexpr (Start::column_stride == 1)
                total[tile_row()][part()] = load<V>(start + tile_row() * Start::row_stride + part() * Lanes);
            else
                total[tile_row()][part()] = math::broadcast<V>(start[tile_row() * Start::row_stride]);
        });
    });
    for (std::size_t k = 0; k < Size::depth; ++k) {
        V right[Vectors];
        unroll<Vectors>([&](auto part)
                            CTNN_INLINE { right[part()] = load<V>(b + k * Size::columns + part() * Lanes); });
        unroll<Rows>([&](auto tile_row) CTNN_INLINE {
            const T left = a[tile_row() * Size::row_stride + k * Size::depth_stride];
            unroll<Vectors>([&](auto part) CTNN_INLINE { total[tile_row()][part()] += left * right[part()]; });
        });
    }
    unroll<Rows>([&](auto tile_row) CTNN_INLINE {
        unroll<Vectors>([&](auto part) CTNN_INLINE {
            store<Lanes>(c + tile_row() * Size::columns + part() * Lanes, total[tile_row()][part()]);
        });
    });
}

/// `Rows` rows of `Vectors` registers' worth of columns.
template <class Size, std::size_t Rows, std::size_t Vectors, std::size_t Lanes, class Start, class T>
CTNN_INLINE inline void panel(const T* a, const T* b, const T* start, T* c) {
    constexpr std::size_t whole = Rows - Rows % tile_rows;
    for (std::size_t row = 0; row < whole; row += tile_rows)
        tile<Size, tile_rows, Vectors, Lanes, Start>(a + row * Size::row_stride, b, start + row * Start::row_stride,
                                                     c + row * Size::columns);
    if constexpr (whole < Rows)
        tile<Size, Rows - whole, Vectors, Lanes, Start>(a + whole * Size::row_stride, b,
                                                        start + whole * Start::row_stride, c + whole * Size::columns);
}

/// The widest register that is full: the columns may be fewer than its lanes.
template <class T, std::size_t Columns>
constexpr std::size_t column_lanes() {
    std::size_t lanes = native_lanes<T>;
    while (lanes > Columns) lanes /= 2;
    return lanes;
}

/// Registers side by side in a panel: one row alone needs more of them to hide the latency of the additions.
template <std::size_t Rows>
inline constexpr std::size_t panel_vectors = Rows == 1 ? 8 : (Rows <= 3 ? 4 : 2);

/// All columns of `Rows` rows, from column `First` on.
template <class Size, std::size_t Rows, class Start, std::size_t First = 0, class T>
CTNN_INLINE inline void sweep(const T* a, const T* b, const T* start, T* c) {
    constexpr std::size_t columns = Size::columns - First;
    constexpr std::size_t lanes = column_lanes<T, columns>();
    constexpr std::size_t wide = panel_vectors<Rows> * lanes;
    constexpr std::size_t whole = columns - columns % wide;
    constexpr std::size_t vectors = (columns - whole) / lanes;
    constexpr std::size_t left = columns % lanes;
    for (std::size_t column = First; column < First + whole; column += wide)
        panel<Size, Rows, panel_vectors<Rows>, lanes, Start>(a, b + column, start + column * Start::column_stride,
                                                             c + column);
    if constexpr (vectors > 0)
        panel<Size, Rows, vectors, lanes, Start>(a, b + First + whole, start + (First + whole) * Start::column_stride,
                                                 c + First + whole);
    // The last columns do not fill a register: take them with their neighbours, which get the same values again, or, if
    // the sums start from what the neighbours have overwritten, with smaller registers.
    if constexpr (left > 0 && Start::row_stride == Size::columns && Start::column_stride == 1) {
        sweep<Size, Rows, Start, Size::columns - left>(a, b, start, c);
    } else if constexpr (left > 0) {
        constexpr std::size_t last = Size::columns - lanes;
        panel<Size, Rows, 1, lanes, Start>(a, b + last, start + last * Start::column_stride, c + last);
    }
}

/// A matrix B that stays in the first-level cache is swept once a row of tiles; through a larger one, each panel is
/// taken through all rows before the next is fetched.
template <class Size, class Start, class T>
CTNN_INLINE inline void tiled(const T* a, const T* b, const T* start, T* c) {
    if constexpr (Size::rows > tile_rows && Size::depth * Size::columns * sizeof(T) <= 16384) {
        constexpr std::size_t whole = Size::rows - Size::rows % tile_rows;
        for (std::size_t row = 0; row < whole; row += tile_rows)
            sweep<Size, tile_rows, Start>(a + row * Size::row_stride, b, start + row * Start::row_stride,
                                          c + row * Size::columns);
        if constexpr (whole < Size::rows)
            sweep<Size, Size::rows - whole, Start>(a + whole * Size::row_stride, b, start + whole * Start::row_stride,
                                                   c + whole * Size::columns);
    } else {
        sweep<Size, Size::rows, Start>(a, b, start, c);
    }
}

/// Terms of a sum that constant evaluation takes in one expression.
inline constexpr std::size_t terms_at_once = 16;
using terms_in_loop = std::make_index_sequence<terms_at_once>;
template <std::size_t Depth>
using terms_after_loop = std::make_index_sequence<Depth % terms_at_once>;

/// The product in constant evaluation, which pays for every statement and every index that is computed: a sum is one
/// expression with constant indices, or, if it is long, some of these. B(k, column) stands at k * Down + column * Across.
template <class Size, class Start, std::size_t Down, std::size_t Across, class T, std::size_t... Term,
          std::size_t... Last>
constexpr void constant_product(const T* a, const T* b, const T* start, T* c, std::index_sequence<Term...>,
                                std::index_sequence<Last...>) {
    for (std::size_t m = 0; m < Size::rows; ++m)
        for (std::size_t n = 0; n < Size::columns; ++n)
            if constexpr (sizeof...(Last) == Size::depth) {
                c[m * Size::columns + n] =
                    ((Start::from_memory ? start[m * Start::row_stride + n * Start::column_stride] : T{}) + ... +
                     (a[m * Size::row_stride + Last * Size::depth_stride] * b[n * Across + Last * Down]));
            } else {
                constexpr std::size_t whole = Size::depth - sizeof...(Last);
                const T *left = a + m * Size::row_stride, *right = b + n * Across;
                T total = (Start::from_memory ? start[m * Start::row_stride + n * Start::column_stride] : T{});
                for (std::size_t k = 0; k < whole; k += terms_at_once)
                    total = (total + ... + (left[(k + Term) * Size::depth_stride] * right[(k + Term) * Down]));
                c[m * Size::columns + n] =
                    (total + ... + (left[(whole + Last) * Size::depth_stride] * right[(whole + Last) * Down]));
            }
}

}  // namespace detail

/// C = start + A B.
///
/// c[m][n] = start(m, n) + a(m, 0) b[0][n] + a(m, 1) b[1][n] + ..., added from left to right. Registers lie across the
/// columns, so the order is the same in both phases and at every vector width. C must not overlap A or B.
///
/// *Cost*: `Size::multiply_accumulates`.
template <class Size, class Start, class T>
CTNN_INLINE constexpr void matrix_product(const T* a, const T* b, const T* start, T* c) {
    if (std::is_constant_evaluated()) {
        detail::constant_product<Size, Start, Size::columns, 1>(a, b, start, c, detail::terms_in_loop{},
                                                                detail::terms_after_loop<Size::depth>{});
    } else if constexpr (Size::multiply_accumulates <= straight_line_limit) {
        unroll<Size::rows>([&](auto out_row) CTNN_INLINE {
            unroll<Size::columns>([&](auto out_column) CTNN_INLINE {
                T out_sum{};
                if constexpr (Start::from_memory)
                    out_sum = start[out_row() * Start::row_stride + out_column() * Start::column_stride];
                unroll<Size::depth>([&](auto term) CTNN_INLINE {
                    out_sum += detail::scalar(a[out_row() * Size::row_stride + term() * Size::depth_stride]) *
                               b[term() * Size::columns + out_column()];
                });
                c[out_row() * Size::columns + out_column()] = out_sum;
            });
        });
    } else {
        detail::tiled<Size, Start>(a, b, start, c);
    }
}

/// How many numbers of scratch memory `product_with_transposed` needs.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth>
inline constexpr std::size_t transposed_scratch = Rows == 1 ? 0 : Columns * Depth;

/// C = start + A B^T for B of `Columns` x `Depth`: c[m][n] = start(m, n) + a[m][0] b[n][0] + a[m][1] b[n][1] + ..., added
/// from left to right. `Start` is `from_zero`, or `from_matrix<Columns>` to add to C.
///
/// B is transposed into `scratch` first, unless A has a single row. C must not overlap the others.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, class Start = from_zero, class T>
CTNN_INLINE constexpr void product_with_transposed(const T* a, const T* b, T* c, T* scratch) {
    if constexpr (Rows == 1) {
        using along = product_start<Start::from_memory, Start::column_stride, 0>;
        matrix_product<product_size<Columns, 1, Depth>, along>(b, a, c, c);
    } else if (std::is_constant_evaluated()) {
        detail::constant_product<product_size<Rows, Columns, Depth>, Start, 1, Depth>(
            a, b, c, c, detail::terms_in_loop{}, detail::terms_after_loop<Depth>{});
    } else {
        for (std::size_t n = 0; n < Columns; ++n)
            for (std::size_t k = 0; k < Depth; ++k) scratch[k * Columns + n] = b[n * Depth + k];
        matrix_product<product_size<Rows, Columns, Depth>, Start>(a, scratch, c, c);
    }
}

}  // namespace ctnn::kernel
