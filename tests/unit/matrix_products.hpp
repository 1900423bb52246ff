// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of many sizes, each compared with a plain loop. The sizes are template arguments, so this is slow to
/// compile, and `float` and `double` are separate programs.

#include "core_support.hpp"
#include "ordered_sum.hpp"

#include <ctnn/kernel/product/matrix_product.hpp>

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace products {

namespace kernel = ctnn::kernel;
using core_support::ordered_sum;
using core_support::random_vector;
using core_support::same;

/// A matrix in memory, with the strides between rows (`down`) and between columns (`across`).
template <class T>
struct matrix_view {
    const T* numbers;
    std::size_t down, across;
    T at(std::size_t row, std::size_t column) const { return numbers[row * down + column * across]; }
};

/// The number of elements of C = start + A B that differ from sums in the given order. Not a template over the sizes,
/// of which there are many.
template <class T>
[[gnu::noinline]] std::size_t wrong_numbers(const T* c, std::size_t rows, std::size_t columns, std::size_t depth,
                                            kernel::sum_order order, matrix_view<T> start, matrix_view<T> a,
                                            matrix_view<T> b) {
    std::size_t wrong = 0;
    for (std::size_t m = 0; m < rows; ++m)
        for (std::size_t n = 0; n < columns; ++n) {
            const auto term = [&](std::size_t k) { return a.at(m, k) * b.at(k, n); };
            wrong += !same(c[m * columns + n], ordered_sum(order, start.at(m, n), depth, term));
        }
    return wrong;
}

/// Not a template either.
inline void expect_none(std::size_t wrong, std::size_t rows, std::size_t columns, std::size_t depth, const char* what) {
    BOOST_TEST(wrong == 0u, rows << "x" << columns << "x" << depth << what << ": " << wrong << " wrong");
}

/// One size: all elements are right, and nothing is written past the end.
template <class T, std::size_t Rows, std::size_t Columns, std::size_t Depth, bool Biased, bool Transposed,
          kernel::sum_order Order = kernel::left_to_right>
[[gnu::noinline]] void check_product() {
    constexpr std::size_t row_stride = Transposed ? 1 : Depth, depth_stride = Transposed ? Rows : 1;
    using size = kernel::product_size<Rows, Columns, Depth, row_stride, depth_stride, Order>;
    const auto a = random_vector<T>(Rows * Depth, 1), b = random_vector<T>(Depth * Columns, 2);
    // Without a bias, the values in its place do not matter.
    const auto bias = random_vector<T>(Columns, 3), wanted_start = Biased ? bias : std::vector<T>(Columns);
    std::vector<T> c(Rows * Columns + 64, T{77});
    using start = std::conditional_t<Biased, kernel::from_bias, kernel::from_zero>;
    kernel::matrix_product<size, start>(a.data(), b.data(), bias.data(), c.data());
    std::size_t wrong = wrong_numbers<T>(c.data(), Rows, Columns, Depth, Order, {wanted_start.data(), 0, 1},
                                         {a.data(), row_stride, depth_stride}, {b.data(), Columns, 1});
    for (std::size_t i = Rows * Columns; i < c.size(); ++i) wrong += c[i] != T{77};
    expect_none(wrong, Rows, Columns, Depth, "");
}

/// The summation order of `product_with_transposed`.
template <std::size_t Rows, std::size_t Depth>
constexpr kernel::sum_order transposed_order =
    Rows == 1 && Depth >= 8 ? kernel::sum_order{1, kernel::sum_kind::lanes} : kernel::left_to_right;

/// Sums that start from one value per row, and from the content of C.
template <class T, std::size_t Rows, std::size_t Columns, std::size_t Depth>
[[gnu::noinline]] void check_starts() {
    using size = kernel::product_size<Rows, Columns, Depth>;
    const auto a = random_vector<T>(Rows * Depth, 1), b = random_vector<T>(Depth * Columns, 2);
    const auto transposed = random_vector<T>(Columns * Depth, 5);
    const auto row_bias = random_vector<T>(Rows, 3), before = random_vector<T>(Rows * Columns, 4);
    std::vector<T> by_rows(Rows * Columns), added = before, added_transposed = before;
    std::vector<T> scratch(kernel::transposed_scratch<Rows, Columns, Depth>);
    kernel::matrix_product<size, kernel::from_row_bias>(a.data(), b.data(), row_bias.data(), by_rows.data());
    kernel::matrix_product<size, kernel::from_matrix<Columns>>(a.data(), b.data(), added.data(), added.data());
    kernel::product_with_transposed<Rows, Columns, Depth, kernel::from_matrix<Columns>>(
        a.data(), transposed.data(), added_transposed.data(), scratch.data());
    const matrix_view<T> left{a.data(), Depth, 1}, right{b.data(), Columns, 1}, start{before.data(), Columns, 1};
    const std::size_t wrong =
        wrong_numbers<T>(by_rows.data(), Rows, Columns, Depth, size::order, {row_bias.data(), 1, 0}, left, right) +
        wrong_numbers<T>(added.data(), Rows, Columns, Depth, size::order, start, left, right) +
        wrong_numbers<T>(added_transposed.data(), Rows, Columns, Depth, transposed_order<Rows, Depth>, start, left,
                         {transposed.data(), 1, Depth});
    expect_none(wrong, Rows, Columns, Depth, " starts");
}

template <class T, std::size_t Rows, std::size_t Columns, std::size_t Depth>
[[gnu::noinline]] void check_transposed() {
    const auto a = random_vector<T>(Rows * Depth, 1), b = random_vector<T>(Columns * Depth, 2);
    std::vector<T> scratch(kernel::transposed_scratch<Rows, Columns, Depth> + 1, T{55});
    std::vector<T> c(Rows * Columns + 1, T{77});
    kernel::product_with_transposed<Rows, Columns, Depth>(a.data(), b.data(), c.data(), scratch.data());
    const T zero{};
    const std::size_t wrong = (c.back() != T{77} || scratch.back() != T{55}) +
                              wrong_numbers<T>(c.data(), Rows, Columns, Depth, transposed_order<Rows, Depth>,
                                               {&zero, 0, 0}, {a.data(), Depth, 1}, {b.data(), 1, Depth});
    expect_none(wrong, Rows, Columns, Depth, " transposed");
}

/// The row strides of both matrices are two elements larger than necessary.
template <class T, std::size_t Rows, std::size_t Columns>
void check_transposed_matrix() {
    const auto from = random_vector<T>(Rows * (Columns + 2), 1);
    std::vector<T> to(Columns * (Rows + 2), T{77});
    kernel::transpose<Rows, Columns, Columns + 2, Rows + 2>(from.data(), to.data());
    std::size_t wrong = 0;
    for (std::size_t column = 0; column < Columns; ++column)
        for (std::size_t row = 0; row < Rows + 2; ++row)
            wrong += to[column * (Rows + 2) + row] != (row < Rows ? from[row * (Columns + 2) + column] : T{77});
    BOOST_TEST(wrong == 0u, Rows << "x" << Columns << ": " << wrong << " wrong");
}

/// Numbers of columns below, at and above the lanes of every register.
template <class T, std::size_t... Columns>
void check_columns(std::index_sequence<Columns...>) {
    (check_product<T, 5, Columns, 9, true, false>(), ...);
}
/// Numbers of rows below, at and above those of a tile.
template <class T, std::size_t... Rows>
void check_rows(std::index_sequence<Rows...>) {
    (check_product<T, Rows, 19, 4, false, (Rows % 2 == 1)>(), ...);
}

/// Orders other than left to right: one row and several, a depth with and without a remainder. For each number of
/// columns, `float` covers one half of them and `double` the other: all would take as long as all other kernel tests
/// together.
template <class T, kernel::sum_order Order, std::size_t Columns, bool Odd>
void check_order() {
    if constexpr (Odd) {
        check_product<T, 1, Columns, 16, true, false, Order>();
        check_product<T, 6, Columns, 23, true, false, Order>();
    } else {
        check_product<T, 1, Columns, 29, false, false, Order>();
        check_product<T, 39, Columns, 23, true, false, Order>();
    }
}
template <class T, kernel::sum_order Order, std::size_t... Columns>
void check_orders(std::index_sequence<Columns...>) {
    (check_order<T, Order, Columns, (Columns + sizeof(T) / 4) % 2 == 0>(), ...);
}

template <class T>
void check_all() {
#if defined(CTNN_TEST_HALF_THE_SIZES)
    check_columns<T>(std::index_sequence<3, 9, 31>{});
    check_rows<T>(std::index_sequence<1, 3, 17>{});
#else
    check_columns<T>(std::index_sequence<1, 3, 5, 8, 9, 17, 31, 33>{});
    check_rows<T>(std::index_sequence<1, 2, 3, 7, 9, 17>{});
#endif
    // Straight-line code, at its limit and past it.
    check_product<T, 1, 4, 2, true, false>();
    check_product<T, 4, 4, 4, false, true>();
    check_product<T, 1, 64, 1, true, false>();
    check_product<T, 1, 65, 1, true, false>();
    check_product<T, 1, 1, 65, true, false>();
    // One row of many columns, tall, wide, deep.
    check_product<T, 1, 130, 7, true, false>();
    check_product<T, 65, 3, 5, true, false>();
    check_product<T, 33, 1, 7, true, true>();
    check_product<T, 3, 17, 200, true, false>();
    // B larger than its share of the L1 cache, and more rows than a tile.
    check_product<T, 17, 67, 70, true, false>();

    check_starts<T, 2, 3, 4>();
    check_starts<T, 5, 27, 9>();
    check_starts<T, 1, 15, 17>();

    // One deep row of a single register: two or four elements of A are loaded together.
    check_product<T, 1, 16, 77, true, false>();
    check_product<T, 1, 8, 70, false, false, kernel::sum_order{4}>();
    check_product<T, 1, 16, 242, true, false, kernel::sum_order{8}>();
    check_product<T, 1, 16, 61, true, false, kernel::sum_order{8}>();

#if defined(CTNN_TEST_SANITIZED)
    check_orders<T, kernel::sum_order{1, kernel::sum_kind::lanes}>(std::index_sequence<1, 4, 7>{});
    check_orders<T, kernel::sum_order{2}>(std::index_sequence<3, 33>{});
    check_orders<T, kernel::sum_order{4}>(std::index_sequence<9>{});
#elif defined(CTNN_TEST_HALF_THE_SIZES)
    check_orders<T, kernel::sum_order{1, kernel::sum_kind::lanes}>(std::index_sequence<1, 4, 7>{});
    check_orders<T, kernel::sum_order{2}>(std::index_sequence<8, 33>{});
    check_orders<T, kernel::sum_order{4}>(std::index_sequence<4, 9>{});
#else
    check_orders<T, kernel::sum_order{1, kernel::sum_kind::lanes}>(std::index_sequence<1, 2, 3, 4, 5, 6, 7>{});
    check_orders<T, kernel::sum_order{2}>(std::index_sequence<3, 8, 10, 33, 64>{});
    check_orders<T, kernel::sum_order{4}>(std::index_sequence<4, 9, 32>{});
#endif
    check_orders<T, kernel::sum_order{1, kernel::sum_kind::interleaved}>(std::index_sequence<16>{});
    check_orders<T, kernel::sum_order{2, kernel::sum_kind::interleaved}>(std::index_sequence<1, 33>{});
    check_orders<T, kernel::sum_order{4, kernel::sum_kind::interleaved}>(std::index_sequence<4, 19>{});
    check_orders<T, kernel::sum_order{8, kernel::sum_kind::interleaved}>(std::index_sequence<3, 16>{});

    check_transposed<T, 1, 9, 17>();
    check_transposed<T, 2, 3, 4>();
    check_transposed<T, 5, 33, 10>();
    check_transposed<T, 16, 7, 1>();

    // Many rows of few columns, vectorised across the rows.
    check_product<T, 16, 10, 20, true, false>();
    check_product<T, 35, 7, 6, false, true>();
    check_product<T, 70, 15, 9, true, true>();

    check_transposed_matrix<T, 1, 1>();
    check_transposed_matrix<T, 3, 2>();
    check_transposed_matrix<T, 10, 37>();
    check_transposed_matrix<T, 64, 33>();
}

}  // namespace products
