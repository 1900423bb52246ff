// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The cross-entropy of binary outputs.

#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/log1p.hpp>
#include <ctnn/math/sigmoid.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// L = the mean of -t log y - (1 - t) log(1 - y) over the outputs and the samples, y = sigmoid z.
///
/// Evaluated from the logits as log(1 + exp -|z|) + u |z|, where u is the weight that the target gives to the answer
/// opposite to the sign of z (1 - t where z > 0, t elsewhere). The gradient y - t is computed as sigmoid(-|z|) - u,
/// negated where z > 0. Accurate for logits of any size and for confident predictions.
/// *Errors*: "ctnn: this loss does not go with the activation of the last layer", unless that is `sigmoid`.
struct binary_cross_entropy {
    /// Whether the loss can follow a last layer with this activation, and whether it then takes its logits.
    template <class Activation>
    static constexpr bool accepts = std::is_same_v<Activation, sigmoid>;
    template <class Activation>
    static constexpr bool takes_logits = true;

    /// The loss of one sample of `Width` logits z; with `Gradient`, also dz[i] = scale dL/dz[i].
    template <std::size_t Width, bool Gradient, class T>
    CTNN_INLINE constexpr T sample(const T* z, const T* target, [[maybe_unused]] T scale,
                                   [[maybe_unused]] T* dz) const {
        if constexpr (Gradient) {
            const T share = scale / static_cast<T>(Width);
            const auto chain = [share]<class V>(V logit, V wanted) CTNN_INLINE {
                const V against = shortfall(logit, wanted), doubt = math::sigmoid(-(math::abs)(logit));
                return share * math::select(logit > V{}, against - doubt, doubt - against);
            };
            kernel::map<Width>(chain, dz, z, target);
        }
        const auto entropy = []<class V>(V logit, V wanted) CTNN_INLINE {
            const V against = shortfall(logit, wanted), size = (math::abs)(logit);
            return math::log1p(math::exp(-size)) + against * math::select(against != V{}, size, V{});
        };
        return kernel::sum<Width>(entropy, z, target) / static_cast<T>(Width);
    }

  private:
    /// u of the formula above.
    template <class V>
    CTNN_INLINE static constexpr V shortfall(V logit, V wanted) {
        return math::select(logit > V{}, math::broadcast<V>(1) - wanted, wanted);
    }
};

}  // namespace CTNN_NAMESPACE
