// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The square root.

#include <ctnn/config.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/lane.hpp>

namespace CTNN_NAMESPACE::math {

namespace detail {

/// The square root of a finite positive value.
template <class V, class T = scalar_t<V>, class B = bits_t<V>>
CTNN_INLINE constexpr V positive_root(V x) {
    CTNN_AS_WRITTEN(positive_root(held(x)))
    if constexpr (is_single<V>) {
        const auto subnormal = x < T(1.17549435082228750797e-38);
        const B n = __builtin_bit_cast(B, select(subnormal, x * T(16777216), x)), odd = ((n >> 23) + 1) & 1;
        const V m = __builtin_bit_cast(V, B((n & 0x007fffff) + 0x3f800000 + (odd << 23))),
                h0 = __builtin_bit_cast(V, B(0x5f3759df - (__builtin_bit_cast(B, m) >> 1))),
                h1 = h0 * (T(1.5) - (m * T(0.5)) * (h0 * h0)), h2 = h1 * (T(1.5) - (m * T(0.5)) * (h1 * h1)),
                y0 = m * h2, y1 = y0 + (h2 * T(0.5)) * (m - y0 * y0);
        const B y = __builtin_bit_cast(B, y1), whole = (y & 0x007fffff) | 0x00800000,
                residual = ((((n & 0x007fffff) | 0x00800000) << odd) << 23) - whole * whole,
                nearest = y + ((whole - residual) >> 31) - ((residual + whole - 1) >> 31),
                exponent = (((n >> 23) - odd + 127) >> 1) - 127;
        const V scaled = __builtin_bit_cast(V, B(nearest + (exponent << 23)));
        return select(subnormal, scaled * T(0.000244140625), scaled);
    } else {
        const auto subnormal = x < T(2.2250738585072013831e-308);
        const B n = __builtin_bit_cast(B, select(subnormal, x * T(18014398509481984), x)), odd = ((n >> 52) + 1) & 1;
        const V m = __builtin_bit_cast(V, B((n & 0x000fffffffffffff) + 0x3ff0000000000000 + (odd << 52))),
                h0 = __builtin_bit_cast(V, B(0x5fe6eb50c7b537a9 - (__builtin_bit_cast(B, m) >> 1))),
                h1 = h0 * (T(1.5) - (m * T(0.5)) * (h0 * h0)), h2 = h1 * (T(1.5) - (m * T(0.5)) * (h1 * h1)),
                h3 = h2 * (T(1.5) - (m * T(0.5)) * (h2 * h2)), y0 = m * h3, y1 = y0 + (h3 * T(0.5)) * (m - y0 * y0);
        const B y = __builtin_bit_cast(B, y1), whole = (y & 0x000fffffffffffff) | 0x0010000000000000,
                residual = ((((n & 0x000fffffffffffff) | 0x0010000000000000) << odd) << 52) - whole * whole,
                nearest = y + ((whole - residual) >> 63) - ((residual + whole - 1) >> 63),
                exponent = (((n >> 52) - odd + 1023) >> 1) - 1023;
        const V scaled = __builtin_bit_cast(V, B(nearest + (exponent << 52)));
        return select(subnormal, scaled * T(7.4505805969238281e-9), scaled);
    }
}

/// The same in constant evaluation, where g++ has a builtin that is correctly rounded: the same bits at less cost.
template <class T>
constexpr T constant_root(T x) {
#if defined(__clang__)
    return positive_root(x);
#else
    if constexpr (is_single<T>)
        return __builtin_sqrtf(x);
    else
        return __builtin_sqrt(x);
#endif
}

/// Whether the processor has a square root instruction for `V`, a scalar or a whole register.
#if defined(__AVX512F__)
inline constexpr std::size_t widest_root = 64;
#elif defined(__AVX__)
inline constexpr std::size_t widest_root = 32;
#elif defined(__SSE2__) || defined(__aarch64__)
inline constexpr std::size_t widest_root = 16;
#else
inline constexpr std::size_t widest_root = 0;
#endif
template <class V>
inline constexpr bool has_root_instruction = widest_root > 0 &&
                                             (std::is_floating_point_v<V> ||
                                              (!std::is_class_v<V> && sizeof(V) >= 16 && sizeof(V) <= widest_root));

/// The processor's square root, correctly rounded as well. An asm statement, because g++ and clang have no common name
/// for it, and `__builtin_sqrt` emits a call for negative values where errno is required.
template <class V>
CTNN_INLINE inline V root_instruction(V x) {
#if defined(__AVX__)
    if constexpr (std::is_same_v<V, float>)
        asm("vsqrtss %0, %0, %0" : "+x"(x));
    else if constexpr (std::is_same_v<V, double>)
        asm("vsqrtsd %0, %0, %0" : "+x"(x));
    else if constexpr (is_single<V>)
        asm("vsqrtps %0, %0" : "+x"(x));
    else
        asm("vsqrtpd %0, %0" : "+x"(x));
#elif defined(__SSE2__)
    if constexpr (std::is_same_v<V, float>)
        asm("sqrtss %0, %0" : "+x"(x));
    else if constexpr (std::is_same_v<V, double>)
        asm("sqrtsd %0, %0" : "+x"(x));
    else if constexpr (is_single<V>)
        asm("sqrtps %0, %0" : "+x"(x));
    else
        asm("sqrtpd %0, %0" : "+x"(x));
#elif defined(__aarch64__)
    if constexpr (std::is_same_v<V, float>)
        asm("fsqrt %s0, %s0" : "+w"(x));
    else if constexpr (std::is_same_v<V, double>)
        asm("fsqrt %d0, %d0" : "+w"(x));
    else if constexpr (is_single<V>)
        asm("fsqrt %0.4s, %0.4s" : "+w"(x));
    else
        asm("fsqrt %0.2d, %0.2d" : "+w"(x));
#endif
    return x;
}

}  // namespace detail

// In constant evaluation registers may be wider than those of the machine; g++ warns about their ABI.
#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

/// The square root of each lane, correctly rounded: the same bits as the processor's instruction, in both phases and
/// whatever the flags.
///
/// x = 4^k m with 1 <= m < 4. An initial estimate of 1/sqrt(m) from the bits of m is refined by Newton's iteration; the
/// root y = Y 2^-p is then within one ulp, and the exact residual R = M - Y^2 (in integers that wrap, since |R| is
/// small) tells whether Y is one too small (R > Y) or one too large (R <= -Y). At run time x86 and 64-bit Arm use their
/// instruction.
///
/// *Special values*: sqrt(+-0) = +-0, sqrt(inf) = inf, sqrt(x < 0) = nan, sqrt(nan) = nan.
template <class V, class T = scalar_t<V>>
CTNN_INLINE constexpr V sqrt(V x) {
    CTNN_PRECISE
    if constexpr (std::is_floating_point_v<V>) {
        if (__builtin_is_constant_evaluated())
            return x > 0 && x < T(__builtin_inf()) ? detail::constant_root(x) : x < 0 ? T(__builtin_nan("")) : x;
    }
    if constexpr (is_register<V>) {
        if (__builtin_is_constant_evaluated()) {
            struct lanes {
                T numbers[sizeof(V) / sizeof(T)];
            };
            auto roots = __builtin_bit_cast(lanes, x);
            for (T& number : roots.numbers) number = sqrt(number);
            return __builtin_bit_cast(V, roots);
        }
    }
    if constexpr (is_register<V> && sizeof(V) > CTNN_VECTOR_BYTES) {
        return x;  // at run time there are no such registers
    } else if constexpr (detail::has_root_instruction<V>) {
        return select(x < T(0), broadcast<V>(T(__builtin_nan(""))), detail::root_instruction(x));
    } else {
        const V other = select(x < T(0), broadcast<V>(T(__builtin_nan(""))), x);
        return select(x > T(0), select(x < broadcast<V>(T(__builtin_inf())), detail::positive_root(x), x), other);
    }
}

#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace CTNN_NAMESPACE::math
