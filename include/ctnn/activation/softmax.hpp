// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Probabilities of mutually exclusive classes.

#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/exp.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// y[i] = exp(x[i]) / sum over j of exp(x[j]), over the innermost dimension: all outputs of a vector, the
/// outputs of each step of a sequence, each row of an image.
///
/// The largest x is subtracted first, so results are accurate for logits of any size. *Shapes*: any in, the same out.
struct softmax {
    /// Whether `backward` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <std::size_t Width, class T>
    CTNN_INLINE static constexpr void forward(const T* x, T* y) {
        const T largest = kernel::maximum<Width, kernel::larger_number>(x);
        kernel::map<Width>(
            [largest](auto element) CTNN_INLINE { return math::exp<math::not_above_zero>(element - largest); }, y, x);
        const T* const exponentials = y;
        const T total = kernel::sum<Width>(kernel::itself{}, exponentials);
        const T share = T{1} / total;
        kernel::map<Width>([share](auto element) CTNN_INLINE { return element * share; }, y, exponentials);
    }
    /// dx[i] = y[i] (dy[i] - sum over j of dy[j] y[j]). `dx` may be `dy`.
    template <std::size_t Width, class T>
    CTNN_INLINE static constexpr void backward(const T* y, const T* dy, T* dx) {
        const T mean =
            kernel::sum<Width>([](auto upstream, auto element) CTNN_INLINE { return upstream * element; }, dy, y);
        kernel::map<Width>([mean](auto element, auto upstream) CTNN_INLINE { return element * (upstream - mean); }, dx,
                           y, dy);
    }
};

}  // namespace CTNN_NAMESPACE
