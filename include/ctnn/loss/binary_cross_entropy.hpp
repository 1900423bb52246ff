// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The cross entropy of yes-or-no outputs.

#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduce.hpp>
#include <ctnn/math/softplus.hpp>

#include <cstddef>
#include <type_traits>

namespace ctnn {

/// L = the mean of -t log y - (1 - t) log(1 - y) over the outputs and the samples, y = sigmoid z.
///
/// Evaluated from the logits as log(1 + exp z) - t z, with the slope y - t: exact for logits of any size.
/// *Errors*: "ctnn: this loss does not go with the activation of the last layer", unless that is `sigmoid`.
struct binary_cross_entropy {
    /// Whether the loss can follow a last layer with this activation, and whether it then takes its logits.
    template <class Activation>
    static constexpr bool accepts = std::is_same_v<Activation, sigmoid>;
    template <class Activation>
    static constexpr bool takes_logits = true;

    /// The loss of one sample of `Width` logits z; with `Gradient`, also slope[i] = scale dL/dz[i].
    template <std::size_t Width, bool Gradient, class T>
    CTNN_INLINE constexpr T sample(const T* z, const T* target, [[maybe_unused]] T scale,
                                   [[maybe_unused]] T* slope) const {
        if constexpr (Gradient) {
            const T share = scale / static_cast<T>(Width);
            const auto chain = [share](auto logit, auto wanted) CTNN_INLINE {
                return share * (math::sigmoid(logit) - wanted);
            };
            kernel::map<Width>(chain, slope, z, target);
        }
        const auto entropy = [](auto logit, auto wanted) CTNN_INLINE { return math::softplus(logit) - wanted * logit; };
        return kernel::sum<Width>(entropy, z, target) / static_cast<T>(Width);
    }
};

}  // namespace ctnn
