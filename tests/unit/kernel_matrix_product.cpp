// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE kernel_matrix_product
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "ordered_sum.hpp"

#include <ctnn/kernel/matrix_product.hpp>

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

namespace kernel = ctnn::kernel;
using core_support::ordered_sum;
using core_support::random_vector;
using core_support::same;

/// A matrix in memory, and how far apart the numbers of a column and those of a row are.
template <class T>
struct matrix_view {
    const T* numbers;
    std::size_t down, across;
    T at(std::size_t row, std::size_t column) const { return numbers[row * down + column * across]; }
};

/// How many numbers of C = start + A B are not what the order of its sums asks for. Not a template of the sizes, which
/// are many.
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
void expect_none(std::size_t wrong, std::size_t rows, std::size_t columns, std::size_t depth, const char* what) {
    BOOST_TEST(wrong == 0u, rows << "x" << columns << "x" << depth << what << ": " << wrong << " wrong");
}

/// One size: all elements right, and nothing written beyond them.
template <class T, std::size_t Rows, std::size_t Columns, std::size_t Depth, bool Biased, bool Transposed,
          kernel::sum_order Order = kernel::left_to_right>
[[gnu::noinline]] void check_product() {
    constexpr std::size_t row_stride = Transposed ? 1 : Depth, depth_stride = Transposed ? Rows : 1;
    using size = kernel::product_size<Rows, Columns, Depth, row_stride, depth_stride, Order>;
    const auto a = random_vector<T>(Rows * Depth, 1), b = random_vector<T>(Depth * Columns, 2);
    // Without a bias, what stands where one would be does not matter.
    const auto bias = random_vector<T>(Columns, 3), wanted_start = Biased ? bias : std::vector<T>(Columns);
    std::vector<T> c(Rows * Columns + 64, T{77});
    using start = std::conditional_t<Biased, kernel::from_bias, kernel::from_zero>;
    kernel::matrix_product<size, start>(a.data(), b.data(), bias.data(), c.data());
    std::size_t wrong = wrong_numbers<T>(c.data(), Rows, Columns, Depth, Order, {wanted_start.data(), 0, 1},
                                         {a.data(), row_stride, depth_stride}, {b.data(), Columns, 1});
    for (std::size_t i = Rows * Columns; i < c.size(); ++i) wrong += c[i] != T{77};
    expect_none(wrong, Rows, Columns, Depth, "");
}

/// The order in which `product_with_transposed` adds.
template <std::size_t Rows, std::size_t Depth>
constexpr kernel::sum_order transposed_order{1, Rows == 1 && Depth >= 8};

/// Sums that start from a number a row, and from what stands in C.
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

/// The rows of both matrices are two numbers further apart than they have to be.
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

/// Columns below, at and beyond the lanes of every register.
template <class T, std::size_t... Columns>
void check_columns(std::index_sequence<Columns...>) {
    (check_product<T, 5, Columns, 9, true, false>(), ...);
}
/// Rows below, at and beyond those of a tile.
template <class T, std::size_t... Rows>
void check_rows(std::index_sequence<Rows...>) {
    (check_product<T, Rows, 19, 4, false, (Rows % 2 == 1)>(), ...);
}

/// Orders other than from left to right: one row, some rows, a depth with and without a remainder.
template <class T, kernel::sum_order Order, std::size_t... Columns>
void check_orders(std::index_sequence<Columns...>) {
    (check_product<T, 1, Columns, 16, true, false, Order>(), ...);
    (check_product<T, 1, Columns, 29, false, false, Order>(), ...);
    (check_product<T, 6, Columns, 23, true, false, Order>(), ...);
    (check_product<T, 39, Columns, 23, true, false, Order>(), ...);
}

template <class T>
void check_all() {
    check_columns<T>(std::index_sequence<1, 3, 5, 8, 9, 17, 31, 33>{});
    check_rows<T>(std::index_sequence<1, 2, 3, 7, 9, 17>{});
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
    // B larger than the first-level cache share, and more rows than a tile.
    check_product<T, 17, 67, 70, true, false>();

    check_starts<T, 2, 3, 4>();
    check_starts<T, 5, 27, 9>();
    check_starts<T, 1, 15, 17>();

    // One deep row of a single register: two or four numbers of A are loaded together.
    check_product<T, 1, 16, 77, true, false>();
    check_product<T, 1, 8, 70, false, false, kernel::sum_order{4}>();
    check_product<T, 1, 16, 242, true, false, kernel::sum_order{8}>();
    check_product<T, 1, 16, 61, true, false, kernel::sum_order{8}>();

    check_orders<T, kernel::sum_order{1, true}>(std::index_sequence<1, 2, 3, 4, 5, 6, 7>{});
    check_orders<T, kernel::sum_order{2}>(std::index_sequence<3, 8, 10, 33, 64>{});
    check_orders<T, kernel::sum_order{4}>(std::index_sequence<4, 9, 32>{});
    check_orders<T, kernel::sum_order{1, false, true}>(std::index_sequence<16>{});
    check_orders<T, kernel::sum_order{2, false, true}>(std::index_sequence<1, 33>{});
    check_orders<T, kernel::sum_order{4, false, true}>(std::index_sequence<4, 19>{});
    check_orders<T, kernel::sum_order{8, false, true}>(std::index_sequence<3, 16>{});

    check_transposed<T, 1, 9, 17>();
    check_transposed<T, 2, 3, 4>();
    check_transposed<T, 5, 33, 10>();
    check_transposed<T, 16, 7, 1>();

    // Many rows of few columns, taken across the rows.
    check_product<T, 16, 10, 20, true, false>();
    check_product<T, 35, 7, 6, false, true>();
    check_product<T, 70, 15, 9, true, true>();

    check_transposed_matrix<T, 1, 1>();
    check_transposed_matrix<T, 3, 2>();
    check_transposed_matrix<T, 10, 37>();
    check_transposed_matrix<T, 64, 33>();
}

