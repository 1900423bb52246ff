// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Activations of 8-bit integers: bounds for those that only clamp, and a table of 256 entries for all others.

#include <ctnn/activation/clip.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/relu.hpp>
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
/// The output q of the linear part has the quantisation `linear`. An activation that clamps, such as relu or relu6, has bounds
/// of q; then `output` is `linear`. Any other elementwise activation f is a table: for each q,
/// f(linear.number(q)) quantised to `output`.
template <class Activation, class Rounding>
struct integer_activation {
    static constexpr bool is_table = true;
    quantization linear;
    quantization output;
    std::int8_t table[256];

    friend constexpr bool operator==(const integer_activation&, const integer_activation&) = default;

    template <class T>
    constexpr void set(quantization before, quantization after) {
        linear = before;
        output = after;
        for (std::int32_t q = quantization::least; q <= quantization::greatest; ++q)
            table[q - quantization::least] =
                Rounding::quantize(static_cast<float>(Activation{}(static_cast<T>(before.number(q)))), after);
    }
    CTNN_INLINE constexpr std::int8_t operator()(std::int32_t q) const {
        return table[detail::saturated(q) - quantization::least];
    }
};

template <class Activation, class Rounding>
requires(detail::clamping<Activation>::is_clamping) struct integer_activation<Activation, Rounding> {
    static constexpr bool is_table = false;
    quantization output;
    std::int8_t lower, upper;

    friend constexpr bool operator==(const integer_activation&, const integer_activation&) = default;

    template <class T>
    constexpr void set(quantization, quantization after) {
        using bounds = detail::clamping<Activation>;
        output = after;
        lower = bounds::has_lower ? bound(bounds::lower) : quantization::least;
        upper = bounds::has_upper ? bound(bounds::upper) : quantization::greatest;
    }
    CTNN_INLINE constexpr std::int8_t operator()(std::int32_t q) const {
        return static_cast<std::int8_t>(q < lower ? lower : q > upper ? upper : q);
    }

  private:
    constexpr std::int8_t bound(double number) const {
        const auto steps = static_cast<double>(static_cast<float>(number) / output.scale);
        return detail::saturated(detail::round_half_away(steps) + output.zero_point);
    }
};

}  // namespace CTNN_NAMESPACE
