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
#include <utility>

namespace CTNN_NAMESPACE {

namespace detail {

/// Whether a layer, or one in its branches, computes with weights that are rounded for training.
template <class Layer>
constexpr bool is_in_training() {
    if constexpr (is_composite<Layer>) {
        const auto in_chain = []<std::size_t Branch>(std::integral_constant<std::size_t, Branch>) {
            using chain = typename Layer::template chain_at<Branch>;
            return []<std::size_t... Index>(std::index_sequence<Index...>) {
                return (... || is_in_training<typename chain::template layer<Index>>());
            }
            (std::make_index_sequence<chain::count>{});
        };
        return [&]<std::size_t... Branch>(std::index_sequence<Branch...>) {
            return (... || in_chain(std::integral_constant<std::size_t, Branch>{}));
        }
        (std::make_index_sequence<Layer::branch_count>{});
    } else {
        return requires {
            Layer::is_fake_quantized;
        };
    }
}

}  // namespace detail

/// A layer whose inputs and outputs are 8-bit integers.
///
/// Each has `is_integer`, whether it computes with integers; `parameters`, what a file has of it: integers, scales and zero
/// points, and with `members(parameters, f)`, which calls f(name, member) for each; `choose(layer, input, ranges)`, these for a layer of real numbers; `output_of(parameters, input)`, the quantisation of
/// the outputs; `set(parameters, input)`, which derives what is computed with; `forward(x, y)` for one sample. A layer without a
/// specialisation, as this one, runs in the network's own type, between dequantising and quantising.
template <class Layer, class Arithmetic>
struct quantized_layer {
    static_assert(!detail::is_in_training<Layer>(), "ctnn::quantize: the network is that of without_fake_quantize");
    static constexpr bool is_integer = false;
    using arithmetic = Arithmetic;
    using activation = typename Layer::activation;
    static constexpr std::size_t inputs = Layer::input_shape::size, outputs = Layer::output_shape::size,
                                 width = Layer::output_shape::last;
    struct parameters {
        Layer layer;
        quantization output;

        template <class Self, class F>
        static constexpr void members(Self& self, F&& f) {
            f("layer", self.layer);
            f("output", self.output);
        }
    };

    Layer layer;
    quantization input, output;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    static constexpr parameters choose(const Layer& from, quantization, const layer_ranges<Layer>& ranges) {
        return {from, asymmetric_quantization(ranges.output)};
    }
    static constexpr quantization output_of(const parameters& from, quantization) { return from.output; }
    constexpr void set(const parameters& from, quantization before) {
        layer = from.layer;
        input = before;
        output = from.output;
    }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        using T = typename Arithmetic::value_type;
        T real_x[inputs], real_y[outputs];
        for (std::size_t i = 0; i < inputs; ++i) real_x[i] = static_cast<T>(input.number(x[i]));
        run_forward<1>(layer, static_cast<const T*>(real_x), real_y);
        activate_in_place<activation, outputs / width, width>(real_y);
        detail::quantize_values<typename Arithmetic::rounding>(real_y, outputs, output, y);
    }
};

/// Dense layers and convolutions.
template <class Layer, class Arithmetic>
requires(integer_weights<Layer>::exists) struct quantized_layer<Layer, Arithmetic> {
    static constexpr bool is_integer = true;
    using weights_type = integer_weights<Layer>;
    using rounding = typename Arithmetic::rounding;
    static constexpr std::size_t channels = weights_type::channels, scales = Arithmetic::template scales<channels>,
                                 outputs = Layer::output_shape::size, width = Layer::output_shape::last;
    using activation_type = integer_activation<typename Layer::activation, rounding>;
    struct parameters {
        typename weights_type::template parameters<scales> matrix;
        /// Of the linear part; the same as that of the outputs, if the activation only clamps.
        quantization linear;
        quantization output;

        template <class Self, class F>
        static constexpr void members(Self& self, F&& f) {
            f("matrix", self.matrix);
            f("linear", self.linear);
            f("output", self.output);
        }
    };

    using factors_type = typename rounding::template factors<scales>;

    weights_type weights;
    factors_type factors;
    activation_type activation;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    static constexpr parameters choose(const Layer& from, quantization before, const layer_ranges<Layer>& ranges) {
        const quantization after = activation_type::output_for(asymmetric_quantization(ranges.output));
        return {weights_type::template parameters<scales>::template nearest<typename Arithmetic::granularity>(
                    from.weights.values, detail::bias_of(from), before),
                activation_type::is_clamping ? after : asymmetric_quantization(ranges.linear), after};
    }
    static constexpr quantization output_of(const parameters& from, quantization) { return from.output; }
    constexpr void set(const parameters& from, quantization before) {
        weights.set(from.matrix, before);
        bool has_one_scale = true;
        for (std::size_t c = 1; c < scales; ++c)
            has_one_scale = has_one_scale && from.matrix.scales[c] == from.matrix.scales[0];
        for (std::size_t c = 0; c < scales; ++c)
            factors.set(c, rounding::factor(before.scale, from.matrix.scales[c], from.linear.scale,
                                            weights_type::is_dense && has_one_scale));
        activation.set(from.linear, from.output);
    }
    template <std::size_t Samples = 1>
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        std::int32_t sums[Samples * outputs];
        weights.template sums<Samples>(x, sums);
        if (__builtin_is_constant_evaluated())
            rescale<Samples, factors_type, activation_type>(sums, y, factors, activation);
        else
            rescale<Samples, const factors_type&, const activation_type&>(sums, y, factors, activation);
        activation.template forward<Samples * outputs / width, width>(y);
    }
    constexpr quantization linear() const { return activation.linear(); }

  private:
    /// In constants, g++ reads copies faster than members.
    template <std::size_t Samples, class Factors, class Activation>
    CTNN_INLINE static constexpr void rescale(const std::int32_t* sums, std::int8_t* y, Factors by, Activation then) {
        for (std::size_t i = 0; i < Samples * outputs; ++i) {
            const std::size_t channel = i / weights_type::channel_stride % channels;
            y[i] = then.clamp(by(sums[i], scales == 1 ? 0 : channel));
        }
    }
};

