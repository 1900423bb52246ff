// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Means of 8-bit integers by a factor that is a fixed-point number.

#include <ctnn/config.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/fixed_point.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// The mean of `Count` integers q_i, n: the sum of q_i - z_x is rescaled by m' 2^(e - k - 31), where m 2^(e - 31) is the factor
/// s_x / s_y, k = floor(log2 n) and m' = floor(m 2^k / n), by the rounding of `Rule`.
///
/// The same integers as tflite-micro (commit 90b983c) for MEAN.
template <class Rule, std::size_t Count>
struct fixed_point_means {
    fixed_point factor;
    std::int32_t input_zero_point, output_zero_point;
    bool is_rescaled;

    friend constexpr bool operator==(const fixed_point_means&, const fixed_point_means&) = default;

    static constexpr int bits = 63 - std::countl_zero(std::uint64_t{Count});
    /// Without a change of scale, e is 1: up to bits - 1 are shifted out by the second rounding of `twice`. The factor has 30 bits.
    static constexpr double error =
        0.5 + (bits > 1 ? 0.5 / static_cast<double>(std::size_t{1} << (bits - 1)) : 0) + 256.0 / 536870912.0;

    constexpr void set(quantization before, quantization after) {
        is_rescaled = before != after;
        input_zero_point = before.zero_point;
        output_zero_point = after.zero_point;
        factor = fixed_point::from(static_cast<double>(before.scale) / static_cast<double>(after.scale));
        const int shift = bits < 31 + factor.exponent ? bits : 31 + factor.exponent;
        factor.multiplier =
            static_cast<std::int32_t>((std::int64_t{factor.multiplier} << shift) / static_cast<std::int64_t>(Count));
        factor.exponent -= shift;
    }
    CTNN_INLINE constexpr std::int32_t empty(std::int32_t zeros) const { return zeros * input_zero_point; }
    CTNN_INLINE constexpr void add(std::int32_t& sum, std::int32_t q) const { sum += q; }
    constexpr std::int8_t operator()(std::int32_t sum, std::int32_t) const {
        return ctnn::detail::saturated(Rule::rescale(sum - static_cast<std::int32_t>(Count) * input_zero_point,
                                                     factor.multiplier, factor.exponent) +
                                       output_zero_point);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
