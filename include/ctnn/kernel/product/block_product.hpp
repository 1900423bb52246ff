// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The product for a block of time steps, in both phases: a row of its operand holds one feature of all steps. For
/// `block_stream`.

#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/product.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/product/tall_skinny.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

/// y[n][t] = start[n] + x[0][t] b[0][n] + x[1][t] b[1][n] + ... for `Steps` time steps t, each added in the order
/// `Size::order`: what `matrix_product` computes for the row of one step, to the bit. A register holds one feature of
/// several steps, so that few features fill it too.
///
/// `Size` is that of the product for one step; `Start` is `from_zero` or `from_bias`. A function of its own: layers with
/// products of one size share its code. y must not overlap the others.
///
/// *Cost*: `Steps * Size::multiply_accumulates`.
template <std::size_t Steps, class Size, class Start, class T>
[[gnu::noinline]] constexpr void block_product(const T* x, const T* b, const T* start, T* y) {
    static_assert(Size::rows == 1 && Start::row_stride == 0, "the sizes are those of one step");
    if (__builtin_is_constant_evaluated()) {
        using size = product_size<Size::columns, Steps, Size::depth, 1, Size::b_stride, Size::order, Steps, Steps>;
        detail::constant_product<size, product_start<Start::from_memory, Start::column_stride, 0>, Steps, 1>(b, x,
                                                                                                             start, y);
    } else {
        detail::tall_skinny_sums<Size, Steps, Steps, Start>(x, b, start, y);
    }
}

}  // namespace CTNN_NAMESPACE::kernel
