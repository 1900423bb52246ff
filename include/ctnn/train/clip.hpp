// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Gradient clipping.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/network.hpp>

#include <limits>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Clamps every element of a gradient to [-limit, limit].
template <class Net>
constexpr void clip_by_value(Net& gradient, typename Net::value_type limit) {
    for_each_tensor(
        [limit](auto& parameter) {
            const auto bounded = [limit]<class V>(V element) CTNN_INLINE {
                const V bounded_above = math::select(element > limit, math::broadcast<V>(limit), element);
                return math::select(bounded_above < -limit, math::broadcast<V>(-limit), bounded_above);
            };
            kernel::map<std::remove_cvref_t<decltype(parameter)>::size()>(
                bounded, parameter.values, static_cast<const typename Net::value_type*>(parameter.values));
        },
        gradient);
}

namespace detail {

/// The Euclidean norm of all elements, each multiplied by `scale` first.
template <class Net>
constexpr typename Net::value_type scaled_norm(const Net& gradient, typename Net::value_type scale) {
    using T = typename Net::value_type;
    T total{};
    for_each_tensor(
        [&total, scale](const auto& parameter) {
            const auto square = [scale](auto element) CTNN_INLINE { return (scale * element) * (scale * element); };
            total += kernel::sum<std::remove_cvref_t<decltype(parameter)>::size()>(square, parameter.values);
        },
        gradient);
    return math::sqrt(total);
}

/// Multiplies every element.
template <class Net>
constexpr void multiply(Net& gradient, typename Net::value_type scale) {
    using T = typename Net::value_type;
    for_each_tensor(
        [scale](auto& parameter) {
            kernel::map<std::remove_cvref_t<decltype(parameter)>::size()>(
                [scale](auto element) CTNN_INLINE { return scale * element; }, parameter.values,
                static_cast<const T*>(parameter.values));
        },
        gradient);
}

/// A power of two by which the largest elements are multiplied, and the smallest divided, so that their squares neither
/// overflow nor underflow.
template <class T>
inline constexpr T down_scale = sizeof(T) == 4 ? T(0x1p-96f) : T(0x1p-768);

}  // namespace detail

/// The Euclidean norm of a gradient. Elements whose squares would overflow or underflow are scaled first.
template <class Net>
constexpr typename Net::value_type norm(const Net& gradient) {
    using T = typename Net::value_type;
    constexpr T down = detail::down_scale<T>, up = 1 / down, smallest = sizeof(T) == 4 ? T(1e-12f) : T(1e-138);
    const T length = detail::scaled_norm(gradient, T{1});
    if (length > (std::numeric_limits<T>::max)()) return detail::scaled_norm(gradient, down) * up;
    if (length < smallest) return detail::scaled_norm(gradient, up) * down;
    return length;
}

/// Scales a gradient whose norm is above `limit` so that its norm is `limit`. An infinite one has no direction and is
/// left unchanged.
template <class Net>
constexpr void clip_by_norm(Net& gradient, typename Net::value_type limit) {
    using T = typename Net::value_type;
    const T length = norm(static_cast<const Net&>(gradient));
    if (!(length > limit)) return;
    if (length <= (std::numeric_limits<T>::max)()) return detail::multiply(gradient, limit / length);
    // The norm overflows; that of the gradient scaled down by a power of two may not.
    constexpr T down = detail::down_scale<T>;
    const T scaled = detail::scaled_norm(static_cast<const Net&>(gradient), down);
    if (scaled <= (std::numeric_limits<T>::max)()) {
        detail::multiply(gradient, down);
        detail::multiply(gradient, limit / scaled);
    }
}

}  // namespace CTNN_NAMESPACE
