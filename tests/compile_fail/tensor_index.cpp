// SPDX-License-Identifier: BSL-1.0
// One index for a two-dimensional tensor.
// EXPECT: ctnn::tensor: give one index for each dimension
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::tensor<double, ctnn::shape<2, 2>> t{1, 2, 3, 4};
constexpr double x = t(1);
