// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Leaky relu of 8-bit integers by two factors.

#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/fixed_point.hpp>

#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// Factors of float, s_x / s_y and that times the slope, as numbers in 256ths: q = floor((m (x - z_x) + 128) / 256) + z_y with
/// m = rint(256 factor). False, and nothing, unless both are from 1/256 to 128.
///
/// The same integers as XNNPACK.
constexpr bool fill_leaky_in_256ths(float slope, quantization before, quantization after, std::int8_t* table) {
    using step = math::strict<float>;
    const step above = step{before.scale} / step{after.scale}, below = above * step{slope};
    for (const step factor : {above, below})
        if (!(factor.value >= 0.00390625f && factor.value <= 128.0f)) return false;
    const auto multiplier = [](step factor) {
        return ctnn::detail::round_half_even(static_cast<double>((factor * step{256.0f}).value));
    };
    for (std::int32_t i = 0; i < 256; ++i) {
        const std::int64_t x = i + quantization::least - before.zero_point;
        table[i] = ctnn::detail::saturated(((x * multiplier(x < 0 ? below : above) + 128) >> 8) + after.zero_point);
    }
    return true;
}

/// x - z_x is rescaled by `Rule` with s_x / s_y, and below 0 with s_x slope / s_y, each step of these rounded to float.
///
/// The same integers as tflite-micro (commit 90b983c).
template <class Rule>
constexpr void fill_leaky_rescaled(float slope, quantization before, quantization after, std::int8_t* table) {
    using step = math::strict<float>;
    const step input = before.scale, output = after.scale;
    const auto above = fixed_point::from(static_cast<double>((input / output).value)),
               below = fixed_point::from(static_cast<double>((input * step{slope} / output).value));
    for (std::int32_t i = 0; i < 256; ++i) {
        const std::int32_t x = i + quantization::least - before.zero_point;
        const fixed_point& factor = x < 0 ? below : above;
        table[i] = ctnn::detail::saturated(Rule::rescale(x, factor.multiplier, factor.exponent) + after.zero_point);
    }
}

}  // namespace CTNN_NAMESPACE::rounding
