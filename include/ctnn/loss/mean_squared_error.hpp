// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The mean of the squared errors.

#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// L = the mean of (y - t)^2 over the outputs and the samples.
struct mean_squared_error {
    /// Whether the loss can follow a last layer with this activation, and whether it then takes its logits.
    template <class Activation>
    static constexpr bool accepts = true;
    template <class Activation>
    static constexpr bool takes_logits = false;

    /// The loss of one sample of `Width` outputs y; with `Gradient`, also dy[i] = scale dL/dy[i].
    template <std::size_t Width, bool Gradient, class T>
    CTNN_INLINE constexpr T sample(const T* y, const T* target, [[maybe_unused]] T scale,
                                   [[maybe_unused]] T* dy) const {
        if constexpr (Width == 1) {
            const T difference = y[0] - target[0];
            if constexpr (Gradient) dy[0] = 2 * scale * difference;
            return difference * difference;
        }
        if constexpr (Gradient) {
            const T share = 2 * scale / static_cast<T>(Width);
            const auto chain = [share](auto output, auto wanted) CTNN_INLINE { return share * (output - wanted); };
            kernel::map<Width>(chain, dy, y, target);
        }
        const auto square = [](auto output, auto wanted) CTNN_INLINE { return (output - wanted) * (output - wanted); };
        return kernel::sum<Width>(square, y, target) / static_cast<T>(Width);
    }
};

}  // namespace CTNN_NAMESPACE
