// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The product of two matrices of constant size: straight-line code when tiny, register tiles when large.

#include <ctnn/kernel/crosswise_product.hpp>
#include <ctnn/kernel/narrow_product.hpp>
#include <ctnn/kernel/product_size.hpp>
#include <ctnn/kernel/tile.hpp>
#include <ctnn/kernel/transpose.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace ctnn::kernel {

/// Products with up to three columns and so many multiply-accumulates become straight-line code of single numbers.
inline constexpr std::size_t straight_line_limit = 64;

namespace detail {

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

/// Terms of a sum that constant evaluation takes in one expression.
inline constexpr std::size_t terms_at_once = 16;

// The product in constant evaluation, which pays for every statement, every call and every index that is computed: a
// sum is one expression with constant indices, or, if it is long, some of these. B(k, column) stands at k * Down +
// column * Across.

template <class Size, class Start, std::size_t Down, std::size_t Across, class Terms>
struct product_in_one_expression;
template <class Size, class Start, std::size_t Down, std::size_t Across, std::size_t... Term>
struct product_in_one_expression<Size, Start, Down, Across, std::index_sequence<Term...>> {
    template <class T>
    static constexpr void evaluate(const T* a, const T* b, const T* start, T* c) {
        for (std::size_t m = 0; m < Size::rows; ++m)
            for (std::size_t n = 0; n < Size::columns; ++n)
                c[m * Size::c_stride + n] =
                    ((Start::from_memory ? start[m * Start::row_stride + n * Start::column_stride] : T{}) + ... +
                     (a[m * Size::row_stride + Term * Size::depth_stride] * b[n * Across + Term * Down]));
    }
};

/// The same for several runs: `Term` are the terms of a run, `Between` the runs after the first without the last, which
/// has the terms `Last`.
template <class Size, class Start, std::size_t Down, std::size_t Across, class Terms, class Between, class Last>
struct product_in_short_runs;
template <class Size, class Start, std::size_t Down, std::size_t Across, std::size_t... Term, std::size_t... Between,
          std::size_t... Last>
struct product_in_short_runs<Size, Start, Down, Across, std::index_sequence<Term...>, std::index_sequence<Between...>,
                             std::index_sequence<Last...>> {
    static constexpr std::size_t run = sizeof...(Term), last = (Size::order.runs - 1) * run;

    template <class T>
    static constexpr void evaluate(const T* a, const T* b, const T* start, T* c) {
        for (std::size_t m = 0; m < Size::rows; ++m)
            for (std::size_t n = 0; n < Size::columns; ++n) {
                const T *left = a + m * Size::row_stride, *right = b + n * Across;
                c[m * Size::c_stride + n] =
                    (((Start::from_memory ? start[m * Start::row_stride + n * Start::column_stride] : T{}) + ... +
                      (left[Term * Size::depth_stride] * right[Term * Down])) +
                     ... + run_sum<Between + 1>(left, right)) +
                    (T{} + ... + (left[(last + Last) * Size::depth_stride] * right[(last + Last) * Down]));
            }
    }
    template <std::size_t Of, class T>
    static constexpr T run_sum(const T* left, const T* right) {
        return (T{} + ... + (left[(Of * run + Term) * Size::depth_stride] * right[(Of * run + Term) * Down]));
    }
};

/// `Rest` are the terms of a run after the last sixteen, `Left` those of the last run that the others do not have.
template <class Size, class Start, std::size_t Down, std::size_t Across, class Terms, class Rest, class Left>
struct product_in_runs;
template <class Size, class Start, std::size_t Down, std::size_t Across, std::size_t... Term, std::size_t... Rest,
          std::size_t... Left>
struct product_in_runs<Size, Start, Down, Across, std::index_sequence<Term...>, std::index_sequence<Rest...>,
                       std::index_sequence<Left...>> {
    template <class T>
    static constexpr void evaluate(const T* a, const T* b, const T* start, T* c) {
        constexpr std::size_t runs = Size::order.runs, run = Size::depth / runs, whole = run - sizeof...(Rest);
        for (std::size_t m = 0; m < Size::rows; ++m)
            for (std::size_t n = 0; n < Size::columns; ++n) {
                T total = (Start::from_memory ? start[m * Start::row_stride + n * Start::column_stride] : T{});
                for (std::size_t of = 0; of < runs; ++of) {
                    const T* const left = a + m * Size::row_stride + of * run * Size::depth_stride;
                    const T* const right = b + n * Across + of * run * Down;
                    T sum = of == 0 ? total : T{};
                    for (std::size_t k = 0; k < whole; k += terms_at_once)
                        sum = (sum + ... + (left[(k + Term) * Size::depth_stride] * right[(k + Term) * Down]));
                    sum = (sum + ... + (left[(whole + Rest) * Size::depth_stride] * right[(whole + Rest) * Down]));
                    if constexpr (sizeof...(Left) > 0)
                        if (of + 1 == runs)
                            sum = (sum + ... + (left[(run + Left) * Size::depth_stride] * right[(run + Left) * Down]));
                    total = of == 0 ? sum : total + sum;
                }
                c[m * Size::c_stride + n] = total;
            }
    }
};

template <class Size, class Start, std::size_t Down, std::size_t Across, class Parts, class Left>
struct product_in_partial_sums;
template <class Size, class Start, std::size_t Down, std::size_t Across, std::size_t... Part, std::size_t... Left>
struct product_in_partial_sums<Size, Start, Down, Across, std::index_sequence<Part...>, std::index_sequence<Left...>> {
    template <class T>
    static constexpr void evaluate(const T* a, const T* b, const T* start, T* c) {
        constexpr std::size_t whole = Size::depth - sizeof...(Left);
        for (std::size_t m = 0; m < Size::rows; ++m)
            for (std::size_t n = 0; n < Size::columns; ++n) {
                const T *left = a + m * Size::row_stride, *right = b + n * Across;
                T sums[partial_sums]{(T{} + left[Part * Size::depth_stride] * right[Part * Down])...};
                for (std::size_t k = partial_sums; k < whole; k += partial_sums)
                    ((sums[Part] += left[(k + Part) * Size::depth_stride] * right[(k + Part) * Down]), ...);
                ((sums[Left] += left[(whole + Left) * Size::depth_stride] * right[(whole + Left) * Down]), ...);
                c[m * Size::c_stride + n] =
                    (Start::from_memory ? start[m * Start::row_stride + n * Start::column_stride] : T{}) +
                    (((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7])));
            }
    }
};

