// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Layer normalisation: normalises rows to mean 0 and variance 1.

#include <ctnn/activation/identity.hpp>
#include <ctnn/capped.hpp>
#include <ctnn/chain/arguments.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/layer/normalization/epsilon.hpp>
#include <ctnn/math/ratio.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Whether `layer_norm` has a factor and an offset for each position in a row.
struct with_affine {};
struct no_affine {};

namespace detail {

/// z = (x - mean) / deviation for a row of `Width` elements; returns 1 / deviation.
template <class Epsilon, std::size_t Width, class T>
constexpr T normalise_row(const T* x, T* z) {
    const T mean = kernel::sum<Width>(kernel::itself{}, x) / T(Width);
    for (std::size_t i = 0; i < Width; ++i) z[i] = x[i] - mean;
    const T variance = kernel::sum<Width>(kernel::square{}, static_cast<const T*>(z)) / T(Width);
    const T inverse = T{1} / math::sqrt(variance + math::from_ratio<T, typename Epsilon::ratio>);
    for (std::size_t i = 0; i < Width; ++i) z[i] *= inverse;
    return inverse;
}

}  // namespace detail

/// `layer_norm`, bound to its input: `weights[i]` and `bias[i]` belong to index i of the innermost dimension.
template <class T, class InputShape, class Activation, class Epsilon>
struct layer_norm_layer {
    using input_shape = InputShape;
    using output_shape = InputShape;
    using activation = Activation;
    static constexpr std::size_t width = InputShape::last;
    static constexpr std::size_t rows = InputShape::size / width;
    using row_type = tensor<T, shape<width>>;

    static constexpr std::size_t multiply_accumulates = InputShape::size;

    /// (x - mean) / deviation, and 1 / deviation of each row.
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = detail::extent_product({Batch, InputShape::size + rows});

    BOOST_HANA_DEFINE_STRUCT(layer_norm_layer, (row_type, weights), (row_type, bias));

    friend constexpr bool operator==(const layer_norm_layer&, const layer_norm_layer&) = default;

    static constexpr layer_norm_layer start() {
        layer_norm_layer result{};
        for (T& weight : result.weights) weight = 1;
        return result;
    }

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y) const {
        for (std::size_t row = 0; row < Batch * rows; ++row, x += width, y += width) {
            normalise(x, y);
            rescale(y, y);
        }
    }

    /// One time step of a sequence, for `stream`.
    static constexpr std::size_t time_axis = 0;
    using state_type = no_state;
    constexpr void advance(const T* x, T* y, state_type&) const {
        normalise(x, y);
        rescale(y, y);
    }

    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context&) const {
        T* const inverse = kept + Batch * InputShape::size;
        for (std::size_t row = 0; row < Batch * rows; ++row, x += width, y += width, kept += width) {
            inverse[row] = normalise(x, kept);
            rescale(kept, y);
        }
    }

    /// With z = (x - mean) / deviation and g = weights dy: dL/dbias = the sum of dy, dL/dweights = the sum of z dy over
    /// the rows, and dL/dx = (g - mean of g - z mean of z g) / deviation.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T*, const T* dy, T* dx, T* kept, T* /*scratch*/, layer_norm_layer& gradient) const {
        clear(gradient);
        const T* const inverse = kept + Batch * InputShape::size;
        const T* z = kept;
        for (std::size_t row = 0; row < Batch * rows; ++row, dy += width, z += width) {
            for (std::size_t i = 0; i < width; ++i) {
                gradient.weights[i] += z[i] * dy[i];
                gradient.bias[i] += dy[i];
            }
            if constexpr (InputGradient) {
                const auto weighted = [](auto weight, auto upstream, auto normal)
                                          CTNN_INLINE { return weight * upstream * normal; };
                const T mean = kernel::sum<width>(kernel::product{}, weights.values, dy) / T(width);
                const T correlation = kernel::sum<width>(weighted, weights.values, dy, z) / T(width);
                for (std::size_t i = 0; i < width; ++i)
                    dx[i] = inverse[row] * (weights[i] * dy[i] - mean - z[i] * correlation);
                dx += width;
            }
        }
    }

  private:
    static constexpr T normalise(const T* x, T* z) { return detail::normalise_row<Epsilon, width>(x, z); }
    constexpr void rescale(const T* z, T* y) const {
        for (std::size_t i = 0; i < width; ++i) y[i] = weights[i] * z[i] + bias[i];
    }
};

