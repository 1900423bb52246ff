// SPDX-License-Identifier: BSL-1.0
/// @file
/// Networks with every activation inside, their loss and all its gradients, against PyTorch.
#define BOOST_TEST_MODULE reference_hidden
#include "reference/check.hpp"
#include "reference/vectors.hpp"

BOOST_AUTO_TEST_CASE_TEMPLATE(forward_and_backward, Case, reference::hidden_cases) {
    reference::check_network<double, Case>();
}
