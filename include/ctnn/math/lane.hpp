// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Basic operations of the mathematical functions on a scalar or a vector register.
///
/// Every function in `ctnn/math/` is a template over a *lane type* `V`: `float`, `double`, or a GNU vector of them.
/// Constant evaluation uses the scalars, run time mostly the vectors; the operations are the same, and so are the bits.
/// The largest errors that the functions state were measured by tests/accuracy/ and, before it existed, against the C
/// library in the next wider type: for float at every value of magnitude 2^-27 to 2^8, for double at millions. A NaN
/// argument is no constant expression for clang, which rejects all arithmetic that yields one.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::math {

/// A vector of `Lanes` elements of type `T` with lane-wise arithmetic. Not in constant evaluation by clang before 19,
/// which cannot access its lanes there. It does not exist with `CTNN_NO_VECTOR_TYPES`.
template <class T, std::size_t Lanes>
struct vector_of;
#if !defined(CTNN_NO_VECTOR_TYPES)
template <class T, std::size_t Lanes>
struct vector_of {
    typedef T type __attribute__((vector_size(Lanes * sizeof(T))));
};
#endif
template <class T, std::size_t Lanes>
using vector = typename vector_of<T, Lanes>::type;

namespace detail {
template <class V>
struct lane {
    using scalar = std::remove_cvref_t<decltype(V{}[0])>;
    using word = std::conditional_t<sizeof(scalar) == 4, std::uint32_t, std::uint64_t>;
    using bits = vector<word, sizeof(V) / sizeof(scalar)>;
};
template <>
struct lane<float> {
    using scalar = float;
    using bits = std::uint32_t;
};
template <>
struct lane<double> {
    using scalar = double;
    using bits = std::uint64_t;
};
}  // namespace detail

/// `float` or `double`: the scalar type of the lanes of `V`.
template <class V>
using scalar_t = typename detail::lane<V>::scalar;

/// Unsigned integers as wide as the lanes of `V`, and as many. Their sums wrap and their shifts drop bits without
/// undefined behaviour, whatever the value was.
template <class V>
using bits_t = typename detail::lane<V>::bits;

/// Whether `V` is a register, and neither a scalar nor a class that wraps one.
template <class V>
inline constexpr bool is_register = !std::is_floating_point_v<V> && !std::is_class_v<V>;

/// The bit pattern of each lane.
template <class V>
CTNN_INLINE constexpr bits_t<V> to_bits(V x) {
    return __builtin_bit_cast(bits_t<V>, x);
}

/// The values with these bit patterns.
template <class V>
CTNN_INLINE constexpr V from_bits(bits_t<V> bits) {
    return __builtin_bit_cast(V, bits);
}

namespace detail {

/// Selects one of two scalars bitwise. The mask goes through an empty asm statement: a compiler that knows its origin
/// emits a branch.
template <class Mask, class V>
CTNN_INLINE inline V select_bits(Mask mask, V yes, V no) {
    bits_t<V> bits = bits_t<V>{} - static_cast<bits_t<V>>(mask);
    asm("" : "+r"(bits));
    return from_bits<V>((bits & to_bits(yes)) | (~bits & to_bits(no)));
}

/// `x`, opaque to the compiler.
template <class T>
CTNN_INLINE inline T unknown(T x) {
    asm("" : CTNN_IN_REGISTER(x));
    return x;
}

}  // namespace detail

/// Whether a function processes a scalar as one lane of a register at run time. The functions that work on bit patterns
/// do: moving a value between floating-point and integer registers has more latency than they do.
template <class V>
inline constexpr bool runs_as_lane = std::is_floating_point_v<V>&& CTNN_VECTOR_BYTES >= 16;

/// `mask ? yes : no` in each lane; both are evaluated, and at run time there is no branch.
///
/// A single statement, as everything here: clang counts the statements of a constant evaluation, and stops at a
/// million.
template <class Mask, class V>
CTNN_INLINE constexpr V select(Mask mask, V yes, V no) {
    CTNN_PRECISE
    if constexpr (std::is_class_v<V>)
        return select(mask, yes.value, no.value);
    else if constexpr (std::is_integral_v<Mask>)
        return __builtin_is_constant_evaluated() ? (mask ? yes : no) : detail::select_bits(mask, yes, no);
    else
        return mask ? yes : no;
}

