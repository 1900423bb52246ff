// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The softplus function: a smooth maximum of 0 and x.

#include <ctnn/config.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/math/log1p.hpp>

namespace CTNN_NAMESPACE::math {

/// ln(1 + e^x) of each lane, for arguments of any magnitude.
///
/// softplus(x) = max(x, 0) + log1p(e^-|x|): nothing overflows, and no precision is lost where the result is small.
///
/// *Accuracy*: 4 ulp. Largest error seen: float 1.68 ulp, double 1.60 ulp.
/// *Special values*: softplus(-inf) = 0, softplus(inf) = inf, softplus(nan) = nan.
template <class V>
CTNN_INLINE constexpr V softplus(V x) {
    CTNN_AS_WRITTEN(softplus(held(x)))
    return at_least(x, scalar_t<V>(0)) + log1p(exp(-(abs)(x)));
}

}  // namespace CTNN_NAMESPACE::math
