// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How integers represent weights.

#include <ctnn/config.hpp>
#include <ctnn/quantize/arithmetic.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// The least power of two that is at least x: of all from the smallest normal number to 2^127.
constexpr float power_of_two_above(float x) {
    constexpr float least = 1.17549435e-38f, greatest = 1.70141183e38f;
    float result = 1;
    while (result < x && result < greatest) result *= 2;
    while (result / 2 >= x && result > least) result /= 2;
    return result;
}

/// The scales of the weights of `Channels` output features, whose index is the last of a weight: one for each feature, one
/// for all, or one for each of several equal groups. A weight w is the integer round(w / scale), from -largest to largest; the largest weight is that end, or near it if scales
/// are powers of two.
template <std::size_t Channels, class Granularity>
struct weight_scales {
    static constexpr std::size_t count = Granularity::template scales<Channels>, group = Channels / count;
    static constexpr std::int32_t largest = Granularity::largest_weight;

    float scale[count];

    /// Scales for weights; one for weights that are all 0, or so small that it would be, is that of the largest of the others.
    template <class T>
    constexpr weight_scales(const T* weights, std::size_t size) : scale{} {
        double sizes[count]{}, most = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const double w = static_cast<double>(weights[i]), size_of_w = w < 0 ? -w : w;
            double& so_far = sizes[of(i)];
            so_far = size_of_w > so_far ? size_of_w : so_far;
            most = size_of_w > most ? size_of_w : most;
        }
        const auto scale_for = [](double of_weight) { return static_cast<float>(of_weight / largest); };
        if (!(scale_for(most) > 0)) most = 1;
        for (std::size_t c = 0; c < count; ++c) raise(c * group, scale_for(scale_for(sizes[c]) > 0 ? sizes[c] : most));
    }

    /// Makes the scale of feature `index` at least so large.
    constexpr void raise(std::size_t index, float least) {
        float& here = scale[of(index)];
        if constexpr (Granularity::powers_of_two) least = power_of_two_above(least);
        here = here > least ? here : least;
    }

    /// Which scale weight `index`, or feature `index`, has.
    static constexpr std::size_t of(std::size_t index) { return index % Channels / group; }

    /// The nearest integer to weight `index`, of two the one farther from 0.
    template <class T>
    constexpr std::int8_t nearest(T weight, std::size_t index) const {
        return detail::saturated(
            detail::round_half_away(static_cast<double>(weight) / static_cast<double>(scale[of(index)])), -largest,
            largest);
    }
};

}  // namespace CTNN_NAMESPACE
