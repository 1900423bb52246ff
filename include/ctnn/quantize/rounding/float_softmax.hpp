// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Softmax of 8-bit integers by a table of exponentials in float.

#include <ctnn/config.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// y[i] = e[largest - x[i]] / (sum s_y), rounded, plus z_y, where e[d] = exp(-s_x d) is a table in float; the sum adds them in
/// order, and halves are rounded away from 0. The same integers as LiteRT (@litertjs/core 2.5.3).
///
/// With `CountsSteps` it is e[largest - x[i]] floor(1 / s_y) / sum, halves to even: the same integers as onnxruntime 1.30 for
/// QLinearSoftmax, also where 1 / s_y is no integer.
template <bool CountsSteps>
struct float_softmax {
    float exponentials[256];
    quantization output;

    friend constexpr bool operator==(const float_softmax&, const float_softmax&) = default;

    constexpr void set(quantization before, quantization after) {
        output = after;
        for (int i = 0; i < 256; ++i) {
            const auto x = (math::strict<float>{-before.scale} * math::strict<float>{static_cast<float>(i)}).value;
            exponentials[i] = static_cast<float>(math::exp(static_cast<double>(x)));
        }
    }

    /// What stands for exp(-s below).
    constexpr double exponential(std::int32_t below) const { return static_cast<double>(exponentials[below]); }
    /// By how much each term of the sum is rounded by itself, and the quotient of an exponential and the sum, as a share of 1: by the
    /// sum's additions, a product, a division and a product.
    static constexpr double term_error = 0;
    static constexpr double quotient_error(std::size_t terms) { return static_cast<double>(terms + 4) / 8388608; }
    static constexpr std::size_t most_terms = 65536;
    static constexpr bool is_valid() { return true; }

    template <std::size_t Width>
    constexpr void forward(std::int8_t* y) const {
        std::int32_t largest = quantization::least;
        for (std::size_t i = 0; i < Width; ++i) largest = y[i] > largest ? y[i] : largest;
        step sum = 0.0f;
        for (std::size_t i = 0; i < Width; ++i) sum = sum + step{exponentials[largest - y[i]]};
        const step factor = CountsSteps ? steps_of_one() : step{1.0f} / (sum * step{output.scale});
        for (std::size_t i = 0; i < Width; ++i) {
            const step part = step{exponentials[largest - y[i]]} * factor;
            y[i] = ctnn::detail::saturated((CountsSteps
                                                ? ctnn::detail::round_half_even(static_cast<double>((part / sum).value))
                                                : ctnn::detail::round_half_away(static_cast<double>(part.value))) +
                                           output.zero_point);
        }
    }

  private:
    using step = math::strict<float>;

    constexpr step steps_of_one() const {
        const float steps = (step{1.0f} / step{output.scale}).value;
        // Above 2^23 all are integers.
        return steps < 8388608.0f ? static_cast<float>(static_cast<std::int32_t>(steps)) : steps;
    }
};

}  // namespace CTNN_NAMESPACE::rounding