/// A scalar in every lane.
template <class V>
CTNN_INLINE constexpr V broadcast(scalar_t<V> x) {
    CTNN_PRECISE
    if constexpr (std::is_floating_point_v<V> || std::is_class_v<V>)
        return x;
    else
        return x - V{};
}

/// A scalar, broadcast to a register: g++ takes one padded with zeros through an integer register.
template <class T>
CTNN_INLINE inline vector<T, 16 / sizeof(T)> as_lane(T x) {
    return broadcast<vector<T, 16 / sizeof(T)>>(x);
}

/// Whether the lanes of `V` are as narrow as `float`; the functions choose their constants by it.
template <class V>
inline constexpr bool is_single = sizeof(scalar_t<V>) == 4;

/// The sign bit.
template <class V>
inline constexpr auto sign_bit =
    std::conditional_t<is_single<V>, std::uint32_t, std::uint64_t>{1} << (8 * sizeof(scalar_t<V>) - 1);

/// The magnitude of each lane. Here and in calls, the names `abs`, `min` and `max` are in parentheses: platforms define
/// function-like macros of these names, which expand only directly before a parenthesis.
template <class V>
CTNN_INLINE constexpr V (abs)(V x) {
    if constexpr (std::is_floating_point_v<V>)
        return static_cast<V>(is_single<V> ? __builtin_fabsf(static_cast<float>(x))
                                           : __builtin_fabs(static_cast<double>(x)));
    else
        return from_bits<V>(to_bits(x) & ~sign_bit<V>);
}

/// Whether a scalar is neither infinite nor NaN, tested on its bits: comparisons are optimised away where the compiler
/// was told that there are no such values.
template <class T>
    requires(std::is_floating_point_v<T>)
CTNN_INLINE constexpr bool is_finite(T x) {
    return (to_bits(x) & ~sign_bit<T>) < to_bits(T(__builtin_inf()));
}

/// Whether a scalar is NaN, tested on its bits likewise.
template <class T>
    requires(std::is_floating_point_v<T>)
CTNN_INLINE constexpr bool is_nan(T x) {
    return (to_bits(x) & ~sign_bit<T>) > to_bits(T(__builtin_inf()));
}

/// The magnitude of `x` with the sign of `sign`.
template <class V>
CTNN_INLINE constexpr V copysign(V x, V sign) {
    return from_bits<V>((to_bits(x) & ~sign_bit<V>) | (to_bits(sign) & sign_bit<V>));
}

