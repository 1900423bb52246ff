// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Recurrent states that decay to zero, in both phases. For `simple_rnn`, `gru` and `lstm`.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

#include <limits>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// 2^30 times the smallest normal number: its products with weights down to 2^-30 are normal.
template <class T>
inline constexpr T least_state = (std::numeric_limits<T>::min)() * 1073741824;

}  // namespace detail

/// A state as it is kept for the next time step: 0 where its magnitude is below 2^-96 (`double`: 2^-992), unchanged
/// elsewhere.
///
/// A decaying state, as after the end of a sound, is multiplied with a factor below 1 again and again, until it is
/// subnormal and processors take many times as long for it; and it stays there, because 0.9 times the smallest
/// subnormal rounds to itself. This ends the decay earlier. (Adding a constant and subtracting it again would save an
/// instruction, but leave the state at a few ulps of that constant, whose square in `tanh` is as slow.)
template <class V, class T = math::scalar_t<V>>
CTNN_INLINE constexpr V settle(V state) {
    return math::select((math::abs)(state) < detail::least_state<T>, V{}, state);
}

}  // namespace CTNN_NAMESPACE::kernel
