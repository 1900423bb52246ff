// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Keeping gradients within bounds.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/network.hpp>

#include <limits>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Puts every element of a gradient between -limit and limit.
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

/// The square root of the sum of the squares of all elements, each multiplied with `scale` first.
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

/// Powers of two that bring the largest and the smallest elements to where their squares are numbers.
template <class T>
inline constexpr T far_down = sizeof(T) == 4 ? T(0x1p-96f) : T(0x1p-768);

}  // namespace detail

/// The square root of the sum of the squares of all elements of a gradient. Squares that are too large for the type of
/// numbers, or too small, are taken of scaled elements.
template <class Net>
constexpr typename Net::value_type norm(const Net& gradient) {
    using T = typename Net::value_type;
    constexpr T down = detail::far_down<T>, up = 1 / down, smallest = sizeof(T) == 4 ? T(1e-12f) : T(1e-138);
    const T length = detail::scaled_norm(gradient, T{1});
    if (length > (std::numeric_limits<T>::max)()) return detail::scaled_norm(gradient, down) * up;
    if (length < smallest) return detail::scaled_norm(gradient, up) * down;
    return length;
}

/// Scales a gradient whose norm is above `limit` so that its norm is `limit`. One that is infinite has no direction, and
/// stays as it is.
template <class Net>
constexpr void clip_by_norm(Net& gradient, typename Net::value_type limit) {
    using T = typename Net::value_type;
    const T length = norm(static_cast<const Net&>(gradient));
    if (!(length > limit)) return;
    if (length <= (std::numeric_limits<T>::max)()) return detail::multiply(gradient, limit / length);
    // The norm is no number: of a gradient a power of two smaller it may be one.
    constexpr T down = detail::far_down<T>;
    const T scaled = detail::scaled_norm(static_cast<const Net&>(gradient), down);
    if (scaled <= (std::numeric_limits<T>::max)()) {
        detail::multiply(gradient, down);
        detail::multiply(gradient, limit / scaled);
    }
}

}  // namespace CTNN_NAMESPACE
