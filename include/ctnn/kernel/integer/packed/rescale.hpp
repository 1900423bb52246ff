// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The upper half of a product of 32-bit integers, also where the processor multiplies 32 by 32 bits to 32 alone.

#include <ctnn/config.hpp>

#include <cstdint>

namespace CTNN_NAMESPACE::kernel {

#if defined(__arm__) && !defined(__thumb2__) && defined(__thumb__)
inline constexpr bool has_long_products = false;
#else
inline constexpr bool has_long_products = true;
#endif

namespace detail {
/// sum m = high 2^32 + middle 2^16 + a rest from 0 to 2^16 - 1; |sum| < 2^29, 0 <= m < 2^31.
///
/// With sum = s 2^16 + r, -2^15 <= r < 2^15, and m = u 2^16 + v: high = s u, middle = s v + r u + floor(r v / 2^16).
struct product_in_halves {
    std::int32_t high, middle;
};
CTNN_INLINE constexpr product_in_halves multiply_halves(std::int32_t sum, std::int32_t m) {
    const std::int32_t r = static_cast<std::int16_t>(sum), s = (sum - r) >> 16, u = m >> 16, v = m & 0xffff;
    return {s * u, s * v + r * u + ((r * v) >> 16)};
}
}  // namespace detail

/// floor((sum m + 2^30) / 2^31) for |sum| < 2^29 and 0 <= m < 2^31.
CTNN_INLINE constexpr std::int32_t rounded_doubled_high_product(std::int32_t sum, std::int32_t m) {
    if constexpr (has_long_products) {
        return static_cast<std::int32_t>((std::int64_t{sum * 2} * m + (std::int64_t{1} << 31)) >> 32);
    } else {
        const auto product = detail::multiply_halves(sum, m);
        return product.high * 2 + ((product.middle + (1 << 14)) >> 15);
    }
}
/// floor(sum m / 2^32), likewise.
CTNN_INLINE constexpr std::int32_t high_product(std::int32_t sum, std::int32_t m) {
    if constexpr (has_long_products) {
        return static_cast<std::int32_t>((std::int64_t{sum} * m) >> 32);
    } else {
        const auto product = detail::multiply_halves(sum, m);
        return product.high + (product.middle >> 16);
    }
}

}  // namespace CTNN_NAMESPACE::kernel
