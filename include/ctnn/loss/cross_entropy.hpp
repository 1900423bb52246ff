// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The cross-entropy of mutually exclusive classes.

#include <ctnn/activation/log_softmax.hpp>
#include <ctnn/activation/softmax.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/log1p.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// L = the mean over the samples of -sum over i of t[i] log p[i], p = softmax z.
///
/// Evaluated from the logits with the largest subtracted; the gradient is p (sum of t) - t. Accurate for logits of any
/// size, -inf included (a class with t = 0 contributes nothing), and for confident predictions: the exponential of the
/// largest logit is 1, and the sum of the others is kept separately.
/// *Errors*: "ctnn: this loss does not go with the activation of the last layer", unless that is `softmax` or
/// `log_softmax`.
struct cross_entropy {
    /// Whether the loss can follow a last layer with this activation, and whether it then takes its logits.
    template <class Activation>
    static constexpr bool accepts = std::is_same_v<Activation, softmax> || std::is_same_v<Activation, log_softmax>;
    template <class Activation>
    static constexpr bool takes_logits = true;
    /// A single class always has the probability 1.
    static constexpr std::size_t least_outputs = 2;
    /// Whether `sample` also takes registers with one sample per lane.
    static constexpr bool takes_lanes = true;

    /// The loss of one sample of `Width` logits z; with `Gradient`, also dz[i] = scale dL/dz[i].
    template <std::size_t Width, bool Gradient, class T>
    CTNN_INLINE constexpr T sample(const T* z, const T* target, [[maybe_unused]] T scale,
                                   [[maybe_unused]] T* dz) const {
        CTNN_PRECISE
        const T largest = kernel::maximum<Width, kernel::larger_number>(z);
        T exponentials[Width];
        kernel::map<Width>([largest](auto logit)
                               CTNN_INLINE { return math::exp<math::not_above_zero>(logit - largest); },
                           exponentials, z);
        // The sum of the exponentials is 1 + rest. NaN propagates.
        const auto below = []<class V>(V element) CTNN_INLINE { return math::select(element >= one<V>, V{}, element); };
        const auto ties = []<class V>(V element) CTNN_INLINE { return math::select(element >= one<V>, one<V>, V{}); };
        const T rest = kernel::sum<Width>(below, static_cast<const T*>(exponentials)) +
                       CTNN_FIRST(kernel::sum<Width>(ties, static_cast<const T*>(exponentials)) - one<T>);
        if constexpr (Gradient) {
            const T all = kernel::sum<Width>(kernel::itself{}, target), weight = scale / (one<T> + rest);
            const auto chain = [weight, all, rest](auto exponential, auto wanted) CTNN_INLINE {
                return weight * (CTNN_FIRST(all * exponential - wanted) - wanted * rest);
            };
            kernel::map<Width>(chain, dz, static_cast<const T*>(exponentials), target);
        }
        const T log_total = math::log1p(rest);
        const auto entropy = [largest, log_total]<class V>(V logit, V wanted) CTNN_INLINE {
            return wanted * math::select(wanted != V{}, log_total - CTNN_FIRST(logit - largest), V{});
        };
        return kernel::sum<Width>(entropy, z, target);
    }

  private:
    template <class V>
    static constexpr V one = math::broadcast<V>(1);
};

}  // namespace CTNN_NAMESPACE
