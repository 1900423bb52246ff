// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// An optimiser at work whose steps differ in their learning rate alone.

#include <ctnn/config.hpp>

namespace CTNN_NAMESPACE::detail {

/// `Rule` is one step's arithmetic, with a member `rate`.
template <class T, class Rule>
struct rate_stepper {
    Rule rule;

    /// The arithmetic of the next step, with the learning rate times `factor`.
    CTNN_INLINE constexpr Rule next(T factor) {
        Rule result = rule;
        result.rate *= factor;
        return result;
    }
};

}  // namespace CTNN_NAMESPACE::detail
