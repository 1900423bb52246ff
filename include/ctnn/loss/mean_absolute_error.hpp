// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The mean of the absolute errors.

#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/lane.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// L = the mean of |y - t| over the outputs and the samples; the derivative at y = t is 0. (It repeats the frame of
/// `mean_squared_error`: both are the pattern for a loss of one's own.)
struct mean_absolute_error {
    /// Whether the loss can follow a last layer with this activation, and whether it then takes its logits.
    template <class Activation>
    static constexpr bool accepts = true;
    template <class Activation>
    static constexpr bool takes_logits = false;

    /// The loss of one sample of `Width` outputs y; with `Gradient`, also dy[i] = scale dL/dy[i].
    template <std::size_t Width, bool Gradient, class T>
    CTNN_INLINE constexpr T sample(const T* y, const T* target, [[maybe_unused]] T scale,
                                   [[maybe_unused]] T* dy) const {
        if constexpr (Gradient) {
            const T share = scale / static_cast<T>(Width);
            const auto sign = [share]<class V>(V output, V wanted) CTNN_INLINE {
                const V rising = math::select(output > wanted, math::broadcast<V>(share), V{});
                return math::select(output < wanted, math::broadcast<V>(-share), rising);
            };
            kernel::map<Width>(sign, dy, y, target);
        }
        const auto distance = [](auto output, auto wanted) CTNN_INLINE { return (math::abs)(output - wanted); };
        return kernel::sum<Width>(distance, y, target) / static_cast<T>(Width);
    }
};

}  // namespace CTNN_NAMESPACE
