// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Keeping gradients within bounds.

#include <ctnn/config.hpp>
#include <ctnn/kernel/map.hpp>
#include <ctnn/kernel/reduce.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/network.hpp>

#include <cstddef>
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

/// The square root of the sum of the squares of all elements of a gradient.
template <class Net>
constexpr typename Net::value_type norm(const Net& gradient) {
    using T = typename Net::value_type;
    T total{};
    for_each_tensor(
        [&total](const auto& parameter) {
            const auto square = [](auto element) CTNN_INLINE { return element * element; };
            total += kernel::sum<std::remove_cvref_t<decltype(parameter)>::size()>(square, parameter.values);
        },
        gradient);
    return math::sqrt(total);
}

/// Scales a gradient whose norm is above `limit` so that its norm is `limit`.
template <class Net>
constexpr void clip_by_norm(Net& gradient, typename Net::value_type limit) {
    using T = typename Net::value_type;
    const T length = norm(static_cast<const Net&>(gradient));
    if (!(length > limit)) return;
    const T scale = limit / length;
    for_each_tensor(
        [scale](auto& parameter) {
            kernel::map<std::remove_cvref_t<decltype(parameter)>::size()>([scale](auto element) CTNN_INLINE { return scale * element; },
                                                                       parameter.values,
                                                                       static_cast<const T*>(parameter.values));
        },
        gradient);
}

}  // namespace CTNN_NAMESPACE
