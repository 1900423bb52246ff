// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sums of 8-bit integers of different scales, by integer factors and one shift.

#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// q = floor((sum of f_i (x_i - z_i) + 2^(k - 1)) / 2^k) + z_y with f_i = rint(r_i 2^k), r_i = float(s_i / s_y) and
/// k = 20 - floor(log2(largest r_i)).
///
/// For two terms the same integers as XNNPACK.
template <std::size_t Count>
struct shifted_sum {
    std::int32_t factors[Count], offset;
    int shift;
    std::int32_t zero_point;

    friend constexpr bool operator==(const shifted_sum&, const shifted_sum&) = default;

    constexpr void set(const quantization (&terms)[Count], quantization to) {
        float ratios[Count]{}, largest = 0;
        for (std::size_t i = 0; i < Count; ++i) {
            ratios[i] = (math::strict<float>{terms[i].scale} / math::strict<float>{to.scale}).value;
            largest = ratios[i] > largest ? ratios[i] : largest;
        }
        shift = 20;
        for (float power = largest; power >= 2; power /= 2) --shift;
        for (float power = largest; power < 1 && shift < 30; power *= 2) ++shift;
        std::int64_t sum = std::int64_t{1} << (shift - 1);
        for (std::size_t i = 0; i < Count; ++i) {
            const double scaled = static_cast<double>(ratios[i]) * static_cast<double>(std::int64_t{1} << shift);
            factors[i] = static_cast<std::int32_t>(ctnn::detail::round_half_even(scaled));
            sum -= std::int64_t{factors[i]} * terms[i].zero_point;
        }
        offset = static_cast<std::int32_t>(sum);
        zero_point = to.zero_point;
    }
    /// What x_i is multiplied with.
    constexpr double number(std::size_t i) const {
        return static_cast<double>(factors[i]) / static_cast<double>(std::int64_t{1} << shift);
    }
    /// By how much q, before it is saturated, may be away from the sum of these products and z_y.
    constexpr double error() const { return 0.5; }
    CTNN_INLINE constexpr std::int8_t operator()(const std::int8_t (&x)[Count]) const {
        std::int32_t sum = offset;
        for (std::size_t i = 0; i < Count; ++i) sum += factors[i] * x[i];
        return ctnn::detail::saturated((sum >> shift) + zero_point);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
