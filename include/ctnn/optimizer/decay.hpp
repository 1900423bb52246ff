// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Rounds decaying running means to 0 before they become subnormal.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

#include <limits>

namespace CTNN_NAMESPACE::detail {

/// Without new gradients a running mean decays until it is subnormal, where processors are a hundred times as slow, and
/// stays there: 0.9 times the smallest subnormal rounds to itself. Adding this constant and subtracting it again rounds
/// the mean to a multiple of 2^26 times the smallest normal number, so that it becomes 0 while its product with a
/// learning rate is still normal. Values larger than this constant change by an ulp at most.
template <class V, class T = math::scalar_t<V>>
inline constexpr T fade_out = (std::numeric_limits<T>::min)() / std::numeric_limits<T>::epsilon() * 67108864;

/// The same for a running mean of squares, of which only the root is used: it becomes 0 at 4 times the smallest normal
/// number, so that gradients count whose squares are normal.
template <class V, class T = math::scalar_t<V>>
inline constexpr T fade_out_squares = (std::numeric_limits<T>::min)() / std::numeric_limits<T>::epsilon() * 4;

}  // namespace CTNN_NAMESPACE::detail
