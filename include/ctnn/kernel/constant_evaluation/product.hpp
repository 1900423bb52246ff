// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The product of two matrices in constant evaluation.
///
/// Each statement, call and computed index costs there: a sum is one expression with constant indices, or several if it
/// is long. In g++ each access to a static member of a template costs too, so functions access it once. The elements of
/// A, B and C are scalars or registers.

#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/arrays.hpp>
#include <ctnn/kernel/product/product_size.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

// Registers may be wider than those of the machine; g++ warns about their ABI.
#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

namespace CTNN_NAMESPACE::kernel::detail {

/// Terms of a sum in one expression of constant evaluation.
inline constexpr std::size_t terms_at_once = 32;

/// `Count` offsets from `First * Stride` on, `Stride` apart.
template <std::size_t First, std::size_t Stride, class Indices>
struct offsets_of;
template <std::size_t First, std::size_t Stride, std::size_t... Index>
struct offsets_of<First, Stride, std::index_sequence<Index...>> {
    using type = std::index_sequence<((First + Index) * Stride)...>;
};
template <std::size_t Count, std::size_t Stride, std::size_t First = 0>
using offsets = typename offsets_of<First, Stride, std::make_index_sequence<Count>>::type;

/// Terms whose factors are at these offsets.
template <class Left, class Right>
struct terms;
template <std::size_t... Left, std::size_t... Right>
struct terms<std::index_sequence<Left...>, std::index_sequence<Right...>> {
    /// sum + left[Left[0]] right[Right[0]] + left[Left[1]] right[Right[1]] + ...
    template <class T, class R>
    static constexpr R added(const T* left, const R* right, R sum) {
        return (sum + ... + (left[Left] * right[Right]));
    }
    /// The same for each element of C.
    template <bool FromMemory, std::size_t Rows, std::size_t Columns, std::size_t AStride, std::size_t Across,
              std::size_t RowStride, std::size_t ColumnStride, std::size_t CStride, class T, class R>
    static constexpr void evaluate(const T* a, const R* b, const R* start, R* c) {
        for (std::size_t m = 0; m < Rows; ++m)
            for (std::size_t n = 0; n < Columns; ++n)
                if constexpr (FromMemory)
                    c[m * CStride + n] = (start[m * RowStride + n * ColumnStride] + ... +
                                          (a[m * AStride + Left] * b[n * Across + Right]));
                else
                    c[m * CStride + n] = (R{} + ... + (a[m * AStride + Left] * b[n * Across + Right]));
    }
};

/// The same for a sum in short runs: one expression for the first run and the last, and a call for each run between
/// them.
template <class First, class Last, class... Between>
struct short_runs;
template <std::size_t... Left, std::size_t... Right, std::size_t... LastLeft, std::size_t... LastRight,
          class... Between>
struct short_runs<terms<std::index_sequence<Left...>, std::index_sequence<Right...>>,
                  terms<std::index_sequence<LastLeft...>, std::index_sequence<LastRight...>>, Between...> {
    template <bool FromMemory, std::size_t Rows, std::size_t Columns, std::size_t AStride, std::size_t Across,
              std::size_t RowStride, std::size_t ColumnStride, std::size_t CStride, class T, class R>
    static constexpr void evaluate(const T* a, const R* b, const R* start, R* c) {
        for (std::size_t m = 0; m < Rows; ++m)
            for (std::size_t n = 0; n < Columns; ++n) {
                const T* const left = a + m * AStride;
                const R* const right = b + n * Across;
                if constexpr (FromMemory)
                    c[m * CStride + n] =
                        (((start[m * RowStride + n * ColumnStride] + ... + (left[Left] * right[Right])) + ... +
                          Between::added(left, right, R{})) +
                         (R{} + ... + (left[LastLeft] * right[LastRight])));
                else
                    c[m * CStride + n] =
                        (((R{} + ... + (left[Left] * right[Right])) + ... + Between::added(left, right, R{})) +
                         (R{} + ... + (left[LastLeft] * right[LastRight])));
            }
    }
};
template <class Size, std::size_t Down, std::size_t Count, std::size_t Of>
using terms_of_run = terms<offsets<Count, Size::depth_stride, Of*(Size::depth / Size::order.runs)>,
                           offsets<Count, Down, Of*(Size::depth / Size::order.runs)>>;
template <class Size, std::size_t Down, class Between>
struct sum_in_short_runs;
template <class Size, std::size_t Down, std::size_t... Between>
struct sum_in_short_runs<Size, Down, std::index_sequence<Between...>> {
    static constexpr std::size_t runs = Size::order.runs, run = Size::depth / runs;
    using type =
        short_runs<terms_of_run<Size, Down, run, 0>, terms_of_run<Size, Down, run + Size::depth % runs, runs - 1>,
                   terms_of_run<Size, Down, run, Between + 1>...>;
};

/// Adds the terms of a run of any length.
template <std::size_t Count, std::size_t LeftStride, std::size_t RightStride, class T, class R>
constexpr R add_run(const T* left, const R* right, R sum) {
    constexpr std::size_t rest = Count % terms_at_once, whole = Count - rest;
    using at_once = terms<offsets<terms_at_once, LeftStride>, offsets<terms_at_once, RightStride>>;
    for (std::size_t k = 0; k < whole; k += terms_at_once)
        sum = at_once::added(left + k * LeftStride, right + k * RightStride, sum);
    if constexpr (rest > 0)
        return terms<offsets<rest, LeftStride, whole>, offsets<rest, RightStride, whole>>::added(left, right, sum);
    else
        return sum;
}

/// A sum in runs; `Between` are the runs between the first and the last, which also takes the remainder.
template <class Size, std::size_t Down, class Between>
struct sum_in_runs;
template <class Size, std::size_t Down, std::size_t... Between>
struct sum_in_runs<Size, Down, std::index_sequence<Between...>> {
    static constexpr std::size_t run = Size::depth / Size::order.runs;

