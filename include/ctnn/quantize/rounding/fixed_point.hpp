// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Factors as a multiplier of 31 bits and an exponent: what `twice` and `once` share.

#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// The nearest integer of 32 bits: what a factor above 1 makes of a large sum is beyond 8 bits anyway.
CTNN_INLINE constexpr std::int32_t saturated_32(std::int64_t x) {
    constexpr std::int64_t limit = std::int64_t{1} << 31;
    return static_cast<std::int32_t>(x < -limit ? -limit : x < limit ? x : limit - 1);
}
/// a b 2^-31, halves upwards.
CTNN_INLINE constexpr std::int32_t high_product(std::int64_t a, std::int32_t b) {
    return static_cast<std::int32_t>((a * b + (std::int64_t{1} << 30)) >> 31);
}
/// x 2^-bits for at least one bit, halves away from 0.
CTNN_INLINE constexpr std::int32_t shifted_right(std::int32_t x, int bits) {
    return static_cast<std::int32_t>((std::int64_t{x} + (std::int64_t{1} << (bits - 1)) - (x < 0 ? 1 : 0)) >> bits);
}

/// A factor is multiplier 2^(exponent - 31), with a multiplier from 2^30 to 2^31 - 1, or 0.
struct fixed_point {
    std::int32_t multiplier = 0;
    int exponent = 0;

    friend constexpr bool operator==(const fixed_point&, const fixed_point&) = default;

    /// The nearest to a number that is not negative; halves away from 0. Below 2^-32 it is 0; from 2^30 on, infinity included, the
    /// largest.
    static constexpr fixed_point from(double factor) {
        if (!(factor > 0)) return {};
        if (factor >= 1073741824.0) return {0x7fffffff, 30};
        int exponent = 0;
        while (factor >= 1) factor /= 2, ++exponent;
        while (factor < 0.5 && exponent >= -31) factor *= 2, --exponent;
        std::int64_t multiplier = ctnn::detail::round_half_away(factor * 2147483648.0);
        if (multiplier == std::int64_t{1} << 31) multiplier /= 2, ++exponent;
        if (exponent < -31) return {};
        if (exponent > 30) return {0x7fffffff, 30};
        return {static_cast<std::int32_t>(multiplier), exponent};
    }
    /// Of a factor from integers to numbers with these integer bits, the integer beyond which a number would not fit.
    constexpr std::int32_t largest_input(int integer_bits) const {
        double most = static_cast<double>((std::int64_t{1} << integer_bits) - 1) *
                      static_cast<double>(std::int64_t{1} << (31 - integer_bits));
        for (int i = 0; i < exponent; ++i) most /= 2;
        return static_cast<std::int32_t>(most);
    }
    constexpr double number() const {
        double result = static_cast<double>(multiplier) / 2147483648.0;
        for (int i = 0; i < exponent; ++i) result *= 2;
        for (int i = exponent; i < 0; ++i) result /= 2;
        return result;
    }
};

/// Factors of channels, or one for all.
template <std::size_t Count>
struct fixed_point_factors {
    tensor<std::int32_t, shape<Count>> multiplier;
    tensor<std::int8_t, shape<Count>> exponent;

    friend constexpr bool operator==(const fixed_point_factors&, const fixed_point_factors&) = default;

    constexpr void set(std::size_t i, double factor) {
        const auto nearest = fixed_point::from(factor);
        multiplier[i] = nearest.multiplier;
        exponent[i] = static_cast<std::int8_t>(nearest.exponent);
    }
    constexpr double number(std::size_t i) const { return fixed_point{multiplier[i], exponent[i]}.number(); }
};

}  // namespace CTNN_NAMESPACE::rounding
