// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Each sample brought to mean 0 and variance 1.

#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduce.hpp>
#include <ctnn/layer/arguments.hpp>
#include <ctnn/layer/layer_facts.hpp>
#include <ctnn/layer/shape_rule.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>

namespace ctnn {

/// `layer_norm`, bound to its input: `weights[i]` and `bias[i]` belong to place i of the innermost dimension.
template <class T, class InputShape, class Activation>
struct layer_norm_layer {
    using input_shape = InputShape;
    using output_shape = InputShape;
    using activation = Activation;
    static constexpr std::size_t width = InputShape::last;
    static constexpr std::size_t rows = InputShape::size / width;
    using row_type = tensor<T, shape<width>>;

    static constexpr std::size_t multiply_accumulates = InputShape::size;
    static constexpr T epsilon = T(1e-5);

    /// (x - mean) / deviation, and one over the deviation of each row.
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = Batch*(InputShape::size + rows);

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
        gradient = {};
        const T* const inverse = kept + Batch * InputShape::size;
        const T* z = kept;
        for (std::size_t row = 0; row < Batch * rows; ++row, dy += width, z += width) {
            for (std::size_t i = 0; i < width; ++i) {
                gradient.weights[i] += z[i] * dy[i];
                gradient.bias[i] += dy[i];
            }
            if constexpr (InputGradient) {
                const auto weighted = [](auto weight, auto slope, auto normal)
                                          CTNN_INLINE { return weight * slope * normal; };
                const T mean = kernel::sum<width>(kernel::product{}, weights.values, dy) / T(width);
                const T correlation = kernel::sum<width>(weighted, weights.values, dy, z) / T(width);
                for (std::size_t i = 0; i < width; ++i)
                    dx[i] = inverse[row] * (weights[i] * dy[i] - mean - z[i] * correlation);
                dx += width;
            }
        }
    }

  private:
    /// z = (x - mean) / deviation for one row; returns one over the deviation.
    static constexpr T normalise(const T* x, T* z) {
        const T mean = kernel::sum<width>(kernel::itself{}, x) / T(width);
        for (std::size_t i = 0; i < width; ++i) z[i] = x[i] - mean;
        const T variance = kernel::sum<width>(kernel::square{}, static_cast<const T*>(z)) / T(width);
        const T inverse = T{1} / math::sqrt(variance + epsilon);
        for (std::size_t i = 0; i < width; ++i) z[i] *= inverse;
        return inverse;
    }
    constexpr void rescale(const T* z, T* y) const {
        for (std::size_t i = 0; i < width; ++i) y[i] = weights[i] * z[i] + bias[i];
    }
};

/// Layer normalisation: y = activation(weights[i] (x - mean) / sqrt(variance + 1e-5) + bias[i]), with mean and variance
/// over the innermost dimension of each sample.
///
/// *Shapes*: any in, the same out; weights and bias are shape<innermost extent>.
/// *Cost*: one multiply-accumulate an element, and a square root a row.
/// *Source*: Ba, Kiros and Hinton, "Layer normalization", 2016.
template <class Activation = identity>
struct layer_norm {
    using wants = wants_rank_at_least<1>;

    template <class T, class InputShape>
    using layer = layer_norm_layer<T, InputShape, detail::activation_or_identity<Activation>>;

    static_assert(detail::is_activation<Activation>, "ctnn::layer_norm: the argument is an activation");
};

}  // namespace ctnn
