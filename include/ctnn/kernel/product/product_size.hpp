// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The compile-time description of a matrix product: its sizes, and the initial values of its sums. For all products.

#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

/// The sizes of C = A B: C is `Rows` x `Columns`, the sum runs over `Depth` terms. A may have any strides, so that a
/// transposed A costs nothing; B and C are row-major, and may be blocks of columns of wider matrices.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, std::size_t RowStride = Depth,
          std::size_t DepthStride = 1, sum_order Order = left_to_right, std::size_t BStride = Columns,
          std::size_t CStride = Columns>
struct product_size {
    static constexpr std::size_t rows = Rows;
    static constexpr std::size_t columns = Columns;
    static constexpr std::size_t depth = Depth;
    static constexpr std::size_t multiply_accumulates = Rows * Columns * Depth;
    static constexpr sum_order order = Order;

    /// A(row, k) is at row * row_stride + k * depth_stride.
    static constexpr std::size_t row_stride = RowStride;
    static constexpr std::size_t depth_stride = DepthStride;
    /// The distance between consecutive rows of B and of C.
    static constexpr std::size_t b_stride = BStride;
    static constexpr std::size_t c_stride = CStride;

    /// How a tile reads an element of its rows of A, and a row of B.
    template <class T>
    static constexpr T element_of_a(const T* some_rows, std::size_t row, std::size_t term) {
        return some_rows[row * RowStride + term * DepthStride];
    }
    template <class T>
    static constexpr const T* row_of_b(const T* b, std::size_t term) {
        return b + term * BStride;
    }
};

/// The sizes of y = x W for `Rows` inputs of `Depth` elements of type `T`.
template <class T, std::size_t Rows, std::size_t Columns, std::size_t Depth>
using forward_size = product_size<Rows, Columns, Depth, Depth, 1, forward_order(Columns, Depth, sizeof(T))>;

/// The initial values of the sums of a product: the row and column strides with which they are read from memory.
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
/// The elements of a matrix with this row stride: C itself, to accumulate into it.
template <std::size_t CStride>
using from_matrix = product_start<true, CStride, 1>;

}  // namespace CTNN_NAMESPACE::kernel
