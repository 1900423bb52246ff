// SPDX-License-Identifier: BSL-1.0
// The twin of shape_size.cpp, without the mistake.

#include <ctnn.hpp>

constexpr std::size_t elements = ctnn::shape<4097, 4096>::size;
