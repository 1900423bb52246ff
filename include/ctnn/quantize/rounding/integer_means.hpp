// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Means of 8-bit integers by their sum, which is an integer.

#include <ctnn/config.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// Means of `Least` to `Most` integers. If they have the quantisation of the integers, halves go away from 0; if they have
/// another, the sum of n, less their zero points, is rescaled by s_x / (n s_y).
///
/// All rules of means have `set(before, after)`; `empty(zeros)`, the sum of so many zeros; `add(sum, q)`; `mean(sum, count)`;
/// `is_rescaled`, whether the quantisation changes; and `error`, by how much an integer may be away from the mean if it does not.
template <class Rounding, std::size_t Most, std::size_t Least = 1>
struct integer_means {
    typename Rounding::template factors<Most - Least + 1> factors;
    std::int32_t input_zero_point, output_zero_point;
    bool is_rescaled;

    friend constexpr bool operator==(const integer_means&, const integer_means&) = default;

    constexpr void set(quantization before, quantization after) {
        is_rescaled = before != after;
        input_zero_point = before.zero_point;
        output_zero_point = after.zero_point;
        for (std::size_t n = Least; n <= Most; ++n)
            factors.set(n - Least, static_cast<double>(before.scale) /
                                       (static_cast<double>(n) * static_cast<double>(after.scale)));
    }
    static constexpr double error = 0.5;

    CTNN_INLINE constexpr std::int32_t empty(std::int32_t zeros) const { return zeros * input_zero_point; }
    CTNN_INLINE constexpr void add(std::int32_t& sum, std::int32_t q) const { sum += q; }
    constexpr std::int8_t operator()(std::int32_t sum, std::int32_t count) const {
        if (!is_rescaled) return static_cast<std::int8_t>((sum > 0 ? sum + count / 2 : sum - count / 2) / count);
        return ctnn::detail::saturated(
            factors(sum - count * input_zero_point, static_cast<std::size_t>(count) - Least) + output_zero_point);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
