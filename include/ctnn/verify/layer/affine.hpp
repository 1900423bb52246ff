// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Layers whose outputs are an affine function of their inputs, y = A x + b: products with A transposed, and with |A|.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/whole_object.hpp>
#include <ctnn/layer/convolution/conv_transpose.hpp>
#include <ctnn/layer/convolution/convolution.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/layer/dropout.hpp>
#include <ctnn/layer/normalization/batch_norm.hpp>
#include <ctnn/layer/normalization/scale.hpp>
#include <ctnn/layer/pooling/average_pool.hpp>
#include <ctnn/layer/pooling/global_pool.hpp>
#include <ctnn/layer/shape/copy_pad.hpp>
#include <ctnn/layer/shape/linear_resize.hpp>
#include <ctnn/layer/shape/rearrangement.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/verify/layer/dense_product.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <limits>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// What a proof needs of an affine layer of `double`. Specialise it for a custom layer that is one:
/// `is_affine`; `roundings`, how many a term of an output meets at most, as the program computes it;
/// `partial_sums`, how many times an output a partial sum may be;
/// `transposed<Rows>(layer, dy, dx, scratch)`, dx = dy A for each of some rows; `make_magnitudes(layer)`, which changes the
/// layer to |A| x + |b|; `is_representable<T>(layer)`, whether what the program computes of its parameters in T is normal.
/// For bounds of derivatives also `is_never_negative`, whether A has no negative elements; if it may have some,
/// `keep_sign(layer, is_positive)`, which sets those of the other sign to 0, and returns false if some may be so small that
/// products with derivatives underflow. Optional: `multiply(layer, x, y)`, y = A x + b, instead of the layer's `forward`, and
/// `scratch_size<Rows>`, the scratch memory of `transposed`, instead of what its backward pass takes.
template <class Layer>
struct affine {
    static constexpr bool is_affine = is_view_layer<Layer>, is_never_negative = true;
    static constexpr std::size_t roundings = 0, partial_sums = 1;

    static constexpr void make_magnitudes(Layer&) {}
    template <class>
    static constexpr bool is_representable(const Layer&) {
        return true;
    }
};

namespace detail {

/// The defaults of affine layers.
struct affine_facts {
    static constexpr bool is_affine = true;
    static constexpr std::size_t partial_sums = 1;
    template <class, class Layer>
    static constexpr bool is_representable(const Layer&) {
        return true;
    }
};

template <class Member>
constexpr bool keep_sign_of(Member& member, bool is_positive) {
    bool fits = true;
    for (auto& element : member) {
        if (is_positive ? element < 0 : element > 0) element = 0;
        if (element < 0) element = -element;
        fits = fits && (element == 0 || element > least_derivative);
    }
    return fits;
}

/// Affine layers whose A and b are sums of products of parameters.
template <class Layer, std::size_t Roundings>
struct affine_by_parameters : affine_facts {
    static constexpr std::size_t roundings = Roundings;
    static constexpr bool is_never_negative = false;

    static constexpr bool keep_sign(Layer& layer, bool is_positive) {
        bool fits = true;
        for_each_member([&](auto& member) { fits = keep_sign_of(member, is_positive) && fits; }, layer);
        return fits;
    }
    static constexpr void make_magnitudes(Layer& layer) {
        if constexpr (has_only_numbers<Layer>)
            kernel::take_magnitudes(layer);
        else
            for_each_member(
                [](auto& member) {
                    for (auto& element : member) element = element < 0 ? -element : element;
                },
                layer);
    }
};

/// Affine layers without parameters, with elements of A that are not negative: dx = dy A is their backward pass.
template <class Layer, std::size_t Roundings, std::size_t PartialSums = 1>
struct affine_by_backward : affine_facts {
    static constexpr std::size_t roundings = Roundings, partial_sums = PartialSums;
    static constexpr bool is_never_negative = true;

