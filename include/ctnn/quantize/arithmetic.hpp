// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The choices of a quantised network, as types.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// A scale for each output feature of a layer's weights, or one for all of them. Weights have 8 bits, -127 to 127.
struct per_channel {
    static constexpr std::int32_t largest_weight = 127;
    static constexpr bool powers_of_two = false;
    template <std::size_t Channels>
    static constexpr std::size_t scales = Channels;
};
struct per_tensor : per_channel {
    template <std::size_t Channels>
    static constexpr std::size_t scales = 1;
};
/// The same with weights of fewer bits: of 4, from -7 to 7.
///
/// Template parameters: `Bits`, from 2 to 8; `Scales`, one of the others here.
/// *Errors*: "ctnn::weight_bits: weights have 2 to 8 bits".
template <std::size_t Bits, class Scales = per_channel>
struct weight_bits : Scales {
    static_assert(Bits >= 2 && Bits <= 8, "ctnn::weight_bits: weights have 2 to 8 bits");
    static constexpr std::int32_t largest_weight = Bits > 8 ? 127 : (1 << (Bits - 1)) - 1;
};
/// The same with scales that are powers of two. Where those of the activations are too (`powers_of_two`), an output is its sum,
/// shifted.
template <class Scales = per_channel>
struct power_of_two_scales : Scales {
    static constexpr bool powers_of_two = true;
};

/// What a network ends with: 8-bit integers, as its other layers do; or the sums of its last dense layer or convolution,
/// which are not rescaled to integers, so that they have no rounding error, and cannot saturate.
struct ends_in_integers {};
struct ends_in_sums {};

/// How the layers of a quantised network compute. `T` is the type of its real numbers; `Rounding` is `rounding::twice`, `rounding::once`,
/// `rounding::half_even` or `rounding::half_even_float`; `Granularity` is `per_channel` or another of the scales above.
template <class T, class Rounding, class Granularity>
struct integer_arithmetic {
    using value_type = T;
    using rounding = Rounding;
    using granularity = Granularity;
    template <std::size_t Channels>
    static constexpr std::size_t scales = Granularity::template scales<Channels>;
};

}  // namespace CTNN_NAMESPACE
