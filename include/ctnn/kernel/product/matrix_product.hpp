// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The product of two matrices of constant size (GEMM), in both phases: picks the kernel by the sizes. For dense,
/// convolutional and recurrent layers, and attention.

#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/arrays.hpp>
#include <ctnn/kernel/constant_evaluation/product.hpp>
#include <ctnn/kernel/product/dot_products.hpp>
#include <ctnn/kernel/product/fpu_rows.hpp>
#include <ctnn/kernel/product/micro_kernel.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/product/tall_skinny.hpp>
#include <ctnn/kernel/vector/transpose.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::kernel {

/// Products with up to three columns and this many multiply-accumulates become straight-line scalar code.
inline constexpr std::size_t straight_line_limit = 64;

namespace detail {

/// A scalar from memory, opaque to the compiler: g++ 12 at -O3 takes the wrong lane of the register that was stored
/// there, if it vectorises the scalar code again.
template <class T>
CTNN_INLINE inline T scalar(T number) {
#if defined(__clang__)
    return number;
#else
    return math::detail::unknown(number);
#endif
}

// Copies of entire tensors are made in separate functions: unoptimised code would have them on the caller's stack at
// run time.

template <class Size, class T, class Matrix>
constexpr void assign_product(const T* a, const T* b, tensor<T, Matrix>& c) {
    assign(c, array_product<Size, from_zero, T>::of(a, b));
}
template <class Whole, std::size_t Columns, std::size_t Depth, class T, class Matrix>
constexpr void write_with_transposed(const T* a, const tensor<T, Matrix>& b, T* c) {
    using elements_type = registers<T, Columns * Depth, 1>;
    const auto numbers = __builtin_bit_cast(elements_type, b);
    Whole::write(a, transposed<Columns, Depth>(numbers), registers<T, Columns>{}, c);
}

}  // namespace detail

/// C = start + A B.
///
/// c[m][n] = start(m, n) + a(m, 0) b[0][n] + a(m, 1) b[1][n] + ..., added in the order `Size::order`. It is vectorised
/// over the columns, or over terms of different partial sums, so the order is the same in both phases and at every
/// vector width. C must not overlap A or B.
///
/// *Cost*: `Size::multiply_accumulates`.
template <class Size, class Start, class T>
CTNN_INLINE constexpr void matrix_product(const T* a, const T* b, const T* start, T* c) {
    if (__builtin_is_constant_evaluated()) {
        detail::constant_product<Size, Start, Size::b_stride, 1>(a, b, start, c);
    } else if constexpr (detail::is_tall_skinny<Size, Start, T>) {
        detail::tall_skinny<Size, Start>(a, b, start, c);
    } else if constexpr (Size::order.kind == sum_kind::lanes) {
        detail::dot_products<Size, Start>(a, b, start, c);
    } else if constexpr (detail::uses_fpu_rows<Size, Start, T>) {
        detail::fpu_rows<Size, Start>(a, b, start, c);
    } else if constexpr (Size::order.runs == 1 && Size::columns < 4 &&
                         Size::multiply_accumulates <= straight_line_limit) {
        unroll<Size::rows>([&](auto out_row) CTNN_INLINE {
            unroll<Size::columns>([&](auto out_column) CTNN_INLINE {
                T out_sum{};
                if constexpr (Start::from_memory)
                    out_sum = start[out_row() * Start::row_stride + out_column() * Start::column_stride];
                unroll<Size::depth>([&](auto term) CTNN_INLINE {
                    out_sum += detail::scalar(a[out_row() * Size::row_stride + term() * Size::depth_stride]) *
                               b[term() * Size::b_stride + out_column()];
                });
                c[out_row() * Size::c_stride + out_column()] = out_sum;
            });
        });
    } else {
        detail::tiled<Size, Start>(a, b, start, c);
    }
}

/// The same for tensors B and start, which constant evaluation takes in one bit_cast each.
template <class Size, class Start, class T, class Matrix, class Row>
CTNN_INLINE constexpr void matrix_product(const T* a, const tensor<T, Matrix>& b, const tensor<T, Row>& start, T* c) {
    if (__builtin_is_constant_evaluated())
        detail::array_product<Size, Start, T>::write(a, b, start, c);
    else
        matrix_product<Size, Start>(a, b.values, start.values, c);
}

/// C = A B for a tensor C, which constant evaluation assigns as one object.
template <class Size, class T, class Matrix>
CTNN_INLINE constexpr void matrix_product(const T* a, const T* b, tensor<T, Matrix>& c) {
    if (__builtin_is_constant_evaluated())
        detail::assign_product<Size>(a, b, c);
    else
        matrix_product<Size, from_zero>(a, b, b, c.values);
}

/// Elements of scratch memory that `product_with_transposed` needs.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth>
inline constexpr std::size_t transposed_scratch = Rows == 1 ? 0 : Columns* Depth;

/// C = start + A B^T for B of `Columns` x `Depth`: c[m][n] = start(m, n) + a[m][0] b[n][0] + a[m][1] b[n][1] + ...,
/// added in the order `Order`, or in eight partial sums if A has a single row and eight terms or more. `Start` is
/// `from_zero`, or `from_matrix<CStride>` to accumulate into C.
///
/// B is transposed into `scratch` first, unless A has a single row. C must not overlap the others.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, class Start = from_zero,
          sum_order Order = left_to_right, std::size_t CStride = Columns, class T>
CTNN_INLINE constexpr void product_with_transposed(const T* a, const T* b, T* c, T* scratch) {
    using size = product_size<Rows, Columns, Depth, Depth, 1, Order, Columns, CStride>;
    if constexpr (Rows == 1) {
        using along = product_start<Start::from_memory, Start::column_stride, 0>;
        matrix_product<forward_size<T, Columns, 1, Depth>, along>(b, a, static_cast<const T*>(c), c);
    } else if (__builtin_is_constant_evaluated()) {
        detail::constant_product<size, Start, 1, Depth>(a, b, static_cast<const T*>(c), c);
    } else {
        transpose<Columns, Depth>(b, scratch);
        matrix_product<size, Start>(a, scratch, c, c);
    }
}

/// The same for a tensor B, which constant evaluation takes in one bit_cast; it is vectorised over the rows of B.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, class T, class Matrix>
CTNN_INLINE constexpr void product_with_transposed(const T* a, const tensor<T, Matrix>& b, T* c, T* scratch) {
    constexpr sum_order order = Rows == 1 ? forward_size<T, Columns, 1, Depth>::order : left_to_right;
    using whole = detail::array_product<product_size<Rows, Columns, Depth, Depth, 1, order>, from_zero, T>;
    if constexpr (whole::lanes > 4)
        if (__builtin_is_constant_evaluated()) return detail::write_with_transposed<whole, Columns, Depth>(a, b, c);
    product_with_transposed<Rows, Columns, Depth>(a, b.values, c, scratch);
}

}  // namespace CTNN_NAMESPACE::kernel
