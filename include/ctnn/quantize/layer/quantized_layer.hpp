// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A layer of integers: layers that multiply, layers that only move elements, and all others, which run in float.

#include <ctnn/activation/activate.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/quantize/arithmetic.hpp>
#include <ctnn/quantize/layer/integer_activation.hpp>
#include <ctnn/quantize/layer/integer_weights.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/ranges.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// A layer whose inputs and outputs are 8-bit integers.
///
/// Each has `is_integer`, whether it computes with integers; `set(layer, input, ranges)`, which quantises a layer of real
/// numbers and returns the quantisation of its outputs; `forward(x, y)` for one sample. A layer without a specialisation, as
/// this one, runs in the network's own type, between dequantising and quantising.
template <class Layer, class Arithmetic>
struct quantized_layer {
    static constexpr bool is_integer = false;
    using activation = typename Layer::activation;
    static constexpr std::size_t inputs = Layer::input_shape::size, outputs = Layer::output_shape::size,
                                 width = Layer::output_shape::last;

    Layer layer;
    quantization input, output;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    constexpr quantization set(const Layer& from, quantization before, const layer_ranges<Layer>& ranges) {
        layer = from;
        input = before;
        output = asymmetric_quantization(ranges.output);
        return output;
    }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        using T = typename Arithmetic::value_type;
        T real_x[inputs], real_y[outputs];
        for (std::size_t i = 0; i < inputs; ++i) real_x[i] = static_cast<T>(input.number(x[i]));
        run_forward<1>(layer, static_cast<const T*>(real_x), real_y);
        activate_in_place<activation, outputs / width, width>(real_y);
        for (std::size_t i = 0; i < outputs; ++i)
            y[i] = Arithmetic::rounding::quantize(static_cast<float>(real_y[i]), output);
    }
};

/// Dense layers and convolutions.
template <class Layer, class Arithmetic>
requires(integer_weights<Layer>::exists&&
             elementwise_activation<typename Layer::activation, float>) struct quantized_layer<Layer, Arithmetic> {
    static constexpr bool is_integer = true;
    using weights_type = integer_weights<Layer>;
    using rounding = typename Arithmetic::rounding;
    static constexpr std::size_t channels = weights_type::channels, scales = Arithmetic::template scales<channels>,
                                 outputs = Layer::output_shape::size;
    using activation_type = integer_activation<typename Layer::activation, rounding>;

    weights_type weights;
    typename rounding::template factors<scales> factors;
    activation_type activation;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    constexpr quantization set(const Layer& from, quantization before, const layer_ranges<Layer>& ranges) {
        float of_weights[scales]{};
        weights.set(from.weights.values, detail::bias_of(from), before, of_weights);
        const quantization after = asymmetric_quantization(ranges.output);
        const quantization linear = activation_type::is_table ? asymmetric_quantization(ranges.linear) : after;
        for (std::size_t c = 0; c < scales; ++c)
            factors.set(c, rounding::factor(before.scale, of_weights[c], linear.scale,
                                            weights_type::is_dense && Arithmetic::is_per_tensor));
        activation.template set<typename Arithmetic::value_type>(linear, after);
        return after;
    }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        std::int32_t sums[outputs];
        weights.sums(x, sums);
        const std::int32_t offset = linear().zero_point;
        for (std::size_t i = 0; i < outputs; ++i) {
            const std::size_t channel = i / weights_type::channel_stride % channels;
            y[i] = activation(factors(sums[i], scales == 1 ? 0 : channel) + offset);
        }
    }
    /// The quantisation of the linear part, and of the outputs.
    constexpr quantization linear() const {
        if constexpr (activation_type::is_table)
            return activation.linear;
        else
            return activation.output;
    }
};

/// The last layer of a network that ends in sums.
template <class Layer, class Arithmetic>
struct layer_of_sums {
    using weights_type = integer_weights<Layer>;
    static constexpr std::size_t channels = weights_type::channels, scales = Arithmetic::template scales<channels>,
                                 outputs = Layer::output_shape::size;

    weights_type weights;
    /// What a sum is multiplied with: the scale of the inputs times that of the weights.
    tensor<float, shape<scales>> scale;

    friend constexpr bool operator==(const layer_of_sums&, const layer_of_sums&) = default;

    constexpr void set(const Layer& from, quantization before, const layer_ranges<Layer>&) {
        float of_weights[scales]{};
        weights.set(from.weights.values, detail::bias_of(from), before, of_weights);
        for (std::size_t c = 0; c < scales; ++c) scale[c] = before.scale * of_weights[c];
    }
    constexpr void forward(const std::int8_t* x, std::int32_t* y) const { weights.sums(x, y); }
    /// The number that sum `i` represents.
    template <class T>
    constexpr T number(std::int32_t sum, std::size_t i) const {
        const std::size_t channel = i / weights_type::channel_stride % channels;
        return static_cast<T>(sum) * static_cast<T>(scale[scales == 1 ? 0 : channel]);
    }
};

/// Layers that only reshape their input, without an activation.
template <class Layer, class Arithmetic>
requires(is_view_layer<Layer>&&
             std::is_same_v<typename Layer::activation, identity>) struct quantized_layer<Layer, Arithmetic> {
    static constexpr bool is_integer = true, is_view = true;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    constexpr quantization set(const Layer&, quantization before, const layer_ranges<Layer>&) { return before; }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        for (std::size_t i = 0; i < Layer::output_shape::size; ++i) y[i] = x[i];
    }
};

}  // namespace CTNN_NAMESPACE
