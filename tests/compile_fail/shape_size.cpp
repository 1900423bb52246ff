// SPDX-License-Identifier: BSL-1.0
// A shape of 2^64 + 2^32 elements.
// EXPECT: ctnn::shape: there are more elements than memory can address

#include <ctnn.hpp>

constexpr std::size_t elements = ctnn::shape<4294967297, 4294967296>::size;