    template <class T, class R>
    static constexpr R evaluate(const T* left, const R* right, R start) {
        constexpr std::size_t across = run * Size::depth_stride, down = run * Down, last = Size::order.runs - 1;
        return (
            (add_run<run, Size::depth_stride, Down>(left, right, start) + ... +
             add_run<run, Size::depth_stride, Down>(left + (Between + 1) * across, right + (Between + 1) * down, R{})) +
            add_run<run + Size::depth % Size::order.runs, Size::depth_stride, Down>(left + last * across,
                                                                                    right + last * down, R{}));
    }
};

/// A sum whose term k goes to partial sum k mod `Parts`; the first partial sum begins with `start`.
template <class Size, std::size_t Down, class Parts, class Rest>
struct sum_in_parts;
template <class Size, std::size_t Down, std::size_t... Part, std::size_t... Rest>
struct sum_in_parts<Size, Down, std::index_sequence<Part...>, std::index_sequence<Rest...>> {
    template <class T, class R>
    static constexpr R evaluate(const T* left, const R* right, R start) {
        constexpr std::size_t parts = sizeof...(Part), whole = Size::depth - sizeof...(Rest),
                              stride = Size::depth_stride;
        R sums[parts]{((Part == 0 ? start : R{}) + left[Part * stride] * right[Part * Down])...};
        for (std::size_t k = parts; k < whole; k += parts)
            ((sums[Part] += left[(k + Part) * stride] * right[(k + Part) * Down]), ...);
        ((sums[Rest] += left[(whole + Rest) * stride] * right[(whole + Rest) * Down]), ...);
        if constexpr (parts == 8)
            return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
        else if constexpr (parts == 4)
            return (sums[0] + sums[2]) + (sums[1] + sums[3]);
        else
            return sums[0] + sums[1];
    }
};
template <class Size, std::size_t Down, std::size_t Parts>
using interleaved_sum =
    sum_in_parts<Size, Down, std::make_index_sequence<Parts>, std::make_index_sequence<Size::depth % Parts>>;

/// C = start + A B, where B(k, column) is at k * Down + column * Across.
template <class Size, class Start, std::size_t Down, std::size_t Across, class T, class R>
constexpr void constant_product(const T* a, const R* b, const R* start, R* c) {
    if constexpr (Size::order.kind != sum_kind::lanes && Size::order.runs == 1 && Size::depth <= terms_at_once) {
        terms<offsets<Size::depth, Size::depth_stride>, offsets<Size::depth, Down>>::template evaluate<
            Start::from_memory, Size::rows, Size::columns, Size::row_stride, Across, Start::row_stride,
            Start::column_stride, Size::c_stride>(a, b, start, c);
    } else if constexpr (Size::order.kind == sum_kind::blocks && Size::order.runs > 1 &&
                         Size::depth <= Size::order.runs * terms_at_once) {
        using sum = typename sum_in_short_runs<Size, Down, std::make_index_sequence<Size::order.runs - 2>>::type;
        sum::template evaluate<Start::from_memory, Size::rows, Size::columns, Size::row_stride, Across,
                               Start::row_stride, Start::column_stride, Size::c_stride>(a, b, start, c);
    } else {
        constexpr std::size_t rows = Size::rows, columns = Size::columns, depth = Size::depth, runs = Size::order.runs,
                              a_stride = Size::row_stride, c_stride = Size::c_stride, row_stride = Start::row_stride,
                              column_stride = Start::column_stride;
        for (std::size_t m = 0; m < rows; ++m)
            for (std::size_t n = 0; n < columns; ++n) {
                R first{};
                if constexpr (Start::from_memory) first = start[m * row_stride + n * column_stride];
                if constexpr (Size::order.kind == sum_kind::lanes)
                    first = first +
                            interleaved_sum<Size, Down, partial_sums>::evaluate(a + m * a_stride, b + n * Across, R{});
                else if constexpr (Size::order.kind == sum_kind::interleaved && runs > 1)
                    first = interleaved_sum<Size, Down, runs>::evaluate(a + m * a_stride, b + n * Across, first);
                else if constexpr (runs == 1)
                    first = add_run<depth, Size::depth_stride, Down>(a + m * a_stride, b + n * Across, first);
                else
                    first = sum_in_runs<Size, Down, std::make_index_sequence<runs - 2>>::evaluate(
                        a + m * a_stride, b + n * Across, first);
                c[m * c_stride + n] = first;
            }
    }
}

/// A product of matrices held entirely in registers, vectorised over the columns.
template <class Size, class Start, class T>
struct array_product {
    static constexpr std::size_t columns = Size::columns, lanes = constant_lanes(columns, Size::multiply_accumulates),
                                 across = columns / lanes;
    using right_type = registers<T, Size::depth * columns, lanes>;
    using start_type = registers<T, columns, lanes>;
    using result_type = registers<T, Size::rows * columns, lanes>;
    using size = product_size<Size::rows, across, Size::depth, Size::row_stride, Size::depth_stride, Size::order>;

