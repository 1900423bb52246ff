// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE kernel_matrix_product
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn/kernel/product/matrix_product.hpp>

#include <array>
#include <cstddef>

namespace {

namespace kernel = ctnn::kernel;

/// The product in constant evaluation, with elements computed by hand: [1 2; 3 4; 5 6] [7 8; 9 10] + [1 2].
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

/// A read transposed, [1 3 5; 2 4 6] [1 2; 3 4; 5 6], and one row times a transposed matrix.
constexpr bool strides_are_right() {
    const double a[]{1, 2, 3, 4, 5, 6};
    double c[4]{}, t[2]{};
    kernel::matrix_product<kernel::product_size<2, 2, 3, 1, 2>, kernel::from_zero>(a, a, a, c);
    kernel::product_with_transposed<1, 2, 3>(a, a, t, static_cast<double*>(nullptr));
    return c[0] == 35 && c[1] == 44 && c[2] == 44 && c[3] == 56 && t[0] == 14 && t[1] == 32;
}

/// The bits of a product in a given order; sums in other orders differ.
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
    check_phases_of_product<1, 3, 26, kernel::sum_order{1, kernel::sum_kind::lanes}>();
    check_phases_of_product<2, 4, 16, kernel::sum_order{1, kernel::sum_kind::lanes}>();
    check_phases_of_product<1, 20, 37, kernel::sum_order{2, kernel::sum_kind::interleaved}>();
    check_phases_of_product<2, 7, 33, kernel::sum_order{4, kernel::sum_kind::interleaved}>();
    check_phases_of_product<3, 8, 70, kernel::sum_order{8, kernel::sum_kind::interleaved}>();
    static_assert(bits_of_product<1, 20, 37, kernel::left_to_right>() !=
                  bits_of_product<1, 20, 37, kernel::sum_order{2}>());
    static_assert(bits_of_product<1, 20, 37, kernel::sum_order{2}>() !=
                  bits_of_product<1, 20, 37, kernel::sum_order{2, kernel::sum_kind::interleaved}>());
}

BOOST_AUTO_TEST_CASE(known_products) {
    BOTH_PHASES(product_is_right);
    BOTH_PHASES(strides_are_right);
}
