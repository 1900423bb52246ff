// SPDX-License-Identifier: BSL-1.0
// A tensor with a dimension of extent 0.
// EXPECT: ctnn::shape: every extent is at least 1
// ERRORS: 1

#include <ctnn.hpp>

using empty = ctnn::tensor<double, ctnn::shape<2, 0>>;
constexpr std::size_t size = empty::size();
