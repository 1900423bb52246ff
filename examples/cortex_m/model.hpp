// SPDX-License-Identifier: BSL-1.0
#pragma once
// What every file of models/ defines. A second model is one more file there.

#include <cstddef>
#include <cstdint>

/// The digit that an image shows: 8 x 8 bytes from 0 (paper) to 16 (ink).
std::size_t classify(const std::uint8_t* image);
