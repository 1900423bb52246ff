// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// An exponential that is cheap in constant evaluation, for the hand-written programs.

#include <bit>
#include <cstdint>

/// e^x for |x| < 80: 2^n p(x - n log 2).
constexpr float raw_exp(float x) {
    const int n = static_cast<int>(x * 1.44269504f + (x < 0 ? -0.5f : 0.5f));
    const float r = x - static_cast<float>(n) * 0.693147181f;
    const float p = 1 + r * (1 + r * (0.5f + r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 + r * (1.0f / 720))))));
    return std::bit_cast<float>(std::bit_cast<std::int32_t>(p) + (n << 23));
}
