// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A box of inputs.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// A corner of a box: a tensor that is given a value for each element, or another tensor.
///
/// *Errors*: "ctnn::box: a bound has a value for each input".
template <class T, class Shape>
struct corner : tensor<T, Shape> {
    constexpr corner() : tensor<T, Shape>{} {}
    constexpr corner(const tensor<T, Shape>& given) : tensor<T, Shape>{given} {}
    template <class... Values>
    requires(sizeof...(Values) > 0 && (... && std::is_arithmetic_v<Values>)) constexpr corner(Values... given)
        : tensor<T, Shape>{} {
        static_assert(sizeof...(Values) == Shape::size, "ctnn::box: a bound has a value for each input");
        if constexpr (sizeof...(Values) == Shape::size) {
            std::size_t i = 0;
            ((this->values[i++] = static_cast<T>(given)), ...);
        }
    }
};

/// All inputs x with lower[i] <= x[i] <= upper[i].
///
/// *Example*: `box<float, shape<2>>{.lower = {-1, 0}, .upper = {1, 0.5f}}`; `box<float, shape<64>>::all(0, 16)`.
template <class T, class Shape>
struct box {
    corner<T, Shape> lower, upper;

    friend constexpr bool operator==(const box&, const box&) = default;

    /// The same bounds for every input.
    static constexpr box all(T low, T high) {
        box result{};
        for (std::size_t i = 0; i < Shape::size; ++i) {
            result.lower[i] = low;
            result.upper[i] = high;
        }
        return result;
    }

    /// Whether no lower bound is above its upper one, and all are finite.
    constexpr bool is_valid() const {
        for (std::size_t i = 0; i < Shape::size; ++i)
            if (!(math::is_finite(lower[i]) && math::is_finite(upper[i]) && lower[i] <= upper[i])) return false;
        return true;
    }
    constexpr bool contains(const tensor<T, Shape>& x) const {
        for (std::size_t i = 0; i < Shape::size; ++i)
            if (!(lower[i] <= x[i] && x[i] <= upper[i])) return false;
        return true;
    }
    /// The center, to rounding.
    constexpr tensor<T, Shape> center() const {
        tensor<T, Shape> result{};
        for (std::size_t i = 0; i < Shape::size; ++i) {
            const T middle = lower[i] / 2 + upper[i] / 2;
            result[i] = middle < lower[i] ? lower[i] : middle > upper[i] ? upper[i] : middle;
        }
        return result;
    }
};

/// The L-infinity ball of a radius around x; each bound is rounded.
template <class T, class Shape>
constexpr box<T, Shape> ball(const tensor<T, Shape>& x, T radius) {
    box<T, Shape> result{};
    for (std::size_t i = 0; i < Shape::size; ++i) {
        result.lower[i] = x[i] - radius;
        result.upper[i] = x[i] + radius;
    }
    return result;
}

}  // namespace CTNN_NAMESPACE
