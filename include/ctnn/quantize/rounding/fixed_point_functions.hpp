// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Exponential, reciprocal, logistic and tanh of fixed-point numbers of 32 bits, to the bits of gemmlowp.

#include <ctnn/config.hpp>
#include <ctnn/quantize/rounding/fixed_point.hpp>

#include <bit>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// Functions of numbers of the form raw 2^-(31 - integer bits), with the roundings of gemmlowp's fixed-point arithmetic.
///
/// *Source*: gemmlowp, as tflite-micro (commit 90b983c) uses it for softmax, logistic and tanh of 8-bit integers.
struct fixed_point_functions {
    static constexpr std::int32_t greatest = 0x7fffffff;

    /// a b 2^-31, halves upwards. The product of the two least numbers is the greatest.
    static constexpr std::int32_t product(std::int32_t a, std::int32_t b) {
        if (a == b && a == -greatest - 1) return greatest;
        return high_product(a, b);
    }
    /// x 2^bits; too large ones become the greatest or the least.
    static constexpr std::int32_t shifted_left(std::int32_t x, int bits) {
        const std::int64_t result = std::int64_t{x} * (std::int64_t{1} << bits);
        return static_cast<std::int32_t>(result > greatest        ? std::int64_t{greatest}
                                         : result < -greatest - 1 ? std::int64_t{-greatest - 1}
                                                                  : result);
    }

    /// exp(a), without an integer bit, of a number up to 0 with `IntegerBits`, 4 or 5. The argument is the sum of multiples of
    /// 1/4, whose exponentials are factors, and a rest from -1/4 to 0, of which a polynomial around -1/8 is taken.
    template <int IntegerBits>
    static constexpr std::int32_t exp_of_negative(std::int32_t a) {
        if (a == 0) return greatest;
        constexpr int fraction = 31 - IntegerBits;
        constexpr std::int32_t quarter = std::int32_t{1} << (fraction - 2);
        const std::int32_t rest = (a & (quarter - 1)) - quarter;
        std::int32_t result = exp_near_eighth(shifted_left(rest, IntegerBits));
        const std::int32_t multiples = rest - a;
        // exp(-1/4), exp(-1/2), exp(-1), ..., exp(-16).
        constexpr std::int32_t factors[]{1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
        for (int i = 0; i < IntegerBits + 2; ++i)
            if ((multiples >> (fraction - 2 + i)) % 2 != 0) result = product(result, factors[i]);
        return result;
    }

    /// 1 / (1 + a) for a from 0 to 1, both without integer bits: three steps of Newton's method for 2 / ((1 + a) / 2).
    static constexpr std::int32_t reciprocal_of_one_plus(std::int32_t a) { return shifted_left(newton(a), 1); }
    /// (1 - a) / (1 + a).
    static constexpr std::int32_t one_minus_over_one_plus(std::int32_t a) {
        return shifted_left(newton(a) - (std::int32_t{1} << 29), 2);
    }

    /// 1 / (1 + exp(-a)) without integer bits, for a with 4.
    static constexpr std::int32_t logistic(std::int32_t a) {
        if (a == 0) return std::int32_t{1} << 30;
        const std::int32_t positive = reciprocal_of_one_plus(exp_of_negative<4>(a > 0 ? -a : a));
        return a > 0 ? positive : greatest - positive;
    }
    /// tanh(a) without integer bits, for a with 4: by exp(-2 |a|), whose argument has 5.
    static constexpr std::int32_t tanh(std::int32_t a) {
        if (a == 0) return 0;
        const std::int32_t size = one_minus_over_one_plus(exp_of_negative<5>(a > 0 ? -a : a));
        return a > 0 ? size : -size;
    }

    /// 1 / x for x with 12 integer bits: a mantissa, without integer bits, that is to be shifted to the right by `bits`.
    static constexpr std::int32_t reciprocal(std::int32_t x, int& bits) {
        const auto u = static_cast<std::uint32_t>(x);
        const int zeros = std::countl_zero(u);
        bits = 12 - zeros;
        return reciprocal_of_one_plus(static_cast<std::int32_t>((u << zeros) - (std::uint32_t{1} << 31)));
    }

  private:
    /// exp(a) for a from -1/4 to 0: with x = a + 1/8, exp(-1/8) (1 + x + x^2/2 + x^3/6 + x^4/24).
    static constexpr std::int32_t exp_near_eighth(std::int32_t a) {
        constexpr std::int32_t of_minus_eighth = 1895147668, third = 715827883;
        const std::int32_t x = a + (std::int32_t{1} << 28), square = product(x, x), cube = product(square, x),
                           fourth = product(square, square);
        const std::int32_t rest = shifted_right(product(shifted_right(fourth, 2) + cube, third) + square, 1);
        return of_minus_eighth + product(of_minus_eighth, x + rest);
    }
    /// 2 / (1 + a) with 2 integer bits, that is a fourth of it as a fraction.
    static constexpr std::int32_t newton(std::int32_t a) {
        // The half of the sum of a and 1, which is the greatest number; halves away from 0.
        const auto half = static_cast<std::int32_t>((std::int64_t{a} + greatest + 1) / 2);
        // 48/17 and -32/17 with 2 integer bits.
        std::int32_t x = 1515870810 + product(half, -1010580540);
        for (int i = 0; i < 3; ++i) {
            const std::int32_t rest = (std::int32_t{1} << 29) - product(half, x);
            x += shifted_left(product(x, rest), 2);
        }
        return x;
    }
};

}  // namespace CTNN_NAMESPACE::rounding