    /// C = start + A B.
    template <class Matrix, class Row>
    static constexpr void write(const T* a, const Matrix& b, const Row& start, T* c) {
        if constexpr (lanes == 1) {
            const auto right = __builtin_bit_cast(right_type, b);
            const auto first = __builtin_bit_cast(start_type, start);
            constant_product<size, Start, across, 1>(a, right.in, first.in, c);
        } else {
            write_array(of(a, b, start), c);
        }
    }
    /// The same, returned in registers; the matrices are objects with as many elements.
    template <class Matrix, class Row>
    static constexpr result_type of(const T* a, const Matrix& b, const Row& start) {
        return of<Start>(a, __builtin_bit_cast(right_type, b), __builtin_bit_cast(start_type, start));
    }
    /// A B.
    static constexpr result_type of(const T* a, const T* b) {
        if constexpr (lanes == 1 && Size::depth == 1 && Size::rows * columns <= 2 * terms_at_once)
            return outer<columns, Size::row_stride>(a, b, std::make_index_sequence<Size::rows * columns>{});
        else if constexpr (lanes < 8 && constant_lanes(Size::rows, Size::multiply_accumulates) >= 8 &&
                           Size::row_stride == 1 && Size::depth_stride == Size::rows)
            return __builtin_bit_cast(result_type, across_rows<from_zero>(a, b, registers<T, Size::rows, 1>{}));
        const auto right = __builtin_bit_cast(right_type, read_array<Size::depth * Size::columns>(b));
        return of<from_zero>(a, right, right);
    }
    /// start + A B as scalars, vectorised over the rows, where the columns would leave most lanes empty. A is
    /// column-major; `start` has one element per row.
    template <class From, class Column>
    static constexpr auto across_rows(const T* a, const T* b, const Column& start) {
        static_assert(Size::row_stride == 1 && Size::depth_stride == Size::rows);
        using size_across = product_size<columns, Size::rows, Size::depth, 1, columns, Size::order>;
        using elements_type = registers<T, Size::rows * columns, 1>;
        return transposed<columns, Size::rows>(__builtin_bit_cast(
            elements_type, array_product<size_across, From, T>::of(b, read_array<Size::depth * Size::rows>(a), start)));
    }

  private:
    template <class From, class First>
    static constexpr result_type of(const T* a, const right_type& right, const First& first) {
        result_type result{};
        if constexpr (lanes > 1 && has_slow_broadcast)
            constant_product<size, From, across, 1>(left_in_each_lane(a).in, right.in, first.in, result.in);
        else
            constant_product<size, From, across, 1>(a, right.in, first.in, result.in);
        return result;
    }

    static constexpr std::size_t left_count =
        (Size::rows - 1) * Size::row_stride + (Size::depth - 1) * Size::depth_stride + 1;
    using left_type = registers<T, left_count * lanes, lanes>;

    /// The elements of A, each broadcast to a register.
    static constexpr left_type left_in_each_lane(const T* a) {
        left_type result{};
        for (std::size_t i = 0; i < left_count; ++i) result.in[i] = in_each_lane<register_t<T, lanes>>(a[i]);
        return result;
    }

    /// A column times a row, of few elements.
    template <std::size_t Columns, std::size_t Stride, std::size_t... Index>
    static constexpr result_type outer(const T* a, const T* b, std::index_sequence<Index...>) {
        return {{(T{} + a[Index / Columns * Stride] * b[Index % Columns])...}};
    }
};

}  // namespace CTNN_NAMESPACE::kernel::detail

#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif
