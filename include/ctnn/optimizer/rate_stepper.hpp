// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The stepper of optimisers whose steps differ only in their learning rate.

#include <ctnn/config.hpp>

namespace CTNN_NAMESPACE::detail {

/// `Rule` is the update rule of one step, with a member `rate`.
template <class T, class Rule>
struct rate_stepper {
    Rule rule;

    /// The update rule of the next step, with the learning rate times `factor`.
    CTNN_INLINE constexpr Rule next(T factor) const {
        Rule result = rule;
        result.rate *= factor;
        return result;
    }
};

}  // namespace CTNN_NAMESPACE::detail
