// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The rectified linear unit with a learned slope below 0.

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

/// `prelu`, bound to its input: `weights[f]` is the slope below 0 of feature f.
template <class T, class InputShape, std::size_t Dimension>
struct prelu_layer {
    using input_shape = InputShape;
    using output_shape = InputShape;
    using activation = identity;
    using along = features<InputShape, Dimension>;
    using weights_type = tensor<T, shape<along::count>>;

    static constexpr std::size_t multiply_accumulates = InputShape::size;

    BOOST_HANA_DEFINE_STRUCT(prelu_layer, (weights_type, weights));

    friend constexpr bool operator==(const prelu_layer&, const prelu_layer&) = default;

    static constexpr prelu_layer start() {
        prelu_layer result{};
        for (T& weight : result.weights) weight = T(0.25);
        return result;
    }

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y) const {
        along::for_each_run(Batch, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
            const T slope = weights[feature];
            for (std::size_t i = at; i < at + along::inner; ++i) y[i] = x[i] > 0 ? x[i] : slope * x[i];
        });
    }

    /// One time step of a sequence, for `stream`.
    static constexpr std::size_t time_axis = 1 - Dimension;
    using state_type = no_state;
    constexpr void advance(const T* x, T* y, state_type&) const {
        for (std::size_t f = 0; f < along::count; ++f) y[f] = x[f] > 0 ? x[f] : weights[f] * x[f];
    }

    /// dL/dweights[f] = the sum of x dy over x <= 0, dL/dx = dy for x > 0 and weights dy for x <= 0.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/, prelu_layer& gradient) const {
        clear(gradient);
        along::for_each_run(Batch, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
            const T slope = weights[feature];
            for (std::size_t i = at; i < at + along::inner; ++i) {
                gradient.weights[feature] += x[i] > 0 ? T{} : x[i] * dy[i];
                if constexpr (InputGradient) dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
            }
        });
    }
};

/// The parametric rectified linear unit, with a slope for each feature: y = x above 0, weights[f] x below. Slopes are
/// initialised to 0.25.
///
/// Template parameter: `Axis`, the dimension of the features, by default the outermost.
/// *Shapes*: any in, the same out; weights are `shape<features>`.
/// *Source*: He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
template <class Axis = axis<0>>
struct prelu {
    using along = detail::axis_or_first<Axis>;
    using wants = wants_features_along<along::value>;

    template <class T, class InputShape>
    using layer = prelu_layer<T, InputShape, along::value>;

    static_assert(detail::is_axis<Axis>, "ctnn::prelu: the argument is an axis");
};

}  // namespace CTNN_NAMESPACE
