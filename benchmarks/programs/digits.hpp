// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Handwritten digits and initial weights of 64-32-10, from lists that benchmarks/run writes.

#include <cstdint>

namespace digits {

inline constexpr int samples = 360;
inline constexpr std::uint8_t inputs[samples * 64]{
#include "digits_inputs.inc"
};
inline constexpr std::uint8_t labels[samples]{
#include "digits_labels.inc"
};
inline constexpr float weights1[64][32]{
#include "digits_weights1.inc"
};
inline constexpr float weights2[32][10]{
#include "digits_weights2.inc"
};

}  // namespace digits