namespace detail {

// A 64-byte instruction, whose builtin has a different name in each compiler.
#if defined(__clang__)
#define CTNN_WIDE(operation, a, b) __builtin_ia32_##operation##512(a, b, 4)
#else
#define CTNN_WIDE(operation, a, b) __builtin_ia32_##operation##512_mask(a, b, a, -1, 4)
#endif

/// a < b ? a : b in each lane: b if either is NaN. x86 has an instruction for it. g++ does not find it by itself for
/// registers, nor does clang where it sees what else is done about NaN.
template <class V>
CTNN_INLINE inline V lesser(V a, V b) {
    CTNN_PRECISE
#if defined(__SSE2__)
    if constexpr (is_single<V> && sizeof(V) == 16) return __builtin_ia32_minps(a, b);
    if constexpr (!is_single<V> && sizeof(V) == 16) return __builtin_ia32_minpd(a, b);
#if defined(__AVX__)
    if constexpr (is_single<V> && sizeof(V) == 32) return __builtin_ia32_minps256(a, b);
    if constexpr (!is_single<V> && sizeof(V) == 32) return __builtin_ia32_minpd256(a, b);
#endif
#if defined(__AVX512F__)
    if constexpr (is_single<V> && sizeof(V) == 64) return CTNN_WIDE(minps, a, b);
    if constexpr (!is_single<V> && sizeof(V) == 64) return CTNN_WIDE(minpd, a, b);
#endif
#endif
    return a < b ? a : b;
}

/// a > b ? a : b, likewise.
template <class V>
CTNN_INLINE inline V greater(V a, V b) {
    CTNN_PRECISE
#if defined(__SSE2__)
    if constexpr (is_single<V> && sizeof(V) == 16) return __builtin_ia32_maxps(a, b);
    if constexpr (!is_single<V> && sizeof(V) == 16) return __builtin_ia32_maxpd(a, b);
#if defined(__AVX__)
    if constexpr (is_single<V> && sizeof(V) == 32) return __builtin_ia32_maxps256(a, b);
    if constexpr (!is_single<V> && sizeof(V) == 32) return __builtin_ia32_maxpd256(a, b);
#endif
#if defined(__AVX512F__)
    if constexpr (is_single<V> && sizeof(V) == 64) return CTNN_WIDE(maxps, a, b);
    if constexpr (!is_single<V> && sizeof(V) == 64) return CTNN_WIDE(maxpd, a, b);
#endif
#endif
    return a > b ? a : b;
}

#undef CTNN_WIDE

}  // namespace detail

/// The smaller of each lane and a bound; NaN stays NaN.
///
/// At run time the bound of a scalar is opaque to the compiler, which would otherwise emit a branch and precompute with
/// the bound.
template <class V>
CTNN_INLINE constexpr V at_most(V x, scalar_t<V> bound) {
    CTNN_PRECISE
    if constexpr (std::is_class_v<V>) {
        return at_most(x.value, bound);
    } else if constexpr (std::is_floating_point_v<V>) {
        const V limit = __builtin_is_constant_evaluated() ? bound : detail::unknown(bound);
        return limit < x ? limit : x;
    } else {
        return detail::lesser(broadcast<V>(bound), x);
    }
}

/// The larger of each lane and a bound; NaN stays NaN.
template <class V>
CTNN_INLINE constexpr V at_least(V x, scalar_t<V> bound) {
    CTNN_PRECISE
    if constexpr (std::is_class_v<V>) {
        return at_least(x.value, bound);
    } else if constexpr (std::is_floating_point_v<V>) {
        const V limit = __builtin_is_constant_evaluated() ? bound : detail::unknown(bound);
        return limit > x ? limit : x;
    } else {
        return detail::greater(broadcast<V>(bound), x);
    }
}

/// Each lane clamped between two bounds; NaN stays NaN.
template <class V>
CTNN_INLINE constexpr V clamp(V x, scalar_t<V> low, scalar_t<V> high) {
    if constexpr (std::is_floating_point_v<V>)
        if (__builtin_is_constant_evaluated()) return high < x ? high : (low > x ? low : x);
    return at_least(at_most(x, high), low);
}

/// The smaller of two in each lane, the first if either is NaN.
template <class V>
CTNN_INLINE constexpr V least(V a, V b) {
    CTNN_PRECISE
    if constexpr (std::is_class_v<V>)
        return least(a.value, b.value);
    else if constexpr (std::is_floating_point_v<V>)
        return b < a ? b : a;
    else
        return detail::lesser(b, a);
}

/// The larger of two in each lane, the first if either is NaN.
template <class V>
CTNN_INLINE constexpr V greatest(V a, V b) {
    CTNN_PRECISE
    if constexpr (std::is_class_v<V>)
        return greatest(a.value, b.value);
    else if constexpr (std::is_floating_point_v<V>)
        return b > a ? b : a;
    else
        return detail::greater(b, a);
}

/// A magnitude without a sign bit, with the sign of `sign`.
template <class V>
CTNN_INLINE constexpr V with_sign(V magnitude, V sign) {
    return from_bits<V>(to_bits(magnitude) | (to_bits(sign) & sign_bit<V>));
}

}  // namespace CTNN_NAMESPACE::math
