// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Activations of 8-bit integers: bounds for those that only clamp, and a table of 256 entries for all others.

#include <ctnn/activation/clip.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/relu.hpp>
#include <ctnn/activation/softmax.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/ratio.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <cstddef>
#include <cstdint>
#include <ratio>

namespace CTNN_NAMESPACE {

namespace detail {

/// Whether an activation only clamps, and to which numbers.
template <class Activation>
struct clamping {
    static constexpr bool is_clamping = false;
};
template <>
struct clamping<identity> {
    static constexpr bool is_clamping = true, has_lower = false, has_upper = false;
    static constexpr double lower = 0, upper = 0;
};
template <>
struct clamping<relu> {
    static constexpr bool is_clamping = true, has_lower = true, has_upper = false;
    static constexpr double lower = 0, upper = 0;
};
template <class Min, class Max>
struct clamping<clip<Min, Max>> {
    static constexpr bool is_clamping = true, has_lower = clip<Min, Max>::has_min, has_upper = clip<Min, Max>::has_max;
    static constexpr double lower = has_lower ? math::from_ratio<double, Min> : 0,
                            upper = has_upper ? math::from_ratio<double, Max> : 0;
};
template <>
struct clamping<relu6> : clamping<clip<std::ratio<0>, std::ratio<6>>> {};

}  // namespace detail

/// The activation of a layer of integers, in the arithmetic `Rounding`.
///
/// `clamp(q)` and `bounded(q)` take the output of the linear part, relative to its zero point or not; then
/// `forward<Rows, Width>(y)` works on all outputs in place. An elementwise activation f is a table: for each q,
/// f(linear.number(q)) quantised to `output`.
template <class Activation, class Rounding>
struct integer_activation {
    static constexpr bool is_clamping = false;
    quantization of_linear, output;
    std::int8_t table[256];

    friend constexpr bool operator==(const integer_activation&, const integer_activation&) = default;

    /// The quantisation of the outputs, where one was chosen by their range.
    static constexpr quantization output_for(quantization chosen) { return chosen; }

    constexpr void set(quantization before, quantization after) {
        of_linear = before;
        output = after;
        Rounding::template fill_table<Activation>(before, after, table);
    }
    constexpr quantization linear() const { return of_linear; }
    CTNN_INLINE constexpr std::int8_t clamp(std::int32_t q) const {
        return detail::saturated(q + of_linear.zero_point);
    }
    CTNN_INLINE constexpr std::int8_t bounded(std::int8_t q) const { return q; }

    template <std::size_t Rows, std::size_t Width>
    CTNN_INLINE constexpr void forward(std::int8_t* y) const {
        for (std::size_t i = 0; i < Rows * Width; ++i) y[i] = table[y[i] - quantization::least];
    }
};

/// An activation that only clamps, such as relu or relu6, has bounds. The linear part has the quantisation of the outputs.
template <class Activation, class Rounding>
requires(detail::clamping<Activation>::is_clamping) struct integer_activation<Activation, Rounding> {
    static constexpr bool is_clamping = true;
    quantization output;
    std::int8_t lower, upper;

    friend constexpr bool operator==(const integer_activation&, const integer_activation&) = default;

    static constexpr quantization output_for(quantization chosen) { return chosen; }
    constexpr void set(quantization, quantization after) {
        using bounds = detail::clamping<Activation>;
        output = after;
        lower = bounds::has_lower ? bound(bounds::lower) : quantization::least;
        upper = bounds::has_upper ? bound(bounds::upper) : quantization::greatest;
    }
    constexpr quantization linear() const { return output; }
    CTNN_INLINE constexpr std::int8_t clamp(std::int32_t q) const {
        const std::int32_t sum = q + output.zero_point;
        return static_cast<std::int8_t>(sum < lower ? lower : sum > upper ? upper : sum);
    }
    CTNN_INLINE constexpr std::int8_t bounded(std::int8_t q) const { return q < lower ? lower : q > upper ? upper : q; }
    template <std::size_t, std::size_t>
    CTNN_INLINE constexpr void forward(std::int8_t*) const {}

  private:
    constexpr std::int8_t bound(double number) const {
        const auto steps = static_cast<double>(static_cast<float>(number) / output.scale);
        return detail::saturated(detail::round_half_away(steps) + output.zero_point);
    }
};

/// Softmax over each row. Its outputs are in units of 1/256, from 0 to 255/256.
template <class Rounding>
struct integer_activation<softmax, Rounding> {
    static constexpr bool is_clamping = false;
    quantization of_linear, output;
    typename Rounding::softmax_rule rule;

    friend constexpr bool operator==(const integer_activation&, const integer_activation&) = default;

    static constexpr quantization output_for(quantization) { return {1.0f / 256, -128}; }
    constexpr void set(quantization before, quantization after) {
        of_linear = before;
        output = after;
        rule.set(before, after);
    }
    constexpr quantization linear() const { return of_linear; }
    CTNN_INLINE constexpr std::int8_t clamp(std::int32_t q) const {
        return detail::saturated(q + of_linear.zero_point);
    }
    CTNN_INLINE constexpr std::int8_t bounded(std::int8_t q) const { return q; }

    template <std::size_t Rows, std::size_t Width>
    constexpr void forward(std::int8_t* y) const {
        for (std::size_t row = 0; row < Rows; ++row) rule.template forward<Width>(y + row * Width);
    }
};

}  // namespace CTNN_NAMESPACE