    template <std::size_t Rows, class T>
    static constexpr void transposed(const Layer&, const T* dy, T* dx, T* scratch) {
        // It does not read its inputs; what it is given for them is an array as large.
        Layer::template backward<Rows>(static_cast<const T*>(dx), dy, dx, static_cast<T*>(nullptr), scratch);
    }
    static constexpr void make_magnitudes(Layer&) {}
};

/// dx = dy W^T for rows with many zeros, as those behind relu are, in constant evaluation: there a product costs more than
/// the question whether a factor is 0. W is passed by value, because g++ reads local variables fastest.
template <std::size_t Rows, class T, std::size_t Inputs, std::size_t Outputs>
constexpr void sparse_product(const T* dy, const tensor<T, shape<Inputs, Outputs>>& weights, T* dx) {
    for (std::size_t row = 0; row < Rows; ++row, dy += Outputs, dx += Inputs) {
        T factors[Outputs]{};
        std::size_t columns[Outputs]{}, count = 0;
        for (std::size_t i = 0; i < Outputs; ++i) {
            const T factor = dy[i];
            if (factor == 0) continue;
            factors[count] = factor;
            columns[count++] = i;
        }
        for (std::size_t i = 0, begin = 0; i < Inputs; ++i, begin += Outputs) {
            T sum = 0;
            for (std::size_t k = 0; k < count; ++k) sum += factors[k] * weights.values[begin + columns[k]];
            dx[i] = sum;
        }
    }
}

template <class T, class Move>
std::true_type is_rearrangement(const rearrangement_layer<T, Move>*);
template <class T, class InputShape, class Kind, class... Pads>
std::true_type is_rearrangement(const copy_pad_layer<T, InputShape, Kind, Pads...>*);
std::false_type is_rearrangement(const void*);

}  // namespace detail

template <class T, std::size_t Inputs, std::size_t Outputs, class Activation, class Bias, class InputShape>
struct affine<dense_layer<T, Inputs, Outputs, Activation, Bias, InputShape>>
    : detail::affine_by_parameters<dense_layer<T, Inputs, Outputs, Activation, Bias, InputShape>, Inputs + 1> {
    using layer_type = dense_layer<T, Inputs, Outputs, Activation, Bias, InputShape>;

    template <std::size_t Rows>
    static constexpr void transposed(const layer_type& layer, const T* dy, T* dx, T* scratch) {
        if (__builtin_is_constant_evaluated())
            detail::sparse_product<Rows * layer_type::rows>(dy, layer.weights, dx);
        else
            for (std::size_t row = 0; row < layer_type::rows; ++row)
                detail::product_with_transposed_of_any_size<Rows>(dy + Rows * Outputs * row, layer.weights.values,
                                                                  dx + Rows * Inputs * row, scratch, Inputs, Outputs);
    }
    template <std::size_t Rows>
    static constexpr std::size_t scratch_size = Rows > 1 ? Rows* Outputs : 0;

    /// y = x W + b. The compiler would take longer for the kernels of the layer than for a proof.
    static constexpr void multiply(const layer_type& layer, const T* x, T* y) {
        if constexpr (std::is_same_v<Bias, no_bias>)
            detail::affine_product<layer_type::rows>(x, layer.weights, {}, y);
        else
            detail::affine_product<layer_type::rows>(x, layer.weights, layer.bias, y);
    }
};

template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Bias,
          class Convolution>
struct affine<convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias, Convolution>>
    : detail::affine_by_parameters<
          convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias, Convolution>,
          WeightShape::size / WeightShape::last + 1> {
    template <std::size_t Rows, class Layer>
    static constexpr void transposed(const Layer& layer, const T* dy, T* dx, T* scratch) {
        for (std::size_t row = 0; row < Rows; ++row, dy += OutputShape::size, dx += InputShape::size)
            Convolution::input_gradient(dy, layer.weights.values, dx, scratch);
    }
};

template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Bias, class Mirror>
struct affine<conv_transpose_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias, Mirror>>
    : detail::affine_by_parameters<
          conv_transpose_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias, Mirror>,
          WeightShape::size / WeightShape::extent(WeightShape::rank - 2) + 1> {
    template <std::size_t Rows, class Layer>
    static constexpr void transposed(const Layer& layer, const T* dy, T* dx, T* /*scratch*/) {
        for (std::size_t row = 0; row < Rows; ++row, dy += OutputShape::size, dx += InputShape::size)
            Mirror::forward(dy, layer.weights.values, dx);
    }
};

template <class T, class InputShape, class Activation, std::size_t Dimension>
struct affine<scale_layer<T, InputShape, Activation, Dimension>>
    : detail::affine_by_parameters<scale_layer<T, InputShape, Activation, Dimension>, 2> {
    template <std::size_t Rows, class Layer>
    static constexpr void transposed(const Layer& layer, const T* dy, T* dx, T* /*scratch*/) {
        Layer::along::for_each_run(Rows, [&](std::size_t feature, std::size_t at) {
            for (std::size_t i = at; i < at + Layer::along::inner; ++i) dx[i] = layer.weights[feature] * dy[i];
        });
    }
};

