// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Integers of one quantisation as those of another.

#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// q - z is rescaled by s_x / s_y, one factor for each of `Count` sources.
template <class Rounding, std::size_t Count>
struct rescaled_integers {
    typename Rounding::template factors<Count> factors;
    std::int32_t zero_points[Count], zero_point;

    friend constexpr bool operator==(const rescaled_integers&, const rescaled_integers&) = default;

    constexpr void set(const quantization (&from)[Count], quantization to) {
        zero_point = to.zero_point;
        for (std::size_t i = 0; i < Count; ++i) {
            factors.set(i, static_cast<double>(from[i].scale) / static_cast<double>(to.scale));
            zero_points[i] = from[i].zero_point;
        }
    }
    /// What q - z is multiplied with, and by how much the result may be away from a product of up to `size`.
    constexpr double number(std::size_t i) const { return factors.number(i); }
    constexpr double error(std::size_t i, double size) const { return factors.error(i, size); }
    CTNN_INLINE constexpr std::int8_t operator()(std::int8_t q, std::size_t i) const {
        return ctnn::detail::saturated(factors(q - zero_points[i], i) + zero_point);
    }
};

/// The real number of q, quantised again.
template <class Rounding, std::size_t Count>
struct real_integers {
    quantization from[Count], to;

    friend constexpr bool operator==(const real_integers&, const real_integers&) = default;

    constexpr void set(const quantization (&given)[Count], quantization output) {
        for (std::size_t i = 0; i < Count; ++i) from[i] = given[i];
        to = output;
    }
    /// What q - z is multiplied with, and by how much the result may be away from a product of up to `size`: the real number is
    /// rounded to float, and so is the quotient.
    constexpr double number(std::size_t i) const {
        return static_cast<double>(from[i].scale) / static_cast<double>(to.scale);
    }
    constexpr double error(std::size_t, double size) const { return 0.5 + (size + 1) / 4194304.0; }
    CTNN_INLINE constexpr std::int8_t operator()(std::int8_t q, std::size_t i) const {
        using step = math::strict<float>;
        return Rounding::quantize((step{from[i].scale} * step{static_cast<float>(q - from[i].zero_point)}).value, to);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
