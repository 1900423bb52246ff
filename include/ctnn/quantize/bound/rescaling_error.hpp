// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// By how much rescaling may miss the product of a sum and its factor.

#include <ctnn/config.hpp>
#include <ctnn/quantize/rounding/twice.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// |factors(sum, i) - sum factors.number(i)| where that product is at most `size`: what the rule says. Of `twice` it is known
/// more precisely: the first rounding is one of a number 2^k as large, k = -exponent, so that 1/2 + 2^(-k - 1) remains.
template <class Rounding, class Factors>
constexpr double rescaling_error(const Factors& factors, std::size_t i, double size) {
    if constexpr (std::is_same_v<Rounding, rounding::twice>) {
        double first = 0.5;
        for (int k = factors.exponent[i]; k < 0; ++k) first /= 2;
        return factors.exponent[i] < 0 ? 0.5 + first : 0.5;
    } else {
        return Rounding::error(size);
    }
}

}  // namespace CTNN_NAMESPACE::detail
