// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The cosine.

#include <ctnn/config.hpp>
#include <ctnn/math/quarter_turns.hpp>

namespace CTNN_NAMESPACE::math {

/// The cosine of each lane, an angle in radians, without a branch.
///
/// *Accuracy*: 1 ulp for |x| up to 1608 (float) and 1.6 million (double). Larger arguments lose a bit of the angle for
/// each doubling, and the result stays within [-1, 1]. Largest error seen: float 0.85 ulp, double 0.84 ulp.
/// *Special values*: cos(0) = 1, cos(+-inf) = nan, cos(nan) = nan.
/// *Source*: range reduction of Cody and Waite (1980), with the parts of pi/2 and minimax polynomials (Remez) computed
/// for ctnn, with relative errors 2^-28 for float and 2^-58 for double.
template <class V>
CTNN_INLINE constexpr V cos(V x) {
    return detail::sine_of_turns<1>(x);
}

}  // namespace CTNN_NAMESPACE::math
