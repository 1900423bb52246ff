// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The upper half of a product of 32-bit integers, also where the processor multiplies 32 by 32 bits to 32 alone.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

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
        return product.high * 2 + (((product.middle >> 14) + 1) >> 1);
    }
}
#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)
/// The same at run time.
CTNN_INLINE inline std::int32_t fast_rounded_doubled_high_product(std::int32_t sum, std::int32_t m) {
    std::int32_t result;
    __asm__("smmulr %0, %1, %2" : "=r"(result) : "r"(sum * 2), "r"(m));
    return result;
}
#else
CTNN_INLINE inline std::int32_t fast_rounded_doubled_high_product(std::int32_t sum, std::int32_t m) {
    return rounded_doubled_high_product(sum, m);
}
#endif
/// floor(sum m / 2^32), likewise.
CTNN_INLINE constexpr std::int32_t high_product(std::int32_t sum, std::int32_t m) {
    if constexpr (has_long_products) {
        return static_cast<std::int32_t>((std::int64_t{sum} * m) >> 32);
    } else {
        const auto product = detail::multiply_halves(sum, m);
        return product.high + (product.middle >> 16);
    }
}

/// How sums of a layer with one factor become values from `lower` to `upper`, after adding `offset`; `half` and `shift` round
/// the (doubled) upper half of a product with `multiplier`.
struct uniform_scaling {
    std::int32_t multiplier;
    // Cortex-M0 loads these in one instruction only if they have 32 bits.
    std::conditional_t<has_long_products, std::int16_t, std::int32_t> half, offset, lower, upper, shift;
};

/// A sum times m, as `rounding::twice` (`Twice`) and `rounding::once` do; |sum| < 2^29. `shift` is at least 2 for the latter.
template <bool Twice>
CTNN_INLINE inline std::int32_t rescaled_sum(std::int32_t sum, std::int32_t m, int shift) {
    if constexpr (Twice) {
        const std::int32_t h = fast_rounded_doubled_high_product(sum, m);
        // Without a shift, nothing is added.
        return shift == 0 ? h : (h + (h >> 31) + (1 << (shift - 1))) >> shift;
    } else {
        return (high_product(sum, m) + (1 << (shift - 2))) >> (shift - 1);
    }
}
/// Of sums up to `end`, with their biases, as one function for all layers where the code for each takes more than it saves. What a processor with few
/// registers needs for each sum, it loads for each.
template <bool Twice, class Out, class Bias>
[[gnu::noinline]] void rescale_all_shared(const std::int32_t* sums, const Bias* bias, const std::int32_t* end, Out* y,
                                          const uniform_scaling& scaling) {
    std::conditional_t<has_long_products, const uniform_scaling&, const volatile uniform_scaling&> s = scaling;
    do {
        const std::int32_t sum = *sums++ + *bias++, m = s.multiplier;
        std::int32_t v;
        if constexpr (Twice) {
            v = fast_rounded_doubled_high_product(sum, m);
            v = (v + (v >> 31) + s.half) >> s.shift;
        } else {
            v = (high_product(sum, m) + s.half) >> s.shift;
        }
        v += s.offset;
        const std::int32_t lower = s.lower, upper = s.upper;
        if (v < lower) v = lower;
        if (v > upper) v = upper;
        *y++ = static_cast<Out>(v);
    } while (sums != end);
}
#if defined(__OPTIMIZE_SIZE__)
inline constexpr bool shares_rescaling = true;
#else
inline constexpr bool shares_rescaling = !has_long_products;
#endif

}  // namespace CTNN_NAMESPACE::kernel
