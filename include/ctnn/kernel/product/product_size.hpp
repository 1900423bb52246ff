// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a product of matrices is told with its types: its sizes, and what its sums start from. For all products.

#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

/// The sizes of C = A B: C is `Rows` x `Columns`, the sum runs over `Depth` terms. A is read with any strides, so that
/// a transposed A costs nothing; B and C are row-major, and may be some columns of wider matrices.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, std::size_t RowStride = Depth,
          std::size_t DepthStride = 1, sum_order Order = left_to_right, std::size_t BStride = Columns,
          std::size_t CStride = Columns>
struct product_size {
    static constexpr std::size_t rows = Rows;
    static constexpr std::size_t columns = Columns;
    static constexpr std::size_t depth = Depth;
    static constexpr std::size_t multiply_accumulates = Rows * Columns * Depth;
    static constexpr sum_order order = Order;

    /// A(row, k) stands at row * row_stride + k * depth_stride.
    static constexpr std::size_t row_stride = RowStride;
    static constexpr std::size_t depth_stride = DepthStride;
    /// A row of B or of C begins so many numbers behind the one before.
    static constexpr std::size_t b_stride = BStride;
    static constexpr std::size_t c_stride = CStride;

    /// Where a tile finds a number of its rows of A, and a row of B.
    template <class T>
    static constexpr T element_of_a(const T* some_rows, std::size_t row, std::size_t term) {
        return some_rows[row * RowStride + term * DepthStride];
    }
    template <class T>
    static constexpr const T* row_of_b(const T* b, std::size_t term) {
        return b + term * BStride;
    }
};

/// The sizes of y = x W for `Rows` inputs of `Depth` numbers of type `T`.
template <class T, std::size_t Rows, std::size_t Columns, std::size_t Depth>
using forward_size = product_size<Rows, Columns, Depth, Depth, 1, forward_order(Columns, Depth, sizeof(T))>;

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
/// What stands in a matrix whose rows are so far apart: C itself, to add to it.
template <std::size_t CStride>
using from_matrix = product_start<true, CStride, 1>;

}  // namespace CTNN_NAMESPACE::kernel
