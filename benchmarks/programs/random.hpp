// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Random weights unknown to the compiler, from a run-time seed.

#include <cstdint>

struct random_numbers {
    std::uint32_t state;

    float operator()() {
        state = state * 1664525u + 1013904223u;
        return static_cast<float>(state >> 8) * (1.0f / 16777216) - 0.5f;
    }
};
