// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Counts the program's calls of operator new.

#include <cstddef>

namespace support {

/// The number of allocations so far.
std::size_t allocations();

}  // namespace support
