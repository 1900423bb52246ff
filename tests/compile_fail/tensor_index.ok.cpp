// SPDX-License-Identifier: BSL-1.0
// The twin of tensor_index.cpp, without the mistake.

#include <ctnn.hpp>

constexpr ctnn::tensor<double, ctnn::shape<2, 2>> t{1, 2, 3, 4};
constexpr double x = t(1, 1);
