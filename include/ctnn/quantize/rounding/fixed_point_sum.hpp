// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sums of 8-bit integers of different scales, by factors that are fixed-point numbers.

#include <ctnn/config.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/fixed_point.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// q = round(f (sum of round(f_i (x_i - z_i) 2^20))) + z_y with f_i = s_i / (2 m), f = 2 m / (2^20 s_y), m the largest s_i, each
/// rounding that of `Rule`.
///
/// For two terms the same integers as tflite-micro.
template <class Rule, std::size_t Count>
struct fixed_point_sum {
    fixed_point factors[Count], result;
    std::int32_t zero_points[Count], zero_point;

    friend constexpr bool operator==(const fixed_point_sum&, const fixed_point_sum&) = default;

    constexpr void set(const quantization (&terms)[Count], quantization to) {
        float largest = 0;
        for (const quantization& term : terms) largest = term.scale > largest ? term.scale : largest;
        const double twice_largest = 2 * static_cast<double>(largest);
        for (std::size_t i = 0; i < Count; ++i) {
            factors[i] = fixed_point::from(static_cast<double>(terms[i].scale) / twice_largest);
            zero_points[i] = terms[i].zero_point;
        }
        result = fixed_point::from(twice_largest / (1048576.0 * static_cast<double>(to.scale)));
        zero_point = to.zero_point;
    }
    /// What x_i is multiplied with.
    constexpr double number(std::size_t i) const { return 1048576.0 * factors[i].number() * result.number(); }
    /// By how much q, before it is saturated, may be away from the sum of these products and z_y.
    constexpr double error() const {
        double of_terms = 0;
        for (const fixed_point& factor : factors) of_terms += Rule::largest_error(factor.exponent);
        return of_terms * result.number() + Rule::largest_error(result.exponent);
    }
    CTNN_INLINE constexpr std::int8_t operator()(const std::int8_t (&x)[Count]) const {
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < Count; ++i)
            sum += Rule::rescale((x[i] - zero_points[i]) * 1048576, factors[i].multiplier, factors[i].exponent);
        return ctnn::detail::saturated(Rule::rescale(sum, result.multiplier, result.exponent) + zero_point);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
