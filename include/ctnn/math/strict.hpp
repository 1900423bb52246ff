// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A scalar or register whose every operation is rounded separately, whatever the compiler may contract or reorder.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

#include <type_traits>

namespace CTNN_NAMESPACE::math {

namespace detail {

/// The result of an operation, opaque to the compiler where it may substitute other operations.
template <class V>
CTNN_INLINE constexpr V rounded(V result) {
    if constexpr (CTNN_LOOSE_OPERATIONS)
        if (!__builtin_is_constant_evaluated()) return unknown(result);
    return result;
}

/// Divides. Where the compiler may multiply by a reciprocal instead, x86 has an approximation of 12 bits that fails
/// above 2^126; so the instruction is written out.
template <class V>
CTNN_INLINE inline V divide(V a, V b) {
#if CTNN_LOOSE_OPERATIONS && defined(__AVX__)
    if constexpr (std::is_same_v<V, float>)
        asm("vdivss %1, %0, %0" : "+x"(a) : "x"(b));
    else if constexpr (std::is_same_v<V, double>)
        asm("vdivsd %1, %0, %0" : "+x"(a) : "x"(b));
    else if constexpr (is_single<V>)
        asm("vdivps %1, %0, %0" : "+x"(a) : "x"(b));
    else
        asm("vdivpd %1, %0, %0" : "+x"(a) : "x"(b));
    return a;
#elif CTNN_LOOSE_OPERATIONS && defined(__SSE2__)
    if constexpr (std::is_same_v<V, float>)
        asm("divss %1, %0" : "+x"(a) : "x"(b));
    else if constexpr (std::is_same_v<V, double>)
        asm("divsd %1, %0" : "+x"(a) : "x"(b));
    else if constexpr (is_single<V>)
        asm("divps %1, %0" : "+x"(a) : "x"(b));
    else
        asm("divpd %1, %0" : "+x"(a) : "x"(b));
    return a;
#else
    return rounded(a / b);
#endif
}

}  // namespace detail

/// A lane type `V` with which a * b + c is always rounded twice, even where the compiler may contract it, and with
/// which sums are added in the order written, even where it may reassociate (`-ffast-math`).
///
/// At run time each product goes through an empty asm statement, which is opaque to the compiler, and under flags that
/// allow more than contraction each result does; in constant evaluation nothing is contracted. It is a lane type
/// itself: the functions of `ctnn/math/` take it, and then give the same bits with every set of flags. Random numbers
/// are computed in it.
///
/// *Cost*: an operation of `strict` is an operation of `V`, but scalars are neither contracted nor vectorised.
template <class V>
struct strict {
    V value;

    constexpr strict() = default;
    CTNN_INLINE constexpr strict(V number) : value(number) {}
    CTNN_INLINE constexpr strict(scalar_t<V> number) requires(is_register<V>) : value(broadcast<V>(number)) {}

    friend CTNN_INLINE constexpr strict operator-(strict a) { return -a.value; }
    friend CTNN_INLINE constexpr strict operator+(strict a, strict b) { return detail::rounded(V(a.value + b.value)); }
    friend CTNN_INLINE constexpr strict operator-(strict a, strict b) { return detail::rounded(V(a.value - b.value)); }
    friend CTNN_INLINE constexpr strict operator*(strict a, strict b) {
        V product = a.value * b.value;
        if (!__builtin_is_constant_evaluated()) { asm("" : CTNN_IN_REGISTER(product)); }
        return product;
    }
    friend CTNN_INLINE constexpr strict operator/(strict a, strict b) {
        return __builtin_is_constant_evaluated() ? a.value / b.value : detail::divide(a.value, b.value);
    }

    friend CTNN_INLINE constexpr auto operator==(strict a, strict b) { return a.value == b.value; }
    friend CTNN_INLINE constexpr auto operator<(strict a, strict b) { return a.value < b.value; }
    friend CTNN_INLINE constexpr auto operator>(strict a, strict b) { return a.value > b.value; }
    friend CTNN_INLINE constexpr auto operator<=(strict a, strict b) { return a.value <= b.value; }
    friend CTNN_INLINE constexpr auto operator>=(strict a, strict b) { return a.value >= b.value; }
};

namespace detail {
template <class V>
struct lane<strict<V>> : lane<V> {};
}  // namespace detail

}  // namespace CTNN_NAMESPACE::math
