// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A row times a matrix of weights that are finite, for processors that multiply real numbers by software.

#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// Whether a multiplication is a call of a function: Cortex-M0, M3, RV32IMAC.
#if CTNN_VECTOR_BYTES == 0 && ((defined(__arm__) && (!defined(__ARM_FP) || defined(__SOFTFP__))) || \
                               (defined(__riscv) && !defined(__riscv_flen)))
inline constexpr bool multiplies_in_software = true;
#else
inline constexpr bool multiplies_in_software = false;
#endif

/// A run of `length` terms for all columns; what an input that is 0 would add is 0.
template <class T>
[[gnu::noinline]] void add_run(const T* x, const T* w, T* sums, std::size_t length, std::size_t columns) {
    for (const T* const end = x + length; x != end; ++x) {
        const T factor = *x;
        if (factor == T{}) {
            w += columns;
        } else {
            for (T *to = sums, *const last = sums + columns; to != last; ++to) *to += factor * *w++;
        }
    }
}

/// y = start + x W in the order of summation of a product, `blocks` in `Order.runs` runs, but that zeros may differ in
/// their sign; x and W are finite.
///
/// *Cost*: one multiply-accumulate for each column and each x that is not 0.
template <std::size_t Columns, std::size_t Depth, kernel::sum_order Order, class T>
CTNN_INLINE inline void row_in_software(const T* x, const T* w, const T* start, T* y) {
    constexpr std::size_t run = Depth / Order.runs;
    for (std::size_t i = 0; i < Columns; ++i) y[i] = start[i];
    add_run(x, w, y, Order.runs == 1 ? Depth : run, Columns);
    for (std::size_t index = 1; index < Order.runs; ++index) {
        T sums[Columns]{};
        const std::size_t length = index + 1 < Order.runs ? run : Depth - index * run;
        add_run(x + index * run, w + index * run * Columns, sums, length, Columns);
        for (std::size_t i = 0; i < Columns; ++i) y[i] += sums[i];
    }
}

}  // namespace CTNN_NAMESPACE::detail
