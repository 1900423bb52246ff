// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Recurrent states that come to rest at zero, in both phases. For `simple_rnn`, `gru` and `lstm`.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>

#include <limits>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// 2^30 times the smallest normal number: its products with weights down to 2^-30 are normal.
template <class T>
inline constexpr T least_state = (std::numeric_limits<T>::min)() * 1073741824;

}  // namespace detail

/// A state as it is kept for the next time step: 0 where its magnitude is below 2^-96 (`double`: 2^-992), as it is
/// elsewhere.
///
/// A state that fades, as after a sound has ended, is multiplied with a number below 1 again and again, until it is so
/// small that processors take many times as long for it; and there it stays, because 0.9 times the smallest number is
/// rounded to itself. This ends it before. (Adding a number and taking it off again would be an instruction less, but the
/// state would stay at a few times what is left of that number, whose square in `tanh` is as slow.)
template <class V, class T = math::scalar_t<V>>
CTNN_INLINE constexpr V settle(V state) {
    return math::select((math::abs)(state) < detail::least_state<T>, V{}, state);
}

}  // namespace CTNN_NAMESPACE::kernel
