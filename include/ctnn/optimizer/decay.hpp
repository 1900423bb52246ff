// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Running means that fade away.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

#include <limits>

namespace CTNN_NAMESPACE::detail {

/// A running mean without news is multiplied by its share again and again, until it is so small that processors compute
/// with it a hundred times as slowly (and stays there: 0.9 times the smallest number is rounded to itself). Adding this
/// number and taking it off again rounds it to a multiple of 2^26 times the smallest normal number, so that it ends
/// where a learning rate can still be multiplied to it. What is larger than this number is changed by an ulp at most.
template <class V, class T = math::scalar_t<V>>
inline constexpr T fade_out = (std::numeric_limits<T>::min)() / std::numeric_limits<T>::epsilon() * 67108864;

/// The same for a running mean of squares, whose root is taken before anything else: it ends at 4 times the smallest
/// normal number, so that gradients count whose squares are numbers of full precision.
template <class V, class T = math::scalar_t<V>>
inline constexpr T fade_out_squares = (std::numeric_limits<T>::min)() / std::numeric_limits<T>::epsilon() * 4;

}  // namespace CTNN_NAMESPACE::detail
