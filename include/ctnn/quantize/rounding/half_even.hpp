// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Rescaling of sums by a factor of float: the arithmetic of XNNPACK and onnxruntime.

#include <ctnn/activation/hard_swish.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/float_means.hpp>
#include <ctnn/quantize/rounding/float_softmax.hpp>
#include <ctnn/quantize/rounding/hard_swish_table.hpp>
#include <ctnn/quantize/rounding/integer_means.hpp>
#include <ctnn/quantize/rounding/leaky_relu_table.hpp>
#include <ctnn/quantize/rounding/requantization.hpp>
#include <ctnn/quantize/rounding/shifted_sum.hpp>
#include <ctnn/quantize/rounding/twice.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::rounding {

/// A sum, converted to float, times a factor of float, rounded to float, then to an integer, halves to even:
/// q = rint(float(sum) factor).
///
/// It equals XNNPACK, as LiteRT uses it (@litertjs/core 2.5.3), and onnxruntime 1.30 for QLinearConv and QLinearMatMul.
struct half_even {
    template <std::size_t Count>
    struct factors {
        tensor<float, shape<Count>> factor;

        friend constexpr bool operator==(const factors&, const factors&) = default;

        constexpr void set(std::size_t i, double value) { factor[i] = static_cast<float>(value); }
        constexpr double number(std::size_t i) const { return static_cast<double>(factor[i]); }
        CTNN_INLINE constexpr std::int32_t operator()(std::int32_t sum, std::size_t i) const {
            return nearest(math::strict<float>{static_cast<float>(sum)} * math::strict<float>{factor[i]});
        }
        /// By how much q may be away from the product of the sum and its factor, which is at most `size`: the sum and the
        /// product are rounded to float.
        constexpr double error(std::size_t, double size) const { return 0.5 + size / 4194304.0; }
    };

    /// float(s_x s_w) / s_y, each step rounded to float.
    static constexpr double factor(float input, float weights, float output, bool) {
        using step = math::strict<float>;
        return static_cast<double>((step{input} * step{weights} / step{output}).value);
    }
    static constexpr std::int8_t quantize(float x, quantization to) {
        return ctnn::detail::saturated(nearest(math::strict<float>{x} / math::strict<float>{to.scale}) + to.zero_point);
    }
    /// An activation of each integer, from -128 to 127, computed in float.
    template <class Activation>
    static constexpr void fill_table(quantization before, quantization after, std::int8_t* table) {
        if constexpr (std::is_same_v<Activation, hard_swish>)
            if (fill_hard_swish(before, after, table)) return;
        // Where XNNPACK has no factors, LiteRT's own kernel has those of `twice`.
        if constexpr (requires { Activation::template slope<float>; }) {
            constexpr float slope = Activation::template slope<float>;
            if (!fill_leaky_in_256ths(slope, before, after, table))
                fill_leaky_rescaled<twice>(slope, before, after, table);
            return;
        }
        const auto scale = static_cast<float>(before.scale), inverse = 1 / after.scale;
        for (std::int32_t i = 0; i < 256; ++i) {
            const auto x = static_cast<float>(i + quantization::least - before.zero_point);
            const float y = Activation{}((math::strict<float>{scale} * math::strict<float>{x}).value);
            table[i] = ctnn::detail::saturated(nearest(math::strict<float>{y} * math::strict<float>{inverse}) +
                                               after.zero_point);
        }
    }
    using softmax_rule = float_softmax<false>;
    template <std::size_t Count>
    using sum_rule = shifted_sum<Count>;
    template <std::size_t Most>
    using window_means = integer_means<half_even, Most>;
    template <std::size_t Count>
    using channel_means = half_even_means<Count, true>;
    template <std::size_t Count>
    using requantization = rescaled_integers<half_even, Count>;

  private:
    /// The nearest integer; between 2^22 and -2^22, where adding 3 2^22 discards the fraction, and those beyond.
    CTNN_INLINE static constexpr std::int32_t nearest(math::strict<float> x) {
        constexpr float limit = 4194304.0f;
        const math::strict<float> offset = 3 * limit;
        if (!(x.value < limit)) return 4194304;
        if (!(x.value > -limit)) return -4194304;
        return static_cast<std::int32_t>(((x + offset) - offset).value);
    }
};

}  // namespace CTNN_NAMESPACE::rounding
