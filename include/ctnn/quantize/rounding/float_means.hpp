// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Means of 8-bit integers in float.

#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::rounding {

/// The mean of `Count` integers, n, by their sum, halves to even; each step rounded to float. The same integers as onnxruntime 1.30
/// for QLinearGlobalAveragePool: q = rint(float(sum of q_i - z_x) f) + z_y with f = s_x / (s_y n).
///
/// With `RoundsStored` it is the number that is stored which is rounded, q = rint(float(sum of q_i) f + (z_y - (n z_x) f)) with
/// f = (1 / n) (s_x / s_y): the same integers as LiteRT (@litertjs/core 2.5.3) for MEAN.
template <std::size_t Count, bool RoundsStored>
struct half_even_means {
    float factor, offset;
    std::int32_t input_zero_point, output_zero_point;
    bool is_rescaled;

    friend constexpr bool operator==(const half_even_means&, const half_even_means&) = default;

    /// Numbers of up to 512 are rounded to 24 bits, eight times.
    static constexpr double error = 0.5 + 512 * 8 / 16777216.0;

    constexpr void set(quantization before, quantization after) {
        using step = math::strict<float>;
        const step input = before.scale, output = after.scale, count = static_cast<float>(Count);
        is_rescaled = before != after;
        input_zero_point = before.zero_point;
        output_zero_point = after.zero_point;
        factor = (RoundsStored ? step{1.0f} / count * (input / output) : input / (output * count)).value;
        offset = (step{static_cast<float>(output_zero_point)} - zeros() * step{factor}).value;
    }
    CTNN_INLINE constexpr std::int32_t empty(std::int32_t zeros) const { return zeros * input_zero_point; }
    CTNN_INLINE constexpr void add(std::int32_t& sum, std::int32_t q) const { sum += q; }
    constexpr std::int8_t operator()(std::int32_t sum, std::int32_t) const {
        using step = math::strict<float>;
        if constexpr (RoundsStored)
            return nearest(step{static_cast<float>(sum)} * step{factor} + step{offset}, 0);
        else
            return nearest((step{static_cast<float>(sum)} - zeros()) * step{factor}, output_zero_point);
    }

  private:
    constexpr math::strict<float> zeros() const {
        return static_cast<float>(static_cast<std::int32_t>(Count) * input_zero_point);
    }
    static constexpr std::int8_t nearest(math::strict<float> x, std::int32_t zero_point) {
        return ctnn::detail::saturated(ctnn::detail::round_half_even(static_cast<double>(x.value)) + zero_point);
    }
};

/// The mean of n real numbers, added in order, halves to even: q = rint((sum of s_x (q_i - z_x)) / n / s_y + z_y), each step
/// rounded to float. `Integer`, `std::int8_t` or `std::uint8_t`, is the type of the integers that the zero points belong to.
template <class Integer, std::size_t Most>
struct float_means {
    quantization input, output;
    bool is_rescaled;

    friend constexpr bool operator==(const float_means&, const float_means&) = default;

    /// Each number and each sum of the first ones is rounded to 24 bits, and so are the quotients and the last sum.
    static constexpr double error = 0.5 + 512 * static_cast<double>(Most + 8) / 16777216.0;

    constexpr void set(quantization before, quantization after) {
        is_rescaled = before != after;
        input = before;
        output = after;
    }
    CTNN_INLINE constexpr float empty(std::int32_t) const { return 0; }
    CTNN_INLINE constexpr void add(float& sum, std::int32_t q) const {
        using step = math::strict<float>;
        sum = (step{sum} + step{input.scale} * step{static_cast<float>(q - input.zero_point)}).value;
    }
    constexpr std::int8_t operator()(float sum, std::int32_t count) const {
        using step = math::strict<float>;
        constexpr std::int32_t offset = std::is_same_v<Integer, std::uint8_t> ? 128 : 0;
        const step steps = step{sum} / step{static_cast<float>(count)} / step{output.scale} +
                           step{static_cast<float>(output.zero_point + offset)};
        return ctnn::detail::saturated(ctnn::detail::round_half_even(static_cast<double>(steps.value)) - offset);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
