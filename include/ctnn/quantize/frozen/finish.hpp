// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// From sums to the values that the next layer reads: bias, rescaling and activation, with what is known as constants.

#include <ctnn/config.hpp>
#include <ctnn/kernel/integer/packed/rescale.hpp>
#include <ctnn/quantize/frozen/values.hpp>
#include <ctnn/quantize/rounding/fixed_point_rule.hpp>
#include <ctnn/quantize/rounding/once.hpp>
#include <ctnn/quantize/rounding/twice.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// An array of integers in the smallest type that has them.
template <std::size_t Count, class At>
constexpr auto in_smallest_type(At&& at) {
    const auto fill = [&](auto zero) {
        tensor<decltype(zero), shape<Count>> result{};
        for (std::size_t i = 0; i < Count; ++i) result[i] = static_cast<decltype(zero)>(at(i));
        return result;
    };
    constexpr std::int32_t size = [] {
        std::int32_t least = 0, greatest = 0;
        for (std::size_t i = 0; i < Count; ++i) {
            const std::int32_t x = std::remove_cvref_t<At>{}(i);
            least = x < least ? x : least;
            greatest = x > greatest ? x : greatest;
        }
        return least >= -128 && greatest <= 127 && !kernel::shares_rescaling ? 1
               : least >= -32768 && greatest <= 32767                        ? 2
                                                                             : 4;
    }();
    if constexpr (size == 1)
        return fill(std::int8_t{});
    else if constexpr (size == 2)
        return fill(std::int16_t{});
    else
        return fill(std::int32_t{});
}

/// The bias of channels, with the shift of the inputs taken off; and how large a sum can be.
template <const auto& Net, std::size_t Index>
struct frozen_bias {
    static constexpr const auto& weights = integer_layer_of<Net, Index>.weights;
    static constexpr std::size_t channels = std::remove_cvref_t<decltype(weights)>::channels;

    struct facts {
        std::int32_t bias[channels]{};
        std::int64_t largest = 0;
    };
    static constexpr facts all = [] {
        facts result{};
        std::int32_t sum[channels]{}, size[channels]{};
        const std::int8_t* const w = weights.weights.values;
        for (std::size_t i = 0; i < weights.weights.size(); ++i) {
            sum[i % channels] += w[i];
            size[i % channels] += w[i] < 0 ? -w[i] : w[i];
        }
        for (std::size_t c = 0; c < channels; ++c) {
            result.bias[c] = weights.bias[c] - input_shift<Net, Index> * sum[c];
            const std::int64_t bias = weights.bias[c], most = (bias < 0 ? -bias : bias) + std::int64_t{128} * size[c];
            result.largest = most > result.largest ? most : result.largest;
        }
        return result;
    }();
    static constexpr bool is_zero = [] {
        for (const std::int32_t b : all.bias)
            if (b != 0) return false;
        return true;
    }();
    static constexpr auto packed = in_smallest_type<channels>([](std::size_t c) { return all.bias[c]; });

    CTNN_INLINE static constexpr std::int32_t add(std::int32_t sum, std::size_t channel) {
        if constexpr (is_zero)
            return sum;
        else
            return sum + packed[channel];
    }
};

/// Factors that are a multiplier and an exponent, which is at most 0.
template <const auto& Net, std::size_t Index>
struct fixed_point_scaling {
    static constexpr const auto& factors = integer_layer_of<Net, Index>.factors;
    static constexpr std::size_t scales = std::remove_cvref_t<decltype(factors.multiplier)>::shape_type::size;
    static constexpr int greatest_exponent = [] {
        int result = -100;
        for (const std::int8_t e : factors.exponent) result = e > result ? e : result;
        return result;
    }();
    static constexpr bool same_exponent = [] {
        for (const std::int8_t e : factors.exponent)
            if (e != greatest_exponent) return false;
        return true;
    }();
    template <std::size_t Count>
    static constexpr auto multipliers = factors.multiplier;
    template <std::size_t Count>
    static constexpr auto exponents = factors.exponent;

    CTNN_INLINE static constexpr std::int32_t multiplier(std::size_t c) {
        if constexpr (scales == 1)
            return factors.multiplier[0];
        else
            return multipliers<scales>[c];
    }
    /// The shift to the right.
    CTNN_INLINE static constexpr int shift(std::size_t c) {
        if constexpr (same_exponent)
            return -greatest_exponent;
        else
            return -exponents<scales>[c];
    }
};

/// Whether the factors of a rule are multipliers and exponents.
template <class Rounding>
inline constexpr bool has_fixed_point = std::is_base_of_v<rounding::fixed_point_rule<Rounding>, Rounding>;

/// The rescaled sum, by the rule of the network; sums are at most `Largest` in size.
template <const auto& Net, std::size_t Index, class Rounding, std::int64_t Largest>
CTNN_INLINE inline std::int32_t rescaled(std::int32_t sum, std::size_t channel) {
    constexpr const auto& layer = integer_layer_of<Net, Index>;
    constexpr bool is_small = Largest < std::int64_t{1} << 29;
    if constexpr (has_fixed_point<Rounding>) {
        using scaling = fixed_point_scaling<Net, Index>;
        const std::int32_t m = scaling::multiplier(channel);
        const int k = scaling::shift(channel);
        if constexpr (std::is_same_v<Rounding, rounding::twice> && is_small && scaling::greatest_exponent <= 0) {
            return kernel::rescaled_sum<true>(sum, m, k);
        } else if constexpr (std::is_same_v<Rounding, rounding::once> && is_small && scaling::greatest_exponent <= -2) {
            return kernel::rescaled_sum<false>(sum, m, k);
        } else {
            return Rounding::rescale(sum, m, -k);
        }
    } else {
        constexpr std::size_t scales = std::remove_cvref_t<decltype(layer)>::scales;
        constexpr auto factors = layer.factors;
        if constexpr (scales == 1) {
            return factors(sum, 0);
        } else {
            static constexpr auto kept = layer.factors;
            return kept(sum, channel);
        }
    }
}

