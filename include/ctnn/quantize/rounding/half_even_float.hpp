// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Rescaling of sums by a factor of float, and everything else in float: the arithmetic of onnxruntime.

#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/float_means.hpp>
#include <ctnn/quantize/rounding/float_softmax.hpp>
#include <ctnn/quantize/rounding/float_sum.hpp>
#include <ctnn/quantize/rounding/half_even.hpp>
#include <ctnn/quantize/rounding/requantization.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::rounding {

/// As `half_even`, of which it has the layers that multiply. Sums of branches, means of windows, concatenations and activations
/// compute with the real numbers that the integers stand for, in float. `Integer`, `std::int8_t` or `std::uint8_t`, is the type of
/// the file's integers: with 128 more, sums of floats are rounded otherwise.
///
/// It equals onnxruntime 1.30 on x86-64 (AVX-512 with VNNI), for models of its quantiser.
template <class Integer>
struct half_even_float : half_even {
    /// An activation of each integer, from -128 to 127.
    template <class Activation>
    static constexpr void fill_table(quantization before, quantization after, std::int8_t* table) {
        for (std::int32_t i = 0; i < 256; ++i) {
            const auto x = static_cast<float>(i + quantization::least - before.zero_point);
            table[i] =
                quantize(Activation{}((math::strict<float>{before.scale} * math::strict<float>{x}).value), after);
        }
    }
    using softmax_rule = float_softmax<true>;
    template <std::size_t Count>
    using sum_rule = float_sum<Integer, Count>;
    template <std::size_t Most>
    using window_means = float_means<Integer, Most>;
    template <std::size_t Count>
    using channel_means = half_even_means<Count, false>;
    template <std::size_t Count>
    using requantization = real_integers<half_even_float, Count>;
};

}  // namespace CTNN_NAMESPACE::rounding
