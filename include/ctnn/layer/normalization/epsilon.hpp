// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The epsilon that normalisation adds to a variance.

#include <ctnn/config.hpp>

#include <ratio>

namespace CTNN_NAMESPACE {

/// What `batch_norm` and `layer_norm` add to the variance before its square root, so that it is not 0:
/// `epsilon<std::ratio<1, 1000>>`. 1/100000 by default.
///
/// *Errors*: "ctnn::epsilon: epsilon is at least 0".
template <class Ratio = std::ratio<1, 100000>>
struct epsilon {
    static_assert(Ratio::num >= 0, "ctnn::epsilon: epsilon is at least 0");
    using ratio = Ratio;
};

namespace detail {

template <class Type>
inline constexpr bool is_epsilon = false;
template <class Ratio>
inline constexpr bool is_epsilon<epsilon<Ratio>> = sizeof(epsilon<Ratio>) > 0;  // instantiates its static_assert

}  // namespace detail

}  // namespace CTNN_NAMESPACE
