// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the rules have in common whose factors are fixed-point numbers.

#include <ctnn/activation/hard_swish.hpp>
#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/fixed_point.hpp>
#include <ctnn/quantize/rounding/fixed_point_functions.hpp>
#include <ctnn/quantize/rounding/fixed_point_means.hpp>
#include <ctnn/quantize/rounding/fixed_point_softmax.hpp>
#include <ctnn/quantize/rounding/fixed_point_sum.hpp>
#include <ctnn/quantize/rounding/hard_swish_table.hpp>
#include <ctnn/quantize/rounding/integer_means.hpp>
#include <ctnn/quantize/rounding/leaky_relu_table.hpp>
#include <ctnn/quantize/rounding/requantization.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::rounding {

/// `Rule` has `rescale(sum, multiplier, exponent)`.
template <class Rule>
struct fixed_point_rule {
    using softmax_rule = fixed_point_softmax;
    template <std::size_t Count>
    using sum_rule = fixed_point_sum<Rule, Count>;
    template <std::size_t Most>
    using window_means = integer_means<Rule, Most>;
    template <std::size_t Count>
    using channel_means = fixed_point_means<Rule, Count>;
    template <std::size_t Count>
    using requantization = rescaled_integers<Rule, Count>;

    /// The factor from sums of products to an output. The product of the scales is rounded to float where a fully
    /// connected layer has one scale for all its weights.
    static constexpr double factor(float input, float weights, float output, bool is_dense_with_one_scale) {
        using step = math::strict<float>;
        const double product = is_dense_with_one_scale ? static_cast<double>((step{input} * step{weights}).value)
                                                       : static_cast<double>(input) * static_cast<double>(weights);
        return product / static_cast<double>(output);
    }
    /// The integer that represents a number; halves away from 0.
    static constexpr std::int8_t quantize(float x, quantization to) {
        const auto steps = static_cast<double>((math::strict<float>{x} / math::strict<float>{to.scale}).value);
        return ctnn::detail::saturated(ctnn::detail::round_half_away(steps) + to.zero_point);
    }

    /// An activation of each integer, from -128 to 127. Sigmoid with outputs in 256ths from -128 on, tanh with outputs in
    /// 128ths, hard swish and leaky relu are computed in fixed-point arithmetic, as tflite-micro does; others in float.
    template <class Activation>
    static constexpr void fill_table(quantization before, quantization after, std::int8_t* table) {
        constexpr bool is_sigmoid = std::is_same_v<Activation, sigmoid>, is_tanh = std::is_same_v<Activation, tanh>;
        if constexpr (is_sigmoid || is_tanh)
            if (after == (is_sigmoid ? quantization{1.0f / 256, -128} : quantization{1.0f / 128, 0}))
                return fill_fixed_point(is_sigmoid, before, after, table);
        if constexpr (std::is_same_v<Activation, hard_swish>)
            if (fill_hard_swish(before, after, table)) return;
        if constexpr (requires { Activation::template slope<float>; })
            return fill_leaky_rescaled<Rule>(Activation::template slope<float>, before, after, table);
        for (std::int32_t i = 0; i < 256; ++i)
            table[i] = quantize(Activation{}(static_cast<float>(before.number(i + quantization::least))), after);
    }

  private:
    /// The argument has 4 integer bits; beyond 15 the result is that of the ends.
    static constexpr void fill_fixed_point(bool is_sigmoid, quantization before, quantization after,
                                           std::int8_t* table) {
        const auto step = fixed_point::from(static_cast<double>(before.scale) * 134217728.0);
        const std::int32_t radius = step.largest_input(4);
        for (std::int32_t i = 0; i < 256; ++i) {
            const std::int32_t x = i + quantization::least - before.zero_point;
            if (x <= -radius || x >= radius) {
                table[i] = x < 0 ? -128 : 127;
            } else {
                using functions = fixed_point_functions;
                const std::int32_t argument = Rule::rescale(x, step.multiplier, step.exponent);
                table[i] = ctnn::detail::saturated(
                    shifted_right(is_sigmoid ? functions::logistic(argument) : functions::tanh(argument),
                                  is_sigmoid ? 23 : 24) +
                    after.zero_point);
            }
        }
    }
};

}  // namespace CTNN_NAMESPACE::rounding
