// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Log-probabilities of mutually exclusive classes.

#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/as_written.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/math/log.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// y[i] = x[i] - log(sum over j of exp(x[j])), over the innermost dimension.
///
/// The largest x is subtracted first, so results are accurate for logits of any size. *Shapes*: any in, the same out.
struct log_softmax {
    /// Whether `backward` reads the pre-activation, so that training has to keep it.
    static constexpr bool derivative_needs_input = false;

    template <std::size_t Width, class T>
    CTNN_INLINE static constexpr void forward(const T* x, T* y) {
        const T largest = kernel::maximum<Width, kernel::larger_number>(x);
        kernel::map<Width>(
            [largest](auto element) CTNN_INLINE {
                CTNN_PRECISE
                return CTNN_FIRST(element - largest);
            },
            y, x);
        T exponentials[Width];
        kernel::map<Width>([](auto element) CTNN_INLINE { return math::exp<math::not_above_zero>(element); },
                           exponentials, static_cast<const T*>(y));
        const T total = math::log(
            kernel::sum<Width>([](auto element) CTNN_INLINE { return element; }, static_cast<const T*>(exponentials)));
        kernel::map<Width>(
            [total](auto element) CTNN_INLINE {
                CTNN_PRECISE
                return element - total;
            },
            y, static_cast<const T*>(y));
    }
    /// dx[i] = dy[i] - exp(y[i]) (sum over j of dy[j]). `dx` may be `dy`.
    template <std::size_t Width, class T>
    CTNN_INLINE static constexpr void backward(const T* y, const T* dy, T* dx) {
        const T total = kernel::sum<Width>([](auto element) CTNN_INLINE { return element; }, dy);
        kernel::map<Width>([total](auto upstream, auto element)
                               CTNN_INLINE { return upstream - math::exp(element) * total; },
                           dx, dy, y);
    }
};

}  // namespace CTNN_NAMESPACE
