// SPDX-License-Identifier: BSL-1.0
/// @file
/// Networks of float, their loss and all its gradients, against PyTorch.
#define BOOST_TEST_MODULE reference_endings_float
#include "reference/check.hpp"
#include "reference/vectors.hpp"

BOOST_AUTO_TEST_CASE_TEMPLATE(forward_and_backward, Case, reference::ending_cases) {
    reference::check_network<float, Case>();
}
