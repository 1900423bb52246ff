// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Rescaling of sums by integers, rounded once.

#include <ctnn/config.hpp>
#include <ctnn/quantize/rounding/fixed_point.hpp>
#include <ctnn/quantize/rounding/fixed_point_rule.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// A sum times m 2^(e - 31), rounded once, halves upwards: q = floor(sum m 2^(e - 31) + 1/2).
///
/// It equals tflite-micro with TFLITE_SINGLE_ROUNDING and CMSIS-NN with CMSIS_NN_USE_SINGLE_ROUNDING.
struct once : fixed_point_rule<once> {
    template <std::size_t Count>
    struct factors : fixed_point_factors<Count> {
        CTNN_INLINE constexpr std::int32_t operator()(std::int32_t sum, std::size_t i) const {
            return rescale(sum, this->multiplier.values[i], this->exponent.values[i]);
        }
        constexpr double error(std::size_t i, double) const { return largest_error(this->exponent[i]); }
    };

    /// By how much q may be away from the product of the sum and its factor.
    static constexpr double largest_error(int) { return 0.5; }

    CTNN_INLINE static constexpr std::int32_t rescale(std::int32_t sum, std::int32_t m, int e) {
        const int shift = 31 - e;
        const std::int64_t q = (std::int64_t{sum} * m + (std::int64_t{1} << (shift - 1))) >> shift;
        return e > 0 ? saturated_32(q) : static_cast<std::int32_t>(q);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
