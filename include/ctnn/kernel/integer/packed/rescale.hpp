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

/// How sums of a layer with one factor become values: `half` and `shift` round the (doubled) upper half of a product with
/// `multiplier`; the result is from `lower` to `upper`, and then `offset` is added, as to a number without sign.
struct uniform_scaling {
    // Cortex-M0 loads a number with a sign in one instruction only if it has 32 bits.
    using bound = std::conditional_t<has_long_products, std::int16_t, std::int32_t>;
    std::int32_t multiplier;
    bound lower, upper;
    std::uint16_t half;
    std::conditional_t<has_long_products, std::uint16_t, std::uint8_t> offset;
    std::uint8_t shift;
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
/// The same by a `uniform_scaling`.
template <bool Twice, class Out>
CTNN_INLINE inline Out uniformly_rescaled(std::int32_t sum, const uniform_scaling*& s) {
    // A processor with few registers loads each number where it is needed: `s` seems to depend on what is before.
    const auto after = [&s](std::int32_t number) CTNN_INLINE {
        if constexpr (!has_long_products) __asm__("" : "+r"(s) : "r"(number));
    };
    std::int32_t v;
    after(sum);
    if constexpr (Twice) {
        v = fast_rounded_doubled_high_product(sum, s->multiplier);
        v += v >> 31;
    } else {
        v = high_product(sum, s->multiplier);
    }
    after(v);
    v = (v + s->half) >> s->shift;
    after(v);
    const std::int32_t lower = s->lower, upper = s->upper;
    if (v < lower) v = lower;
    if (v > upper) v = upper;
    return static_cast<Out>(v + s->offset);
}
/// Of sums up to `end`, with their biases, as one function for all layers where the code for each takes more than it saves.
template <bool Twice, class Out, class Bias>
[[gnu::noinline]] void rescale_all_shared(const std::int32_t* sums, const Bias* bias, const std::int32_t* end, Out* y,
                                          const uniform_scaling* scaling) {
    do { *y++ = uniformly_rescaled<Twice, Out>(*sums++ + *bias++, scaling); } while (sums != end);
}
#if defined(__OPTIMIZE_SIZE__)
inline constexpr bool shares_rescaling = true;
#else
inline constexpr bool shares_rescaling = !has_long_products;
#endif

}  // namespace CTNN_NAMESPACE::kernel
