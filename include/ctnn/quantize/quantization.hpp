// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How 8-bit integers represent real numbers.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// An interval of real numbers.
struct value_range {
    float lower, upper;

    friend constexpr bool operator==(const value_range&, const value_range&) = default;
};

/// An integer q of 8 bits represents the real number scale (q - zero_point). 0 is always represented exactly.
struct quantization {
    float scale = 1;
    std::int32_t zero_point = 0;

    friend constexpr bool operator==(const quantization&, const quantization&) = default;

    static constexpr std::int32_t least = -128, greatest = 127;

    /// The number that an integer, or a sum of integers with this zero point, represents.
    constexpr double number(std::int32_t q) const {
        return static_cast<double>(scale) * (static_cast<double>(q) - static_cast<double>(zero_point));
    }
    /// All numbers between those of the least and the greatest integer.
    constexpr double lower() const { return number(least); }
    constexpr double upper() const { return number(greatest); }
};

namespace detail {

/// The nearest integer, of two the one farther from 0; beyond `limit` in size, the limit.
constexpr std::int64_t round_half_away(double x, double limit = 4294967296.0) {
    if (!(x < limit)) return static_cast<std::int64_t>(limit);
    if (!(x > -limit)) return static_cast<std::int64_t>(-limit);
    const auto whole = static_cast<std::int64_t>(x);
    const double rest = x - static_cast<double>(whole);
    return rest >= 0.5 ? whole + 1 : rest <= -0.5 ? whole - 1 : whole;
}
/// The nearest integer, of two the even one.
constexpr std::int64_t round_half_even(double x, double limit = 4294967296.0) {
    if (!(x < limit)) return static_cast<std::int64_t>(limit);
    if (!(x > -limit)) return static_cast<std::int64_t>(-limit);
    const auto whole = static_cast<std::int64_t>(x);
    const double rest = x - static_cast<double>(whole);
    const bool is_odd = whole % 2 != 0;
    return rest > 0.5 || (rest == 0.5 && is_odd)     ? whole + 1
           : rest < -0.5 || (rest == -0.5 && is_odd) ? whole - 1
                                                     : whole;
}

constexpr std::int8_t saturated(std::int64_t q, std::int64_t lower = -128, std::int64_t upper = 127) {
    return static_cast<std::int8_t>(q < lower ? lower : q > upper ? upper : q);
}

}  // namespace detail

/// The asymmetric quantisation of a range: its lower end, or 0 if that is less, is about -128, its upper end 127, and the
/// zero point is an integer.
///
/// *Source*: Jacob and others, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
/// Inference", 2018, section 3.
constexpr quantization asymmetric_quantization(value_range range) {
    const double low = range.lower < 0 ? static_cast<double>(range.lower) : 0,
                 high = range.upper > 0 ? static_cast<double>(range.upper) : 0;
    const auto scale = static_cast<float>((high - low) / 255);
    if (!(scale > 0)) return {};
    return {scale, detail::saturated(-128 + detail::round_half_away(-low / static_cast<double>(scale)))};
}

/// The symmetric quantisation of a range, with zero point 0: the larger end is 127 or -127.
constexpr quantization symmetric_quantization(value_range range) {
    const double low = static_cast<double>(range.lower), high = static_cast<double>(range.upper),
                 largest = -low > high ? -low : high;
    const auto scale = static_cast<float>(largest / 127);
    return scale > 0 ? quantization{scale, 0} : quantization{};
}

namespace detail {

/// The integers that represent `count` numbers, by a rule of rounding.
template <class Rounding, class T>
CTNN_INLINE constexpr void quantize_values(const T* x, std::size_t count, quantization to, std::int8_t* y) {
    for (std::size_t i = 0; i < count; ++i) y[i] = Rounding::quantize(static_cast<float>(x[i]), to);
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
