// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The Huber loss: quadratic near the target, linear far from it.

#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/lane.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// L = the mean of h(y - t), h(d) = d^2 / 2 where |d| <= delta and delta (|d| - delta / 2) elsewhere.
///
/// Source: Huber, "Robust estimation of a location parameter", 1964.
struct huber {
    double delta = 1;

    /// Whether the loss can follow a last layer with this activation, and whether it then takes its logits.
    template <class Activation>
    static constexpr bool accepts = true;
    template <class Activation>
    static constexpr bool takes_logits = false;

    /// The loss of one sample of `Width` outputs y; with `Gradient`, also dy[i] = scale dL/dy[i].
    template <std::size_t Width, bool Gradient, class T>
    CTNN_INLINE constexpr T sample(const T* y, const T* target, [[maybe_unused]] T scale,
                                   [[maybe_unused]] T* dy) const {
        const T bend = static_cast<T>(delta);
        if constexpr (Gradient) {
            const T share = scale / static_cast<T>(Width);
            const auto clamped = [share, bend]<class V>(V output, V wanted) CTNN_INLINE {
                const V deviation = output - wanted;
                const V bounded = math::select(deviation > bend, math::broadcast<V>(bend), deviation);
                return share * math::select(bounded < -bend, math::broadcast<V>(-bend), bounded);
            };
            kernel::map<Width>(clamped, dy, y, target);
        }
        const auto distance = [bend]<class V>(V output, V wanted) CTNN_INLINE {
            const V deviation = (math::abs)(output - wanted);
            return math::select(deviation <= bend, deviation * deviation * T(0.5), bend * (deviation - bend * T(0.5)));
        };
        return kernel::sum<Width>(distance, y, target) / static_cast<T>(Width);
    }
};

}  // namespace CTNN_NAMESPACE
