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
            return rescale(sum, this->multiplier[i], this->exponent[i]);
        }
    };

    /// q as above. The sum, shifted to the left, fits 32 bits.
    CTNN_INLINE static constexpr std::int32_t rescale(std::int32_t sum, std::int32_t m, int e) {
        const std::int64_t shifted = e > 0 ? static_cast<std::int64_t>(sum) * (std::int64_t{1} << e) : sum;
        const auto h = static_cast<std::int32_t>((shifted * m + (std::int64_t{1} << 30)) >> 31);
        if (e >= 0) return h;
        const int k = -e;
        return static_cast<std::int32_t>((std::int64_t{h} + (std::int64_t{1} << (k - 1)) - (h < 0 ? 1 : 0)) >> k);
    }
    /// By how much q may be away from the product of the sum and its factor.
    static constexpr double error(double) { return 1; }
};

}  // namespace CTNN_NAMESPACE::rounding
