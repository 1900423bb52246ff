// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A factor and an offset for each feature.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/arguments.hpp>
#include <ctnn/chain/features.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// `scale`, bound to its input: `weights[f]` and `bias[f]` belong to feature f.
template <class T, class InputShape, class Activation, std::size_t Dimension>
struct scale_layer {
    using input_shape = InputShape;
    using output_shape = InputShape;
    using activation = Activation;
    using along = features<InputShape, Dimension>;
    using weights_type = tensor<T, shape<along::count>>;

    static constexpr std::size_t multiply_accumulates = InputShape::size;

    BOOST_HANA_DEFINE_STRUCT(scale_layer, (weights_type, weights), (weights_type, bias));

    friend constexpr bool operator==(const scale_layer&, const scale_layer&) = default;

    /// What training starts from: the identity.
    static constexpr scale_layer start() {
        scale_layer result{};
        for (T& weight : result.weights) weight = 1;
        return result;
    }

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y) const {
        along::for_each_run(Batch, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
            const T factor = weights[feature], offset = bias[feature];
            for (std::size_t i = at; i < at + along::inner; ++i) y[i] = factor * x[i] + offset;
        });
    }

    /// Multiplies each feature by a factor and adds an offset to it, for `fold`.
    static constexpr std::size_t feature_axis = Dimension;
    constexpr void rescale(const T* factors, const T* offsets) {
        for (std::size_t f = 0; f < along::count; ++f) {
            weights[f] *= factors[f];
            bias[f] = bias[f] * factors[f] + offsets[f];
        }
    }

    /// One time step of a sequence, for `stream`.
    static constexpr std::size_t time_axis = 1 - Dimension;
    using state_type = no_state;
    constexpr void advance(const T* x, T* y, state_type&) const {
        for (std::size_t f = 0; f < along::count; ++f) y[f] = weights[f] * x[f] + bias[f];
    }

    /// dL/dweights[f] = the sum of x dy over the elements of feature f, dL/dbias[f] = the sum of dy, dL/dx = weights
    /// dy.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/, scale_layer& gradient) const {
        clear(gradient);
        along::for_each_run(Batch, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
            gradient.weights[feature] += kernel::sum<along::inner>(kernel::product{}, x + at, dy + at);
            gradient.bias[feature] += kernel::sum<along::inner>(kernel::itself{}, dy + at);
            const T factor = weights[feature];
            if constexpr (InputGradient)
                for (std::size_t i = at; i < at + along::inner; ++i) dx[i] = factor * dy[i];
        });
    }
};

/// A factor and an offset for each feature: y = activation(weights[f] x + bias[f]).
///
/// Set from the deviations and means of the training data, it standardises the input inside the model. It is
/// initialised to the identity. Template parameters: `Activation`; `Axis`, the dimension of the features, by default
/// the outermost.
/// *Shapes*: any in, the same out; weights and bias are `shape<features>`.
/// *Cost*: one multiply-accumulate per element.
template <class Activation = identity, class Axis = axis<0>>
struct scale {
    using along = detail::axis_or_first<Axis>;
    using wants = wants_features_along<along::value>;

    template <class T, class InputShape>
    using layer = scale_layer<T, InputShape, detail::activation_or_identity<Activation>, along::value>;

    template <class Next>
    using rescaled = scale<Next, Axis>;

    static_assert(detail::is_activation<Activation> && detail::is_axis<Axis>,
                  "ctnn::scale: the arguments are an activation and an axis, in this order");
};

}  // namespace CTNN_NAMESPACE
