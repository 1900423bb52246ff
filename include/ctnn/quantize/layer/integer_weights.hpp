// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Weights and biases as integers: dense layers and convolutions.

#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/kernel/integer/product.hpp>
#include <ctnn/layer/convolution/convolution.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/quantize/arithmetic.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/weight_scales.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// The integers of a layer that multiplies, and its sums; true where there is a specialisation.
template <class Layer>
struct integer_weights {
    static constexpr bool exists = false;
};

namespace detail {

/// Weights from -127 to 127 with zero point 0, a bias of 32 bits for each channel, and the scales of the weights, one for all
/// channels, for each, or for each of several equal groups: weight = scale w, bias = scale s_x b, where s_x is the scale of the
/// inputs.
template <std::size_t Channels, class WeightShape, std::size_t Scales>
struct integer_matrix_parameters {
    tensor<std::int8_t, WeightShape> weights;
    tensor<std::int32_t, shape<Channels>> bias;
    tensor<float, shape<Scales>> scales;

    friend constexpr bool operator==(const integer_matrix_parameters&, const integer_matrix_parameters&) = default;

    template <class Self, class F>
    static constexpr void members(Self& self, F&& f) {
        f("weights", self.weights);
        f("bias", self.bias);
        f("scales", self.scales);
    }

    /// The nearest to real numbers; halves away from 0. A scale is large enough for the bias to be less than 2^30.
    /// `Bias` is a pointer, or null where a layer has none.
    template <class Granularity, class T, class Bias>
    static constexpr integer_matrix_parameters nearest(const T* weights, Bias bias, quantization input) {
        constexpr double bias_limit = 1073741824.0;
        constexpr bool has_bias = !std::is_same_v<Bias, decltype(nullptr)>;
        weight_scales<Channels, Granularity> scales_of(weights, WeightShape::size);
        if constexpr (has_bias)
            for (std::size_t c = 0; c < Channels; ++c) {
                const double b = static_cast<double>(bias[c]), size = b < 0 ? -b : b;
                scales_of.raise(c, static_cast<float>(size / (static_cast<double>(input.scale) * bias_limit)));
            }
        integer_matrix_parameters result{};
        for (std::size_t c = 0; c < Scales; ++c) result.scales[c] = scales_of.scale[c];
        for (std::size_t i = 0; i < WeightShape::size; ++i) result.weights[i] = scales_of.nearest(weights[i], i);
        if constexpr (has_bias)
            for (std::size_t c = 0; c < Channels; ++c) {
                const double step =
                    static_cast<double>(input.scale) * static_cast<double>(result.scales[scales_of.of(c)]);
                result.bias[c] =
                    static_cast<std::int32_t>(round_half_away(static_cast<double>(bias[c]) / step, bias_limit));
            }
        return result;
    }
};

/// What the layers below share: a matrix of `Depth` x `Channels` weights, and a bias of each channel in which the zero point of
/// the inputs is contained:
///
///     sum = bias + sum of w q_x,   bias = b - z_x sum of w.
///
/// The sum is less than 2^31 in size: an output is the sum of at most 2^15 products, each at most 128 255, and of the bias,
/// which is less than 2^30.
template <std::size_t Depth, std::size_t Channels, class WeightShape>
struct integer_matrix {
    static_assert(Depth <= 32768, "ctnn::quantize: an output is the sum of at most 32768 products");
    static constexpr bool exists = true;
    static constexpr std::size_t depth = Depth, channels = Channels;
    template <std::size_t Scales>
    using parameters = integer_matrix_parameters<Channels, WeightShape, Scales>;

    tensor<std::int32_t, shape<Channels>> bias;
    tensor<std::int8_t, WeightShape> weights;
    /// The integer that represents 0 in the inputs, for padding.
    std::int8_t padding;

    friend constexpr bool operator==(const integer_matrix&, const integer_matrix&) = default;