/// In inference, y = factor x + offset, of statistics that are known.
template <class T, class InputShape, class Activation, std::size_t Dimension, class Momentum, class Epsilon>
struct affine<batch_norm_layer<T, InputShape, Activation, Dimension, Momentum, Epsilon>> : detail::affine_facts {
    using layer_type = batch_norm_layer<T, InputShape, Activation, Dimension, Momentum, Epsilon>;
    static constexpr std::size_t roundings = 8;
    static constexpr bool is_never_negative = false;

    template <std::size_t Rows>
    static constexpr void transposed(const layer_type& layer, const T* dy, T* dx, T* /*scratch*/) {
        layer_type::along::for_each_run(Rows, [&](std::size_t feature, std::size_t at) {
            const T factor = layer.factor(feature);
            for (std::size_t i = at; i < at + layer_type::along::inner; ++i) dx[i] = factor * dy[i];
        });
    }
    /// weight / sqrt(variance + epsilon) and what it is made of neither overflow nor underflow.
    template <class Program>
    static constexpr bool is_representable(const layer_type& layer) {
        constexpr double most = static_cast<double>((std::numeric_limits<Program>::max)()) / 4,
                         least = static_cast<double>((std::numeric_limits<Program>::min)()) * 4;
        for (std::size_t f = 0; f < layer_type::along::count; ++f) {
            const double variance = layer.running_variance[f], factor = layer.factor(f),
                         size = factor < 0 ? -factor : factor;
            if (!(variance >= 0 && variance < most && variance + layer_type::epsilon > least)) return false;
            if (!(size < most && (size > least || layer.weights[f] == 0))) return false;
        }
        return true;
    }
    static constexpr bool keep_sign(layer_type& layer, bool is_positive) {
        return is_representable<float>(layer) && detail::keep_sign_of(layer.weights, is_positive);
    }
    /// offset = bias - mean factor: its terms are added where the mean is negative.
    static constexpr void make_magnitudes(layer_type& layer) {
        detail::affine_by_parameters<layer_type, roundings>::make_magnitudes(layer);
        for (T& mean : layer.running_mean) mean = mean < 0 ? mean : -mean;
    }
};

template <class T, class Shape, class Rate>
struct affine<dropout_layer<T, Shape, Rate>> : detail::affine_facts {
    static constexpr std::size_t roundings = 0;
    static constexpr bool is_never_negative = true;

    template <std::size_t Rows, class Layer>
    static constexpr void transposed(const Layer&, const T* dy, T* dx, T* /*scratch*/) {
        for (std::size_t i = 0; i < Rows * Shape::size; ++i) dx[i] = dy[i];
    }
    template <class Layer>
    static constexpr void make_magnitudes(Layer&) {}
};

/// `permute`, `slice`, `zero_pad` and others, which derive from it, and other paddings.
template <class Layer>
requires(decltype(detail::is_rearrangement(static_cast<const Layer*>(nullptr)))::value) struct affine<Layer>
    : detail::affine_by_backward<Layer, 0> {
};

template <class T, class InputShape, std::size_t Dimension, std::size_t Extent, class Coordinates>
struct affine<linear_resize_layer<T, InputShape, Dimension, Extent, Coordinates>>
    : detail::affine_by_backward<linear_resize_layer<T, InputShape, Dimension, Extent, Coordinates>, 4, 2> {};

template <class T, class InputShape, class Pooling, bool CountsPadding>
struct affine<average_pool_layer<T, InputShape, Pooling, CountsPadding>>
    : detail::affine_by_backward<average_pool_layer<T, InputShape, Pooling, CountsPadding>,
                                 Pooling::down.window * Pooling::across.window + 2,
                                 Pooling::down.window * Pooling::across.window> {};

template <class T, class InputShape>
struct affine<global_pool_layer<T, InputShape, detail::mean_of_channel>>
    : detail::affine_by_backward<global_pool_layer<T, InputShape, detail::mean_of_channel>, InputShape::stride(0) + 2,
                                 InputShape::stride(0)> {};

}  // namespace CTNN_NAMESPACE
