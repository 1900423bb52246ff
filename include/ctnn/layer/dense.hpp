// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The fully connected layer.

#include <ctnn/activation/identity.hpp>
#include <ctnn/capped.hpp>
#include <ctnn/chain/arguments.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/product/block_product.hpp>
#include <ctnn/kernel/product/fused_update.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Whether a layer adds a bias to its outputs.
struct with_bias {
    using option_kind = struct bias_option;
};
struct no_bias {
    using option_kind = struct bias_option;
};

template <class T, std::size_t Inputs, std::size_t Outputs, class Activation, class Bias,
          class InputShape = shape<Inputs>>
struct dense_layer;

namespace detail {

/// A vector of `Outputs`, or a sequence of them.
template <std::size_t Outputs, class InputShape>
using dense_output = std::conditional_t<InputShape::rank == 1, shape<Outputs>, shape<InputShape::extent(0), Outputs>>;

/// What both forms of the layer share. `Rows` is the number of vectors in a batch.
template <class T, std::size_t Inputs, std::size_t Outputs>
struct dense_rules {
    /// Elements of scratch memory that `backward` needs.
    template <std::size_t Rows, bool InputGradient>
    static constexpr std::size_t scratch_size = InputGradient ? kernel::transposed_scratch<Rows, Inputs, Outputs> : 0;

    /// dL/dW = x^T dy.
    template <std::size_t Batch>
    CTNN_INLINE static constexpr void weight_gradient(const T* x, const T* dy,
                                                      tensor<T, shape<Inputs, Outputs>>& d_weights) {
        kernel::matrix_product<kernel::product_size<Inputs, Outputs, Batch, 1, Inputs>>(x, dy, d_weights);
    }

    /// dL/dx = dy W^T.
    template <std::size_t Batch>
    CTNN_INLINE static constexpr void input_gradient(const T* dy, const tensor<T, shape<Inputs, Outputs>>& weights,
                                                     T* dx, T* scratch) {
        kernel::product_with_transposed<Batch, Inputs, Outputs>(dy, weights, dx, scratch);
    }
};

}  // namespace detail

/// `dense` with a bias, bound to its input: what `ctnn::get<I>(net)` returns.
///
/// `weights(i, o)` connects input i to output o; `bias[o]` is added to output o.
///
/// Both forms repeat the interface of a layer: a base class would rule out `{{weights...}, {bias...}}`.
template <class T, std::size_t Inputs, std::size_t Outputs, class Activation, class InputShape>
struct dense_layer<T, Inputs, Outputs, Activation, with_bias, InputShape> {
    using input_shape = InputShape;
    using output_shape = detail::dense_output<Outputs, InputShape>;
    using activation = Activation;
    /// Vectors in a sample.
    static constexpr std::size_t rows = InputShape::size / Inputs;
    using rules = detail::dense_rules<T, Inputs, Outputs>;
    using weights_type = tensor<T, shape<Inputs, Outputs>>;
    using bias_type = tensor<T, shape<Outputs>>;

    static constexpr std::size_t fan_in = Inputs;
    static constexpr std::size_t fan_out = Outputs;
    static constexpr std::uint64_t multiply_accumulates = detail::operation_count({rows, Inputs, Outputs});
    static constexpr bool updates_at_once = true, has_only_numbers = true;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = rules::template scratch_size<Batch * rows, InputGradient>;

    BOOST_HANA_DEFINE_STRUCT(dense_layer, (weights_type, weights), (bias_type, bias));

    friend constexpr bool operator==(const dense_layer&, const dense_layer&) = default;

    /// y = x W + b for `Batch` samples; the activation is applied by the network.
    template <std::size_t Batch>
    CTNN_INLINE constexpr void forward(const T* x, T* y) const {
        kernel::matrix_product<kernel::forward_size<T, Batch * rows, Outputs, Inputs>, kernel::from_bias>(x, weights,
                                                                                                          bias, y);
    }

    /// Scales each output by a factor and adds an offset, for `fold`.
    static constexpr std::size_t feature_axis = output_shape::rank - 1;
    constexpr void rescale(const T* factors, const T* offsets) {
        for (std::size_t i = 0; i < Inputs * Outputs; ++i) weights[i] *= factors[i % Outputs];
        for (std::size_t o = 0; o < Outputs; ++o) bias[o] = bias[o] * factors[o] + offsets[o];
    }

    /// A vector of a sequence, for `stream`, and several, for `block_stream`.
    static constexpr std::size_t time_axis = 0;
    using state_type = no_state;
    constexpr void advance(const T* x, T* y, state_type&) const {
        kernel::matrix_product<kernel::forward_size<T, 1, Outputs, Inputs>, kernel::from_bias>(x, weights, bias, y);
    }
    template <std::size_t Steps>
    using block_state = no_state;
    template <std::size_t Steps>
    constexpr void advance_block(const T* x, T* y, no_state&, std::size_t) const {
        kernel::block_product<Steps, kernel::forward_size<T, 1, Outputs, Inputs>, kernel::from_bias>(x, weights.values,
                                                                                                     bias.values, y);
    }

