// SPDX-License-Identifier: BSL-1.0
// The twin of tensor_bytes.cpp, without the mistake.

#include <ctnn.hpp>

using large = ctnn::tensor<double, ctnn::shape<1024, 1024>>;
constexpr std::size_t bytes = sizeof(large);
