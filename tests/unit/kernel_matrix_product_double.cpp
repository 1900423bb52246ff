// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE kernel_matrix_product_double
#include <boost/test/unit_test.hpp>

#include "matrix_products.hpp"

#if defined(CTNN_TEST_SANITIZED)
BOOST_AUTO_TEST_CASE(one_size) {  // the sizes that are slowest to compile have the same memory accesses as in float
    products::check_product<double, 5, 9, 9, true, false>();
}
#else
BOOST_AUTO_TEST_CASE(many_sizes) {
    products::check_all<double>();
}
#endif
