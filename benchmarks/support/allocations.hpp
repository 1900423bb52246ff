// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Counts what the program allocates with operator new.

#include <cstddef>

namespace support {

/// How many allocations the program has made.
std::size_t allocations();

}  // namespace support
