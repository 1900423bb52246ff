// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A number whose every operation is rounded on its own, whatever the compiler may fuse.

#include <ctnn/math/lane.hpp>

namespace ctnn::math {

/// A `float` or `double` with which a * b + c is always two roundings, also where the compiler is allowed to fuse them.
///
/// At run time each product goes through an empty asm statement, which the compiler does not look through; in constant
/// evaluation nothing is fused. It is a lane type: the functions of `ctnn/math/` take it, and then give the same bits
/// with every set of flags. Random numbers are made of it.
///
/// *Cost*: an operation of `strict` is an operation of `T`, but it is neither fused nor vectorised.
template <class T>
struct strict {
    T value;

    constexpr strict() = default;
    CTNN_INLINE constexpr strict(T number) : value(number) {}

    friend CTNN_INLINE constexpr strict operator-(strict a) { return -a.value; }
    friend CTNN_INLINE constexpr strict operator+(strict a, strict b) { return a.value + b.value; }
    friend CTNN_INLINE constexpr strict operator-(strict a, strict b) { return a.value - b.value; }
    friend CTNN_INLINE constexpr strict operator*(strict a, strict b) {
        T product = a.value * b.value;
        if (!__builtin_is_constant_evaluated()) { asm("" : CTNN_IN_REGISTER(product)); }
        return product;
    }
    friend CTNN_INLINE constexpr strict operator/(strict a, strict b) { return a.value / b.value; }

    friend CTNN_INLINE constexpr bool operator==(strict a, strict b) { return a.value == b.value; }
    friend CTNN_INLINE constexpr bool operator<(strict a, strict b) { return a.value < b.value; }
    friend CTNN_INLINE constexpr bool operator>(strict a, strict b) { return a.value > b.value; }
    friend CTNN_INLINE constexpr bool operator<=(strict a, strict b) { return a.value <= b.value; }
    friend CTNN_INLINE constexpr bool operator>=(strict a, strict b) { return a.value >= b.value; }
};

namespace detail {
template <class T>
struct lane<strict<T>> : lane<T> {};
}  // namespace detail

}  // namespace ctnn::math