/// `layer_norm` without parameters, bound to its input.
template <class T, class InputShape, class Activation, class Epsilon>
struct plain_layer_norm_layer {
    using input_shape = InputShape;
    using output_shape = InputShape;
    using activation = Activation;
    static constexpr std::size_t width = InputShape::last;
    static constexpr std::size_t rows = InputShape::size / width;
    static constexpr std::size_t multiply_accumulates = 0;

    /// (x - mean) / deviation, and 1 / deviation of each row.
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = detail::extent_product({Batch, InputShape::size + rows});

    friend constexpr bool operator==(const plain_layer_norm_layer&, const plain_layer_norm_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t row = 0; row < Batch * rows; ++row)
            detail::normalise_row<Epsilon, width>(x + row * width, y + row * width);
    }

    /// One time step of a sequence, for `stream`.
    static constexpr std::size_t time_axis = 0;
    using state_type = no_state;
    static constexpr void advance(const T* x, T* y, state_type&) { detail::normalise_row<Epsilon, width>(x, y); }

    template <std::size_t Batch>
    static constexpr void forward_training(const T* x, T* y, T* kept, training_context&) {
        T* const inverse = kept + Batch * InputShape::size;
        for (std::size_t row = 0; row < Batch * rows; ++row, x += width, y += width, kept += width) {
            inverse[row] = detail::normalise_row<Epsilon, width>(x, kept);
            for (std::size_t i = 0; i < width; ++i) y[i] = kept[i];
        }
    }

    /// With z = (x - mean) / deviation: dL/dx = (dy - mean of dy - z mean of z dy) / deviation.
    template <std::size_t Batch>
    static constexpr void backward(const T*, const T* dy, T* dx, T* kept, T* /*scratch*/) {
        const T* const inverse = kept + Batch * InputShape::size;
        const T* z = kept;
        for (std::size_t row = 0; row < Batch * rows; ++row, dy += width, dx += width, z += width) {
            const T mean = kernel::sum<width>(kernel::itself{}, dy) / T(width);
            const T correlation = kernel::sum<width>(kernel::product{}, dy, z) / T(width);
            for (std::size_t i = 0; i < width; ++i) dx[i] = inverse[row] * (dy[i] - mean - z[i] * correlation);
        }
    }
};

/// Layer normalisation: y = activation(weights[i] (x - mean) / sqrt(variance + epsilon) + bias[i]), with mean and
/// variance over the innermost dimension of each sample.
///
/// Template parameters: `Activation`; `Epsilon`, by default `epsilon<std::ratio<1, 100000>>`; `Affine`: with
/// `no_affine` there are no weights and no bias.
/// *Shapes*: any in, the same out; weights and bias are shape<innermost extent>.
/// *Cost*: one multiply-accumulate per element, none with `no_affine`, and a square root per row.
/// *Errors*: "ctnn::layer_norm: the arguments are an activation, an epsilon, and with_affine or no_affine, in this
/// order".
/// *Source*: Ba, Kiros and Hinton, "Layer normalization", 2016.
/// *Example*: instance normalisation of an image of 8 x 8 x 8, `reshape<8, 64>, layer_norm<identity, epsilon<>,
/// no_affine>, scale<>, reshape<8, 8, 8>`.
template <class Activation = identity, class Epsilon = epsilon<>, class Affine = with_affine>
struct layer_norm {
    static constexpr bool are_arguments = detail::is_activation<Activation> && detail::is_epsilon<Epsilon> &&
                                          (std::is_same_v<Affine, with_affine> || std::is_same_v<Affine, no_affine>);
    using wants = wants_rank_at_least<1>;

    template <class T, class InputShape, class Next = detail::activation_or_identity<Activation>,
              class Added = std::conditional_t<are_arguments, Epsilon, epsilon<>>>
    using layer =
        std::conditional_t<std::is_same_v<Affine, no_affine>, plain_layer_norm_layer<T, InputShape, Next, Added>,
                           layer_norm_layer<T, InputShape, Next, Added>>;

    static_assert(
        are_arguments,
        "ctnn::layer_norm: the arguments are an activation, an epsilon, and with_affine or no_affine, in this order");
};

}  // namespace CTNN_NAMESPACE
