// SPDX-License-Identifier: BSL-1.0
// A tensor of 2^63 bytes.
// EXPECT: ctnn::tensor: it has more bytes than an object can have

#include <ctnn.hpp>

using large = ctnn::tensor<double, ctnn::shape<1125899906842624, 1024>>;
constexpr std::size_t bytes = sizeof(large);