    /// dL/dW = x^T dy, dL/db = the sum of dy over the batch, and dx = dy W^T if `InputGradient`.
    template <std::size_t Batch, bool InputGradient>
    CTNN_INLINE constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                                        dense_layer& gradient) const {
        rules::template weight_gradient<Batch * rows>(x, dy, gradient.weights);
        kernel::column_sums<Batch * rows, Outputs>(dy, gradient.bias.values);
        if constexpr (InputGradient) rules::template input_gradient<Batch * rows>(dy, weights, dx, scratch);
    }

    /// The same, fused with the update: the optimiser's rule consumes the gradient, which is never stored.
    template <std::size_t Batch, bool InputGradient, class Rule, class... Moments>
    CTNN_INLINE constexpr void backward_and_update(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                                                   const Rule& rule, Moments&... moments) {
        if constexpr (InputGradient) rules::template input_gradient<Batch * rows>(dy, weights, dx, scratch);
        if constexpr (Batch * rows == 1) {
            kernel::update<Outputs>(rule, dy, bias.values, moments.bias.values...);
        } else {
            bias_type bias_gradient;
            kernel::column_sums<Batch * rows, Outputs>(dy, bias_gradient.values);
            kernel::update(rule, bias_gradient, bias, moments.bias...);
        }
        kernel::update_by_product<Inputs, Outputs, Batch * rows>(rule, x, dy, weights, moments.weights...);
    }
};

/// `dense` without a bias, bound to its input.
template <class T, std::size_t Inputs, std::size_t Outputs, class Activation, class InputShape>
struct dense_layer<T, Inputs, Outputs, Activation, no_bias, InputShape> {
    using input_shape = InputShape;
    using output_shape = detail::dense_output<Outputs, InputShape>;
    using activation = Activation;
    /// Vectors in a sample.
    static constexpr std::size_t rows = InputShape::size / Inputs;
    using rules = detail::dense_rules<T, Inputs, Outputs>;
    using weights_type = tensor<T, shape<Inputs, Outputs>>;

    static constexpr std::size_t fan_in = Inputs;
    static constexpr std::size_t fan_out = Outputs;
    static constexpr std::uint64_t multiply_accumulates = detail::operation_count({rows, Inputs, Outputs});
    static constexpr bool updates_at_once = true, has_only_numbers = true;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = rules::template scratch_size<Batch * rows, InputGradient>;

    BOOST_HANA_DEFINE_STRUCT(dense_layer, (weights_type, weights));

    friend constexpr bool operator==(const dense_layer&, const dense_layer&) = default;

    template <std::size_t Batch>
    CTNN_INLINE constexpr void forward(const T* x, T* y) const {
        kernel::matrix_product<kernel::forward_size<T, Batch * rows, Outputs, Inputs>, kernel::from_zero>(
            x, weights, tensor<T, shape<Outputs>>{}, y);
    }

    static constexpr std::size_t feature_axis = output_shape::rank - 1;

    static constexpr std::size_t time_axis = 0;
    using state_type = no_state;
    constexpr void advance(const T* x, T* y, state_type&) const {
        kernel::matrix_product<kernel::forward_size<T, 1, Outputs, Inputs>, kernel::from_zero>(
            x, weights, tensor<T, shape<Outputs>>{}, y);
    }
    template <std::size_t Steps>
    using block_state = no_state;
    template <std::size_t Steps>
    constexpr void advance_block(const T* x, T* y, no_state&, std::size_t) const {
        kernel::block_product<Steps, kernel::forward_size<T, 1, Outputs, Inputs>, kernel::from_zero>(x, weights.values,
                                                                                                     x, y);
    }

    template <std::size_t Batch, bool InputGradient>
    CTNN_INLINE constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                                        dense_layer& gradient) const {
        rules::template weight_gradient<Batch * rows>(x, dy, gradient.weights);
        if constexpr (InputGradient) rules::template input_gradient<Batch * rows>(dy, weights, dx, scratch);
    }

    template <std::size_t Batch, bool InputGradient, class Rule, class... Moments>
    CTNN_INLINE constexpr void backward_and_update(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                                                   const Rule& rule, Moments&... moments) {
        if constexpr (InputGradient) rules::template input_gradient<Batch * rows>(dy, weights, dx, scratch);
        kernel::update_by_product<Inputs, Outputs, Batch * rows>(rule, x, dy, weights, moments.weights...);
    }
};

/// A fully connected layer: y = activation(x W + b).
///
/// Template parameters: `Outputs`, at least 1; `Activation`, `identity` unless given; `Bias`, `with_bias` or `no_bias`.
/// *Shapes*: `shape<Inputs>` in, `shape<Outputs>` out; or a sequence, `shape<Length, Inputs>` in, `shape<Length,
/// Outputs>` out, with the same weights for every vector. Weights are `shape<Inputs, Outputs>`, so that neighbouring
/// outputs are contiguous in memory.
/// *Cost*: Inputs * Outputs multiply-accumulates for each vector.
/// *Errors*: "ctnn::dense: a layer has at least one output", "ctnn::dense: the number of outputs is followed by an
/// activation, and then with_bias or no_bias"; for an image (put `flatten` before the layer), "ctnn::network: a layer
/// cannot take the shape that the layer before it gives".
template <std::size_t Outputs, class Activation = identity, class Bias = with_bias>
struct dense {
    using wants = wants_rank<1, 2>;

    template <class T, class InputShape>
    using layer =
        dense_layer<T, InputShape::last, Outputs == 0 ? 1 : Outputs, detail::activation_or_identity<Activation>,
                    std::conditional_t<std::is_same_v<Bias, no_bias>, no_bias, with_bias>, InputShape>;

    template <class Next>
    using rescaled = dense<Outputs, Next, with_bias>;

    static_assert(Outputs > 0, "ctnn::dense: a layer has at least one output");
    static_assert(detail::is_activation<Activation> &&
                      (std::is_same_v<Bias, with_bias> || std::is_same_v<Bias, no_bias>),
                  "ctnn::dense: the number of outputs is followed by an activation, and then with_bias or no_bias");
};

}  // namespace CTNN_NAMESPACE
