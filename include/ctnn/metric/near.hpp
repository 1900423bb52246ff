// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Equality within a tolerance, for contracts.

#include <ctnn/config.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <type_traits>

// <windows.h> defines an empty macro of this name.
#pragma push_macro("near")
#undef near

namespace CTNN_NAMESPACE {

/// Whether |value - expected| <= tolerance * max(1, |expected|): relative for large values, absolute for small ones.
///
/// The tolerance is 1e-12 for double and 1e-5 for float unless given. NaN is near nothing, an infinity only near
/// itself.
template <class T>
constexpr bool near(T value, std::type_identity_t<T> expected,
                    std::type_identity_t<T> tolerance = sizeof(T) == 4 ? T(1e-5) : T(1e-12)) {
    static_assert(std::is_floating_point_v<T>, "ctnn::near: compares floating-point numbers");
    if (value == expected) return true;  // first, because the difference of infinities is NaN
    const T difference = value < expected ? expected - value : value - expected;
    const T size = expected < 0 ? -expected : expected;
    return difference < static_cast<T>(__builtin_inf()) && difference <= tolerance * (size > 1 ? size : T{1});
}

/// Whether every element is near its counterpart.
template <class T, class Shape>
constexpr bool near(const tensor<T, Shape>& value, const tensor<T, Shape>& expected,
                    std::type_identity_t<T> tolerance = sizeof(T) == 4 ? T(1e-5) : T(1e-12)) {
    for (std::size_t i = 0; i < Shape::size; ++i)
        if (!near(value[i], expected[i], tolerance)) return false;
    return true;
}

}  // namespace CTNN_NAMESPACE

#pragma pop_macro("near")
