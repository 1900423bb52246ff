// SPDX-License-Identifier: BSL-1.0
/// @file
/// Networks with every loss at the end, and all gradients, against PyTorch.
#define BOOST_TEST_MODULE reference_endings
#include "reference/check.hpp"
#include "reference/vectors.hpp"

BOOST_AUTO_TEST_CASE_TEMPLATE(forward_and_backward, Case, reference::ending_cases) {
    reference::check_network<double, Case>();
}
