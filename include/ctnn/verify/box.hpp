// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A box of inputs.

#include <ctnn/config.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// All inputs x with lower[i] <= x[i] <= upper[i].
///
/// *Example*: `box<float, shape<2>>{.lower = {-1, 0}, .upper = {1, 0.5f}}`.
template <class T, class Shape>
struct box {
    tensor<T, Shape> lower, upper;

    friend constexpr bool operator==(const box&, const box&) = default;

    /// Whether no lower bound is above its upper one, and all are finite.
    constexpr bool is_valid() const {
        for (std::size_t i = 0; i < Shape::size; ++i)
            if (!(lower[i] <= upper[i] && lower[i] - lower[i] == 0 && upper[i] - upper[i] == 0)) return false;
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
        for (std::size_t i = 0; i < Shape::size; ++i) result[i] = lower[i] / 2 + upper[i] / 2;
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