/// How many layers rescale their sums.
template <const auto& Net>
inline constexpr std::size_t rescaling_layers = []<std::size_t... Index>(std::index_sequence<Index...>) {
    return (std::size_t{0} + ... + (requires { integer_layer_of<Net, Index>.factors; } ? 1 : 0));
}
(std::make_index_sequence<quantized_of<Net>::layer_count>{});

/// The values of type `Out` for the sums of the channels of a place, as the next layer reads it.
///
/// `To` is the layer that reads them.
template <const auto& Net, std::size_t Index, std::size_t To = Index + 1>
struct frozen_finish {
    using layer_type = integer_layer_type<Net, Index>;
    using bias = frozen_bias<Net, Index>;
    static constexpr bool is_sum = requires { integer_layer_of<Net, Index>.scale; };

    /// Whether the activation is a table of all integers; if it neither is one nor clamps, it comes later.
    static constexpr bool has_table = requires { integer_layer_of<Net, Index>.activation.table; };

    /// `Stride` from channel to channel.
    template <std::size_t Stride, class Out>
    CTNN_INLINE static void values(const std::int32_t* sums, Out* y) {
        if constexpr (Stride == 1 && is_uniform() && sizeof(Out) < 4 && kernel::shares_rescaling &&
                      rescaling_layers < Net >> 1) {
            // One function for all layers writes values as they lie between layers.
            if constexpr (sizeof(Out) == sizeof(kernel::packed_value)) {
                rescale_shared(sums, reinterpret_cast<kernel::packed_value*>(y));
            } else {
                kernel::packed_value row[channels];
                rescale_shared(sums, row);
                for (std::size_t c = 0; c < channels; ++c) y[c] = static_cast<Out>(row[c]);
            }
        } else {
            for (std::size_t c = 0; c < channels; ++c) y[c * Stride] = static_cast<Out>(value(sums[c], c));
        }
    }

    static constexpr std::size_t channels = bias::channels;

    static constexpr bool is_twice() { return std::is_same_v<typename layer_type::rounding, rounding::twice>; }
    /// Whether all channels have the same factor, and the activation only clamps.
    static constexpr bool is_uniform() {
        if constexpr (is_sum) {
            return false;
        } else if constexpr (has_fixed_point<typename layer_type::rounding> &&
                             layer_type::activation_type::is_clamping) {
            using scaling = fixed_point_scaling<Net, Index>;
            return scaling::scales == 1 && bias::all.largest < std::int64_t{1} << 29 &&
                   scaling::greatest_exponent <= (is_twice() ? -1 : -2) && scaling::greatest_exponent >= -15;
        } else {
            return false;
        }
    }
    template <int>
    static constexpr kernel::uniform_scaling uniform = [] {
        using scaling = fixed_point_scaling<Net, Index>;
        constexpr std::int32_t shift = input_shift<Net, To>;
        constexpr const auto& layer = integer_layer_of<Net, Index>;
        constexpr int k = scaling::shift(0) - (is_twice() ? 0 : 1);
        kernel::uniform_scaling result{};
        const auto set = [](auto& to, std::int32_t from) { to = static_cast<std::remove_cvref_t<decltype(to)>>(from); };
        result.multiplier = scaling::multiplier(0);
        set(result.half, 1 << (k - 1));
        set(result.offset, layer.linear().zero_point + shift);
        set(result.lower, layer.activation.lower - layer.linear().zero_point);
        set(result.upper, layer.activation.upper - layer.linear().zero_point);
        set(result.shift, k);
        return result;
    }();

  private:
    CTNN_INLINE static void rescale_shared(const std::int32_t* sums, kernel::packed_value* y) {
        kernel::rescale_all_shared<is_twice()>(sums, bias::packed.values, sums + channels, y, &uniform<0>);
    }
    CTNN_INLINE static std::int32_t value(std::int32_t sum, std::size_t channel) {
        const std::int32_t with_bias = bias::add(sum, channel);
        if constexpr (is_sum) {
            return with_bias;
        } else {
            constexpr std::int32_t shift = input_shift<Net, To>;
            constexpr std::int32_t offset = integer_layer_of<Net, Index>.linear().zero_point;
            const std::int32_t h =
                rescaled<Net, Index, typename layer_type::rounding, bias::all.largest>(with_bias, channel);
            if constexpr (has_table) {
                return std::int32_t{table<256>[static_cast<std::size_t>(clamped<-128, 127>(h + offset) + 128)]} + shift;
            } else {
                constexpr std::int32_t lower = bounds().first, upper = bounds().second;
                return clamped<lower + shift, upper + shift>(h + (offset + shift));
            }
        }
    }

    static constexpr std::pair<std::int32_t, std::int32_t> bounds() {
        if constexpr (layer_type::activation_type::is_clamping)
            return {integer_layer_of<Net, Index>.activation.lower, integer_layer_of<Net, Index>.activation.upper};
        else
            return {-128, 127};
    }
    template <std::int32_t Lower, std::int32_t Upper>
    CTNN_INLINE static constexpr std::int32_t clamped(std::int32_t v) {
        return v < Lower ? Lower : v > Upper ? Upper : v;
    }
    template <std::size_t Size>
    static constexpr auto table = [] {
        tensor<std::int8_t, shape<Size>> result{};
        for (std::size_t i = 0; i < Size; ++i) result[i] = integer_layer_of<Net, Index>.activation.table[i];
        return result;
    }();
};

}  // namespace CTNN_NAMESPACE::detail
