// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products at run time whose columns do not fill a register: each output is a dot product, with lanes across its terms.

#include <ctnn/config.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/kernel/vector/unroll.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::kernel::detail {

/// `V` with each element repeated `Columns` times; of these registers, number `Index`.
template <std::size_t Columns, std::size_t Index, class V, std::size_t... Lane>
CTNN_INLINE inline V repeated(V numbers, std::index_sequence<Lane...>) {
    constexpr std::size_t lanes = sizeof...(Lane);
    if constexpr (lanes == 1 || Columns == 1)
        return numbers;
    else
        return __builtin_shufflevector(numbers, numbers, int{(Index * lanes + Lane) / Columns}...);
}

/// C = start + A B, where term k of each sum goes to partial sum k mod 8.
///
/// Eight rows of B are contiguous. They are multiplied with eight elements of A, each repeated for all columns, so that
/// a register holds the partial sums of all columns in memory order.
template <class Size, class Start, class T>
CTNN_INLINE inline void dot_products(const T* a, const T* b, const T* start, T* c) {
    static_assert(Size::depth_stride == 1, "each row of A is contiguous");
    static_assert(Size::b_stride == Size::columns, "B is contiguous");
    constexpr std::size_t columns = Size::columns, lanes = partial_sum_lanes<T>;
    constexpr std::size_t pieces = partial_sums / lanes, left = Size::depth % partial_sums;
    using V = register_t<T, lanes>;
    for (std::size_t row = 0; row < Size::rows;
         ++row, a += Size::row_stride, start += Start::row_stride, c += Size::c_stride) {
        V sums[pieces * columns]{};
        const auto add_terms = [&](std::size_t first_term) CTNN_INLINE {
            unroll<pieces>([&](auto of_piece) CTNN_INLINE {
                const V left_elements = load<V>(a + first_term + of_piece() * lanes);
                unroll<columns>([&](auto register_index) CTNN_INLINE {
                    const V factor =
                        repeated<columns, register_index()>(left_elements, std::make_index_sequence<lanes>{});
                    const V right =
                        load<V>(b + first_term * columns + (of_piece() * columns + register_index()) * lanes);
                    sums[of_piece() * columns + register_index()] += factor * right;
                });
            });
        };
        for (std::size_t k = 0; k < Size::depth - left; k += partial_sums) add_terms(k);
        constexpr bool whole = left == 0 && (columns == 1 || columns == 2 || columns == 4) && columns <= lanes;
        T totals[columns];
        if constexpr (whole) {
            const auto total = fold_registers<columns>(sums, plus{});
            if constexpr (columns == 1)
                totals[0] = total;
            else
                store<columns>(totals, total);
        } else {
            T partial[partial_sums * columns];
            unroll<pieces * columns>([&](auto register_index) CTNN_INLINE {
                store<lanes>(partial + register_index() * lanes, sums[register_index()]);
            });
            for (std::size_t i = 0; i < left * columns; ++i)
                partial[i] += a[Size::depth - left + i / columns] * b[(Size::depth - left) * columns + i];
            for (std::size_t half = partial_sums / 2; half > 0; half /= 2)
                for (std::size_t i = 0; i < half * columns; ++i) partial[i] += partial[half * columns + i];
            for (std::size_t n = 0; n < columns; ++n) totals[n] = partial[n];
        }
        for (std::size_t n = 0; n < columns; ++n)
            c[n] = (Start::from_memory ? start[n * Start::column_stride] : T{}) + totals[n];
    }
}

}  // namespace CTNN_NAMESPACE::kernel::detail
