// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Hard swish of 8-bit integers in fixed-point arithmetic of 16 bits.

#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/fixed_point.hpp>

#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// Fills the table of y = x clamp(x / 3 + 1, 0, 2) / 2 for each integer, with the steps of TensorFlow Lite's kernel: numbers of 16
/// bits, of x in 128ths of an integer, of x / 3 as a fraction. False, and nothing, if s_x >= 128 s_y, which the kernel refuses.
///
/// The same integers as tflite-micro (commit 90b983c) and LiteRT (@litertjs/core 2.5.3).
constexpr bool fill_hard_swish(quantization before, quantization after, std::int8_t* table) {
    using step = math::strict<float>;
    const step fine = step{before.scale} * step{1.0f / 128};
    const auto output = fixed_point::from(static_cast<double>((fine / step{after.scale}).value)),
               third = fixed_point::from(static_cast<double>((fine / step{3.0f / 32768}).value));
    if (output.exponent > 0) return false;
    // Upper halves of multipliers, rounded; a b 2^-15, halves upwards; numbers of 16 bits.
    const auto half = [](std::int32_t multiplier) {
        const std::int64_t rounded = (std::int64_t{multiplier} + 32768) >> 16;
        return static_cast<std::int32_t>(rounded > 32767 ? 32767 : rounded);
    };
    const auto product = [](std::int32_t a, std::int32_t b) { return (a * b + 16384) >> 15; };
    const auto doubled = [](std::int32_t x, int times) {
        std::int64_t result = x;
        for (int i = 0; i < times; ++i) result = result > 16383 ? 32767 : result < -16384 ? -32768 : 2 * result;
        return static_cast<std::int32_t>(result);
    };
    for (std::int32_t i = 0; i < 256; ++i) {
        const std::int32_t x = (i + quantization::least - before.zero_point) * 128,
                           scaled = product(x, half(output.multiplier));
        std::int32_t gate = product(doubled(x, third.exponent - 1), half(third.multiplier));
        if (third.exponent > 0) gate = doubled(gate, 1);
        if (third.exponent < 0) gate = shifted_right(gate, -third.exponent);
        // From -1 ... 1 to 0 ... 1; the product is rounded towards 0.
        const std::int32_t y = ((gate + 32768) >> 1) * scaled / 32768;
        table[i] =
            ctnn::detail::saturated((output.exponent < 0 ? shifted_right(y, -output.exponent) : y) + after.zero_point);
    }
    return true;
}

}  // namespace CTNN_NAMESPACE::rounding
