// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The cross entropy of classes that exclude each other.

#include <ctnn/activation/log_softmax.hpp>
#include <ctnn/activation/softmax.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduce.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/math/log.hpp>

#include <cstddef>
#include <type_traits>

namespace ctnn {

/// L = the mean over the samples of -sum over i of t[i] log p[i], p = softmax z.
///
/// Evaluated from the logits with their largest subtracted, with the slope p (sum of t) - t: exact for logits of any
/// size. *Errors*: "ctnn: this loss does not go with the activation of the last layer", unless that is `softmax` or
/// `log_softmax`.
struct cross_entropy {
    /// Whether the loss can follow a last layer with this activation, and whether it then takes its logits.
    template <class Activation>
    static constexpr bool accepts = std::is_same_v<Activation, softmax> || std::is_same_v<Activation, log_softmax>;
    template <class Activation>
    static constexpr bool takes_logits = true;
    /// Whether `sample` also takes registers, each lane of which is a sample.
    static constexpr bool takes_lanes = true;

    /// The loss of one sample of `Width` logits z; with `Gradient`, also slope[i] = scale dL/dz[i].
    template <std::size_t Width, bool Gradient, class T>
    CTNN_INLINE constexpr T sample(const T* z, const T* target, [[maybe_unused]] T scale,
                                   [[maybe_unused]] T* slope) const {
        const T largest = kernel::maximum<Width, kernel::larger_number>(z);
        T exponentials[Width];
        kernel::map<Width>([largest](auto logit)
                               CTNN_INLINE { return math::exp<math::not_above_zero>(logit - largest); },
                           exponentials, z);
        const auto same = [](auto element) CTNN_INLINE { return element; };
        const T total = kernel::sum<Width>(same, static_cast<const T*>(exponentials));
        if constexpr (Gradient) {
            const T weight = scale * kernel::sum<Width>(same, target) / total;
            const auto chain = [weight, scale](auto exponential, auto wanted)
                                   CTNN_INLINE { return weight * exponential - scale * wanted; };
            kernel::map<Width>(chain, slope, static_cast<const T*>(exponentials), target);
        }
        const T log_total = math::log(total);
        const auto entropy = [largest, log_total](auto logit, auto wanted)
                                 CTNN_INLINE { return wanted * (log_total - (logit - largest)); };
        return kernel::sum<Width>(entropy, z, target);
    }
};

}  // namespace ctnn