/// The last layer of a network that ends in sums.
template <class Layer, class Arithmetic>
struct layer_of_sums {
    static constexpr bool is_integer = true;
    using weights_type = integer_weights<Layer>;
    static constexpr std::size_t channels = weights_type::channels, scales = Arithmetic::template scales<channels>,
                                 outputs = Layer::output_shape::size;
    using parameters = typename weights_type::template parameters<scales>;

    weights_type weights;
    /// What a sum is multiplied with: the scale of the inputs times that of the weights.
    tensor<float, shape<scales>> scale;

    friend constexpr bool operator==(const layer_of_sums&, const layer_of_sums&) = default;

    static constexpr parameters choose(const Layer& from, quantization before, const layer_ranges<Layer>&) {
        return parameters::template nearest<typename Arithmetic::granularity>(from.weights.values,
                                                                              detail::bias_of(from), before);
    }
    /// Sums have none of their own.
    static constexpr quantization output_of(const parameters&, quantization before) { return before; }
    constexpr void set(const parameters& from, quantization before) {
        weights.set(from, before);
        for (std::size_t c = 0; c < scales; ++c) scale[c] = before.scale * from.scales[c];
    }
    template <std::size_t Samples = 1>
    constexpr void forward(const std::int8_t* x, std::int32_t* y) const {
        weights.template sums<Samples>(x, y);
    }
    /// The number that sum `i` represents.
    template <class T>
    constexpr T number(std::int32_t sum, std::size_t i) const {
        const std::size_t channel = i / weights_type::channel_stride % channels;
        return static_cast<T>(sum) * static_cast<T>(scale[scales == 1 ? 0 : channel]);
    }
};

/// A layer that needs nothing but the quantisation of its inputs, and keeps it.
template <class Layer>
struct keeps_quantization {
    static constexpr bool is_integer = true;
    struct parameters {
        template <class Self, class F>
        static constexpr void members(Self&, F&&) {}
    };

    friend constexpr bool operator==(const keeps_quantization&, const keeps_quantization&) = default;

    static constexpr parameters choose(const Layer&, quantization, const layer_ranges<Layer>&) { return {}; }
    static constexpr quantization output_of(const parameters&, quantization before) { return before; }
    constexpr void set(const parameters&, quantization) {}
};

/// Layers that only reshape their input.
template <class Layer, class Arithmetic>
requires(is_view_layer<Layer>&&
             std::is_same_v<typename Layer::activation, identity>) struct quantized_layer<Layer, Arithmetic>
    : keeps_quantization<Layer> {
    static constexpr bool is_view = true;

    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        for (std::size_t i = 0; i < Layer::output_shape::size; ++i) y[i] = x[i];
    }
};

/// Activations by themselves. Those that clamp keep the quantisation of their inputs.
template <class Layer, class Arithmetic>
requires(is_view_layer<Layer> &&
         !std::is_same_v<typename Layer::activation, identity>) struct quantized_layer<Layer, Arithmetic> {
    static constexpr bool is_integer = true;
    static constexpr std::size_t outputs = Layer::output_shape::size, width = Layer::output_shape::last;
    using activation_type = integer_activation<typename Layer::activation, typename Arithmetic::rounding>;
    struct parameters {
        /// Not used by activations that clamp.
        quantization output;

        template <class Self, class F>
        static constexpr void members(Self& self, F&& f) {
            f("output", self.output);
        }
    };

    activation_type activation;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    static constexpr parameters choose(const Layer&, quantization, const layer_ranges<Layer>& ranges) {
        return {activation_type::output_for(asymmetric_quantization(ranges.output))};
    }
    static constexpr quantization output_of(const parameters& from, quantization before) {
        return activation_type::is_clamping ? before : from.output;
    }
    constexpr void set(const parameters& from, quantization before) { activation.set(before, output_of(from, before)); }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        for (std::size_t i = 0; i < outputs; ++i) y[i] = activation.bounded(x[i]);
        activation.template forward<outputs / width, width>(y);
    }
};

}  // namespace CTNN_NAMESPACE
