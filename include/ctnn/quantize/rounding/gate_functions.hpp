// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Logistic and tanh of 16-bit integers, to the bits of TensorFlow Lite's reference kernels.

#include <ctnn/config.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// logistic(i h) for h = 1/24 in units of 2^-16, raised by half of what a chord is below the curve there, h^2 / 16 of the second
/// derivative: then interpolation errs as much upwards as downwards. The last is that of infinity.
template <std::size_t Count>
inline constexpr tensor<std::uint16_t, shape<Count>> logistic_table = [] {
    tensor<std::uint16_t, shape<Count>> result{};
    for (std::size_t i = 0; i + 1 < Count; ++i) {
        const double s = 1 / (1 + math::exp(-static_cast<double>(i) / 24)), curvature = s * (1 - s) * (2 * s - 1);
        result[i] = static_cast<std::uint16_t>(65536 * (s + curvature / 9216) + 0.5);
    }
    result[Count - 1] = 65535;
    return result;
}();

/// Integers of 16 bits, and functions of them by interpolation in one table.
///
/// *Source*: the kernels for 16-bit integers of tflite-micro (commit 90b983c), for every integer, and exponents from -15 to 2.
struct gate_functions {
    static constexpr std::int32_t least = -32768, greatest = 32767;

    CTNN_INLINE static constexpr std::int32_t saturated(std::int32_t x) {
        return x < least ? least : x > greatest ? greatest : x;
    }

    /// By how much the functions below may be away from those that they approximate: of all integers, which were tried one by one.
    static constexpr double sigmoid_error = 1.02 / 32768;
    static constexpr double tanh_error(int exponent) { return (exponent < -12 ? 2.45 : 1.48) / 32768; }

    /// logistic(x 2^-12) in units of 2^-15, halves upwards; of a negative x, 1 minus that of -x.
    static constexpr std::int32_t sigmoid(std::int32_t x) {
        const std::int32_t size = 3 * (x < 0 ? -x : x),
                           of_size = size >> 9 >= 255 ? 32767 : (interpolated(size, 9) + 512) >> 10;
        return x < 0 ? 32768 - of_size : of_size;
    }

    /// tanh(x 2^exponent) in units of 2^-15, as 2 logistic(2 x 2^exponent) - 1, halves upwards; of a negative x, minus that
    /// of -x. Exponents are from -15 to 2.
    static constexpr std::int32_t tanh(std::int32_t x, int exponent) {
        const int shift = exponent + 12;
        const std::int32_t steps = shift >= 0 ? 3 * x * (1 << shift) : (3 * x + (1 << (-shift - 1))) >> -shift;
        const std::int32_t size = steps < 0 ? -steps : steps,
                           of_size = ((size >> 8 >= 255 ? 65535 << 8 : interpolated(size, 8)) - (1 << 23) + 128) >> 8;
        return steps < 0 ? -of_size : of_size;
    }

  private:
    /// Between two entries of the table, 2^bits apart; in units of 2^(-16 - bits).
    CTNN_INLINE static constexpr std::int32_t interpolated(std::int32_t size, int bits) {
        const auto& table = logistic_table<256>;
        const auto at = static_cast<std::size_t>(size >> bits);
        const std::int32_t before = table[at], after = table[at + 1];
        return before * (1 << bits) + (size & ((1 << bits) - 1)) * (after - before);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