    template <class Parameters>
    constexpr void set(const Parameters& from, quantization input) {
        weights = from.weights;
        bias = from.bias;
        padding = static_cast<std::int8_t>(input.zero_point);
        std::int32_t sums[Channels]{}, sizes[Channels]{};
        for (std::size_t i = 0; i < WeightShape::size; ++i) {
            sums[i % Channels] += weights[i];
            sizes[i % Channels] += weights[i] < 0 ? -weights[i] : weights[i];
        }
        for (std::size_t c = 0; c < Channels; ++c) {
            const std::int64_t all = std::int64_t{bias[c]} - std::int64_t{input.zero_point} * sums[c];
            require((all < 0 ? -all : all) + 128 * std::int64_t{sizes[c]} < std::int64_t{1} << 31,
                    "ctnn::quantize: a sum may exceed 32 bits");
            bias[c] = static_cast<std::int32_t>(all);
        }
    }
};

template <class Layer>
constexpr auto bias_of(const Layer& layer) {
    if constexpr (requires { layer.bias; })
        return static_cast<decltype(&layer.bias.values[0])>(layer.bias.values);
    else
        return nullptr;
}

}  // namespace detail

template <class T, std::size_t Inputs, std::size_t Outputs, class Activation, class Bias, class InputShape>
struct integer_weights<dense_layer<T, Inputs, Outputs, Activation, Bias, InputShape>>
    : detail::integer_matrix<Inputs, Outputs, shape<Inputs, Outputs>> {
    using layer_type = dense_layer<T, Inputs, Outputs, Activation, Bias, InputShape>;
    static constexpr bool is_dense = true;
    /// The sums lie with the channels last.
    static constexpr std::size_t places = layer_type::rows, place_stride = Outputs, channel_stride = 1;

    /// Those of one sample, or of several.
    template <std::size_t Samples = 1>
    constexpr void sums(const std::int8_t* x, std::int32_t* y) const {
        kernel::integer_product<Samples * places, Inputs>(x, this->weights, this->bias, y);
    }
};

template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Bias,
          std::size_t Channels, std::size_t Filters, std::size_t Groups, kernel::slide Down, kernel::slide Across>
struct integer_weights<convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias,
                                         convolution<T, Channels, Filters, Groups, Down, Across>>>
    : detail::integer_matrix<WeightShape::size / WeightShape::last, Filters, WeightShape> {
    static constexpr bool is_dense = false;
    static constexpr std::size_t places = Down.output * Across.output, place_stride = 1, channel_stride = places;
    static constexpr std::size_t in_group = Channels / Groups, of_group = Filters / Groups,
                                 depth = Down.window * Across.window * in_group;

    template <std::size_t Samples = 1>
    constexpr void sums(const std::int8_t* x, std::int32_t* y) const {
        for (std::size_t i = 0; i < Samples; ++i)
            sums_of_one(x + i * Channels * Down.input * Across.input, y + i * Filters * places);
    }

  private:
    constexpr void sums_of_one(const std::int8_t* x, std::int32_t* y) const {
        if (Groups == 1 && kernel::detail::has_constant_vectors && __builtin_is_constant_evaluated()) {
            std::int8_t columns[places * depth]{};
            std::int32_t rows[places * Filters]{};
            for (std::size_t place = 0; place < places; ++place) gather(x, place, columns + place * depth);
            if constexpr (Groups == 1) kernel::integer_product<places, depth>(columns, this->weights, this->bias, rows);
            for (std::size_t i = 0; i < places * Filters; ++i) y[i % Filters * places + i / Filters] = rows[i];
        } else {
            for (std::size_t group = 0; group < Groups; ++group)
                for (std::size_t place = 0; place < places; ++place) {
                    std::int8_t column[depth];
                    std::int32_t row[of_group];
                    gather(x + group * in_group * Down.input * Across.input, place, column);
                    kernel::integer_row_product<depth, of_group, Filters>(
                        column, this->weights.values + group * of_group, this->bias.values + group * of_group, row);
                    for (std::size_t f = 0; f < of_group; ++f) y[(group * of_group + f) * places + place] = row[f];
                }
        }
    }

    /// The inputs of one place of the window, in the order of the weights.
    constexpr void gather(const std::int8_t* x, std::size_t place, std::int8_t* column) const {
        const std::size_t top = place / Across.output * Down.stride - Down.before,
                          left = place % Across.output * Across.stride - Across.before;
        std::size_t k = 0;
        for (std::size_t i = 0; i < Down.window; ++i)
            for (std::size_t j = 0; j < Across.window; ++j) {
                // Unsigned: what is before the image wraps around to large values.
                const std::size_t row = top + i * Down.dilation, column_index = left + j * Across.dilation;
                const bool is_inside = row < Down.input && column_index < Across.input;
                for (std::size_t c = 0; c < in_group; ++c, ++k)
                    column[k] = is_inside ? x[(c * Down.input + row) * Across.input + column_index] : this->padding;
            }
    }
};

}  // namespace CTNN_NAMESPACE
