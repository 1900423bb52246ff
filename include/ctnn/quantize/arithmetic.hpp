// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The choices of a quantised network, as types.

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// A scale for each output feature of a layer's weights, or one for all of them.
struct per_channel {
    template <std::size_t Channels>
    static constexpr std::size_t scales = Channels;
};
struct per_tensor {
    template <std::size_t Channels>
    static constexpr std::size_t scales = 1;
};

/// What a network ends with: 8-bit integers, as its other layers do; or the sums of its last dense layer or convolution,
/// which are not rescaled to integers, so that they have no rounding error, and cannot saturate.
struct ends_in_integers {};
struct ends_in_sums {};

/// How the layers of a quantised network compute. `T` is the type of its real numbers; `Rounding` is `rounding::twice`, `rounding::once` or
/// `rounding::half_even`; `Granularity` is `per_channel` or `per_tensor`.
template <class T, class Rounding, class Granularity>
struct integer_arithmetic {
    using value_type = T;
    using rounding = Rounding;
    template <std::size_t Channels>
    static constexpr std::size_t scales = Granularity::template scales<Channels>;
    static constexpr bool is_per_tensor = scales<2> == 1;
};

}  // namespace CTNN_NAMESPACE