/// The product in constant evaluation, elements known by hand: [1 2; 3 4; 5 6] [7 8; 9 10] + [1 2].
constexpr bool product_is_right() {
    const double a[]{1, 2, 3, 4, 5, 6}, b[]{7, 8, 9, 10}, bias[]{1, 2};
    double c[6]{}, t[6]{}, scratch[4]{};
    kernel::matrix_product<kernel::product_size<3, 2, 2>, kernel::from_bias>(a, b, bias, c);
    kernel::product_with_transposed<3, 2, 2>(a, b, t, scratch);
    const double wanted[]{26, 30, 58, 66, 90, 102}, transposed[]{23, 29, 53, 67, 83, 105};
    for (int i = 0; i < 6; ++i)
        if (c[i] != wanted[i] || t[i] != transposed[i]) return false;
    return true;
}

/// A read transposed, [1 3 5; 2 4 6] [1 2; 3 4; 5 6], and one row by a transposed matrix.
constexpr bool strides_are_right() {
    const double a[]{1, 2, 3, 4, 5, 6};
    double c[4]{}, t[2]{};
    kernel::matrix_product<kernel::product_size<2, 2, 3, 1, 2>, kernel::from_zero>(a, a, a, c);
    kernel::product_with_transposed<1, 2, 3>(a, a, t, static_cast<double*>(nullptr));
    return c[0] == 35 && c[1] == 44 && c[2] == 44 && c[3] == 56 && t[0] == 14 && t[1] == 32;
}

/// A product in an order, as bits: the sums of other orders differ.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, kernel::sum_order Order>
constexpr auto bits_of_product() {
    float a[Rows * Depth]{}, b[Depth * Columns]{}, bias[Columns]{};
    for (std::size_t i = 0; i < Rows * Depth; ++i) a[i] = static_cast<float>(i * 37 % 101) / 7 - 5;
    for (std::size_t i = 0; i < Depth * Columns; ++i) b[i] = static_cast<float>(i * 53 % 97) / 11 - 3;
    for (std::size_t i = 0; i < Columns; ++i) bias[i] = static_cast<float>(i) / 3;
    std::array<float, Rows * Columns> c{};
    kernel::matrix_product<kernel::product_size<Rows, Columns, Depth, Depth, 1, Order>, kernel::from_bias>(a, b, bias,
                                                                                                           c.data());
    return c;
}

template <std::size_t Rows, std::size_t Columns, std::size_t Depth, kernel::sum_order Order>
void check_phases_of_product() {
    constexpr auto constant = bits_of_product<Rows, Columns, Depth, Order>();
    BOOST_TEST((constant == bits_of_product<Rows, Columns, Depth, Order>()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_order_in_both_phases) {
    check_phases_of_product<1, 20, 37, kernel::left_to_right>();
    check_phases_of_product<1, 20, 37, kernel::sum_order{2}>();
    check_phases_of_product<3, 9, 70, kernel::sum_order{4}>();
    check_phases_of_product<1, 3, 26, kernel::sum_order{1, true}>();
    check_phases_of_product<2, 4, 16, kernel::sum_order{1, true}>();
    check_phases_of_product<1, 20, 37, kernel::sum_order{2, false, true}>();
    check_phases_of_product<2, 7, 33, kernel::sum_order{4, false, true}>();
    check_phases_of_product<3, 8, 70, kernel::sum_order{8, false, true}>();
    static_assert(bits_of_product<1, 20, 37, kernel::left_to_right>() !=
                  bits_of_product<1, 20, 37, kernel::sum_order{2}>());
    static_assert(bits_of_product<1, 20, 37, kernel::sum_order{2}>() !=
                  bits_of_product<1, 20, 37, kernel::sum_order{2, false, true}>());
}

BOOST_AUTO_TEST_CASE(known_products) {
    BOTH_PHASES(product_is_right);
    BOTH_PHASES(strides_are_right);
}

BOOST_AUTO_TEST_CASE(many_sizes_in_float) {
    check_all<float>();
}

#if !defined(CORE_SANITIZED)
BOOST_AUTO_TEST_CASE(many_sizes_in_double) {
    check_all<double>();
}
#endif
