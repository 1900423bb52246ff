// SPDX-License-Identifier: BSL-1.0
#pragma once
// What every model defines: the digit that an image of integers shows.

#include <cstddef>
#include <cstdint>

std::size_t classify(const std::int8_t* image);
