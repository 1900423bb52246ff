// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Rescaling of sums by integers, rounded twice: the arithmetic of gemmlowp, tflite-micro and CMSIS-NN.

#include <ctnn/config.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/fixed_point.hpp>
#include <ctnn/quantize/rounding/fixed_point_rule.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// A sum times m 2^(e - 31): the product with m is rounded to 2^31, halves upwards, and the shift to the right by -e is
/// rounded, halves away from 0:
///
///     h = floor((sum 2^max(e, 0) m + 2^30) / 2^31),   k = max(-e, 0),   q = (h + 2^(k - 1) - [h < 0]) >> k.
///
/// It equals the reference kernels of tflite-micro (commit 90b983c, without TFLITE_SINGLE_ROUNDING) and the default of
/// CMSIS-NN. *Source*: gemmlowp's fixed-point arithmetic, as used by Jacob and others, 2018.
struct twice : fixed_point_rule<twice> {
    template <std::size_t Count>
    struct factors : fixed_point_factors<Count> {
        CTNN_INLINE constexpr std::int32_t operator()(std::int32_t sum, std::size_t i) const {
            return rescale(sum, this->multiplier.values[i], this->exponent.values[i]);
        }
        constexpr double error(std::size_t i, double) const { return largest_error(this->exponent[i]); }
    };

    /// By how much q may be away from the product of the sum and its factor. The first rounding is one of a number 2^k as large,
    /// so that 1/2 of it remains 2^(-k - 1).
    static constexpr double largest_error(int e) {
        double first = 0.5;
        for (int k = e; k < 0; ++k) first /= 2;
        return e < 0 ? 0.5 + first : 0.5;
    }

    /// q as above. The sum, shifted to the left, is saturated to 32 bits.
    CTNN_INLINE static constexpr std::int32_t rescale(std::int32_t sum, std::int32_t m, int e) {
        const std::int32_t shifted = e > 0 ? saturated_32(std::int64_t{sum} * (std::int64_t{1} << e)) : sum;
        const std::int32_t h = high_product(shifted, m);
        return e >= 0 ? h : shifted_right(h, -e);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