template <class Size, class Start, std::size_t Down, std::size_t Across, std::size_t Runs = Size::order.runs,
          std::size_t Run = Size::depth / Runs>
using constant_product = std::conditional_t<
    Size::order.interleaved,
    product_in_partial_sums<Size, Start, Down, Across, std::make_index_sequence<partial_sums>,
                            std::make_index_sequence<Size::depth % partial_sums>>,
    std::conditional_t<
        Runs == 1 && (Run < terms_at_once),
        product_in_one_expression<Size, Start, Down, Across, std::make_index_sequence<Run>>,
        std::conditional_t<(Runs > 1) && (Run < 2 * terms_at_once),
                           product_in_short_runs<Size, Start, Down, Across, std::make_index_sequence<Run>,
                                                 std::make_index_sequence<(Runs > 1 ? Runs - 2 : 0)>,
                                                 std::make_index_sequence<Run + Size::depth % Runs>>,
                           product_in_runs<Size, Start, Down, Across, std::make_index_sequence<terms_at_once>,
                                           std::make_index_sequence<Run % terms_at_once>,
                                           std::make_index_sequence<Size::depth % Runs>>>>>;

}  // namespace detail

/// C = start + A B.
///
/// c[m][n] = start(m, n) + a(m, 0) b[0][n] + a(m, 1) b[1][n] + ..., added in the order `Size::order`. Registers lie
/// across the columns, or across terms of different partial sums, so the order is the same in both phases and at every
/// vector width. C must not overlap A or B.
///
/// *Cost*: `Size::multiply_accumulates`.
template <class Size, class Start, class T>
CTNN_INLINE constexpr void matrix_product(const T* a, const T* b, const T* start, T* c) {
    if (__builtin_is_constant_evaluated()) {
        detail::constant_product<Size, Start, Size::b_stride, 1>::evaluate(a, b, start, c);
    } else if constexpr (detail::is_crosswise<Size, Start, T>) {
        detail::crosswise<Size, Start>(a, b, start, c);
    } else if constexpr (Size::order.interleaved) {
        detail::narrow<Size, Start>(a, b, start, c);
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

/// How many numbers of scratch memory `product_with_transposed` needs.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth>
inline constexpr std::size_t transposed_scratch = Rows == 1 ? 0 : Columns * Depth;

/// C = start + A B^T for B of `Columns` x `Depth`: c[m][n] = start(m, n) + a[m][0] b[n][0] + a[m][1] b[n][1] + ...,
/// added in the order `Order`, or interleaved if A has a single row and eight terms or more. `Start` is `from_zero`, or
/// `from_matrix<CStride>` to add to C.
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
        detail::constant_product<size, Start, 1, Depth>::evaluate(a, b, static_cast<const T*>(c), c);
    } else {
        transpose<Columns, Depth>(b, scratch);
        matrix_product<size, Start>(a, scratch, c, c);
    }
}

}  // namespace ctnn::kernel
