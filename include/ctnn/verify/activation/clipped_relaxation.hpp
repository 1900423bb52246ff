// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// `clipped` in a proof: the range of its activation between the bounds.

#include <ctnn/activation/clipped.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/ratio.hpp>
#include <ctnn/verify/activation/relaxation.hpp>

namespace CTNN_NAMESPACE {

template <class Activation, class Bound>
struct activation_model<clipped<Activation, Bound>> {
    static constexpr bool is_known = activation_model<Activation>::is_known;

    template <class T>
    static constexpr relaxation over(double lower, double upper) {
        constexpr double bound = static_cast<double>(math::from_ratio<T, Bound>);
        const auto within = [](double z) { return z < -bound ? -bound : z > bound ? bound : z; };
        const relaxation inside = activation_model<Activation>::template over<T>(within(lower), within(upper));
        return {0, inside.lowest, 0, inside.highest, inside.lowest, inside.highest};
    }
};

}  // namespace CTNN_NAMESPACE
