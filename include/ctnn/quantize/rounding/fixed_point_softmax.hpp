// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Softmax of 8-bit integers in fixed-point arithmetic.

#include <ctnn/config.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/fixed_point.hpp>
#include <ctnn/quantize/rounding/fixed_point_functions.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// y[i] = 256 exp(s (x[i] - largest)) / sum, rounded, minus 128; s (x[i] - largest) has 5 integer bits, and the sum 12.
///
/// The same bits as tflite-micro (commit 90b983c). The outputs have the scale 1/256 and the zero point -128.
struct fixed_point_softmax {
    /// s 2^26, and the difference below which an exponential counts as 0.
    fixed_point step;
    std::int32_t least_difference;

    friend constexpr bool operator==(const fixed_point_softmax&, const fixed_point_softmax&) = default;

    constexpr void set(quantization before, quantization) {
        const double steps = static_cast<double>(before.scale) * 67108864.0;
        step = fixed_point::from(steps < 2147483647.0 ? steps : 2147483647.0);
        least_difference = -step.largest_input(5);
    }

    /// What stands for exp(-s below), for differences of up to 255.
    constexpr double exponential(std::int32_t below) const {
        return static_cast<double>(raw_exponential(-below)) / 2147483648.0;
    }
    /// By how much each term of the sum is rounded, and the quotient of an exponential and the sum, as a share of 1: with h half of the
    /// sum's mantissa and 1/17 at first, an error 1 - h x of the reciprocal x becomes its square in each step, and the products of the
    /// last one move it by 3 2^-29.
    static constexpr double term_error = 1.0 / 1048576;
    static constexpr double quotient_error(std::size_t) { return 1.0 / 67108864; }
    /// Of more, the sum may not fit 32 bits.
    static constexpr std::size_t most_terms = 4095;
    constexpr bool is_valid() const { return step.exponent >= 0; }

    template <std::size_t Width>
    constexpr void forward(std::int8_t* y) const {
        using functions = fixed_point_functions;
        std::int32_t largest = quantization::least, sum = 0;
        for (std::size_t i = 0; i < Width; ++i) largest = y[i] > largest ? y[i] : largest;
        std::int32_t exponentials[Width]{};
        for (std::size_t i = 0; i < Width; ++i) {
            const std::int32_t difference = y[i] - largest;
            if (difference < least_difference) continue;
            exponentials[i] = raw_exponential(difference);
            sum += shifted_right(exponentials[i], 12);
        }
        int bits = 0;
        const std::int32_t share = functions::reciprocal(sum, bits);
        for (std::size_t i = 0; i < Width; ++i) {
            const std::int32_t difference = y[i] - largest;
            y[i] = difference < least_difference
                       ? static_cast<std::int8_t>(quantization::least)
                       : ctnn::detail::saturated(shifted_right(functions::product(share, exponentials[i]), bits + 23) +
                                                 quantization::least);
        }
    }

  private:
    /// exp(s difference), of a number without integer bits, for a difference up to 0.
    constexpr std::int32_t raw_exponential(std::int32_t difference) const {
        using functions = fixed_point_functions;
        if (difference < least_difference) return 0;
        return functions::exp_of_negative<5>(
            functions::product(difference * (std::int32_t{1} << step.exponent), step.multiplier));
    }
};

}  // namespace CTNN_NAMESPACE::rounding
