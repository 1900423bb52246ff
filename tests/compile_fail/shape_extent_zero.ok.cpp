// SPDX-License-Identifier: BSL-1.0
// The twin of shape_extent_zero.cpp, without the mistake.

#include <ctnn.hpp>

using empty = ctnn::tensor<double, ctnn::shape<2, 1>>;
constexpr std::size_t size = empty::size();
