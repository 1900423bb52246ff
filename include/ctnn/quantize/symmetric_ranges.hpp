// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Ranges whose quantisation has zero point 0, or scales that are powers of two.

#include <ctnn/config.hpp>
#include <ctnn/quantize/combined_ranges.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/quantize/weight_scales.hpp>

namespace CTNN_NAMESPACE {

namespace detail {

/// The range of the integers from -128 to 127 with the smallest scale that contains another one; `adjust(scale)` may enlarge it.
template <class Net, class Adjust>
constexpr ranges<Net> with_zero_points_0(const ranges<Net>& values, const Adjust& adjust) {
    ranges<Net> result = values;
    const auto widen_one = [&](value_range& to, const value_range& from) {
        const float below = -from.lower / 128, above = from.upper / 127, scale = below > above ? below : above;
        if (scale > 0) to = {-128 * adjust(scale), 127 * adjust(scale)};
    };
    widen_one(result.input, values.input);
    each_range::of_chain(result.chain, values.chain, widen_one);
    return result;
}

}  // namespace detail

/// The smallest ranges that contain these and that `quantize` gives zero point 0: of relu's outputs, half of the integers are unused.
///
/// *Example*: `quantize<rounding::twice>(net, symmetric(calibrate(net, samples)))`.
template <class Net>
constexpr ranges<Net> symmetric(const ranges<Net>& values) {
    return detail::with_zero_points_0(values, [](float scale) { return scale; });
}

/// The same with scales that are powers of two, up to twice as large: the Q format of fixed-point processors.
///
/// *Example*: with `power_of_two_scales<>` for the weights, `quantize<rounding::once, power_of_two_scales<>>(net,
/// powers_of_two(calibrate(net, samples)))`, an output is its sum, shifted.
template <class Net>
constexpr ranges<Net> powers_of_two(const ranges<Net>& values) {
    return detail::with_zero_points_0(values, [](float scale) { return power_of_two_above(scale); });
}

}  // namespace CTNN_NAMESPACE
