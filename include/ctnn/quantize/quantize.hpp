// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network of real numbers as one of integers.

#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/quantize/arithmetic.hpp>
#include <ctnn/quantize/network/quantized.hpp>
#include <ctnn/quantize/ranges.hpp>

namespace CTNN_NAMESPACE {

/// The network with 8-bit integers for weights and activations, whose values lie in the given ranges.
///
/// Weights are symmetric, -127 to 127; activations are asymmetric, -128 to 127. Values beyond their range become its ends.
/// *Example*: `constexpr auto q = quantize<rounding::twice>(model, calibrate(model, samples));`
template <class Rounding, class Granularity = per_channel, class End = ends_in_sums, class T, class Input,
          class... Specs>
constexpr auto quantize(const network<T, Input, Specs...>& net, const ranges<network<T, Input, Specs...>>& values) {
    using result_type = quantized<network<T, Input, Specs...>, Rounding, Granularity, End>;
    return result_type::from(result_type::choose(net, values));
}

}  // namespace CTNN_NAMESPACE
