// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE kernel_matrix_product_float
#include <boost/test/unit_test.hpp>

#include "matrix_products.hpp"

BOOST_AUTO_TEST_CASE(many_sizes) {
    products::check_all<float>();
}
