// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the convolutions share: forward and backward pass of one sample, streaming, and the layer of conv1d and conv2d.

#include <ctnn/activation/identity.hpp>
#include <ctnn/capped.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/convolve.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/layer/convolution/convolution_options.hpp>
#include <ctnn/layer/convolution/convolution_steps.hpp>
#include <ctnn/layer/convolution/window.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// One sample of a convolution, group by group: each group is the product of its filters and the im2col matrix of its
/// channels.
///
/// Weights are a matrix with a row for each window element and channel of a group, and a column for each filter of all
/// groups.
///
/// Template parameters: channels in and out, the number of groups, and how the window slides in both dimensions.
template <class T, std::size_t Channels, std::size_t Filters, std::size_t Groups, kernel::slide Down,
          kernel::slide Across>
struct convolution {
    static constexpr std::size_t channels = Channels / Groups, filters = Filters / Groups;
    using columns = kernel::im2col<channels, Down, Across>;
    static constexpr std::size_t depth = columns::rows, places = columns::columns;
    static constexpr std::uint64_t multiply_accumulates = ctnn::detail::operation_count({Filters, depth, places});
    static constexpr std::size_t input_size = Channels * Down.input * Across.input;
    static constexpr std::size_t output_size = Filters * places;
    static constexpr std::size_t group_input = input_size / Groups;
    /// Elements of the im2col matrix of a group, unless it is the image itself.
    static constexpr std::size_t columns_size = columns::memory_size;

    /// Whether it can run step by step: it is causal, with one output for each input.
    static constexpr bool streams = Down.input == 1 && Down.window == 1 && Across.stride == 1 &&
                                    Across.output == Across.input && Across.before + 1 == Across.span();

    /// The summation order of an output, the same for an entire sample and for one time step.
    static constexpr kernel::sum_order order = streams && Across.window > 1
                                                   ? kernel::window_order(filters, depth, sizeof(T))
                                                   : kernel::runs_for(filters, depth, sizeof(T));

    static constexpr std::size_t forward_scratch = kernel::convolve_scratch<channels, Down, Across, filters, T>::size;

    /// y = bias + weights^T im2col(x).
    template <class Start>
    static constexpr void forward(const T* x, const T* weights, const T* bias, T* y, T* scratch) {
        for (std::size_t group = 0; group < Groups; ++group)
            kernel::convolve<channels, Down, Across, filters, Filters, order, Start>(
                x + group * group_input, weights + group * filters, bias + group * filters * Start::row_stride,
                y + group * filters * places, scratch);
    }
    /// y = weights^T im2col(x), with the scratch memory on the stack.
    static constexpr void forward(const T* x, const T* weights, T* y) {
        T scratch[forward_scratch > 0 ? forward_scratch : 1];
        forward<kernel::from_zero>(x, weights, x, y, scratch);
    }

    using steps = convolution_steps<T, Channels, Filters, Groups, Across, order>;

    /// The im2col matrix, and dy transposed.
    static constexpr std::size_t gradient_scratch = columns_size + kernel::transposed_scratch<depth, filters, places>;

    /// d_weights += im2col(x) dy^T.
    static constexpr void weight_gradient(const T* x, const T* dy, T* d_weights, T* scratch) {
        constexpr kernel::sum_order gradient_order = filters < kernel::partial_sums && places >= kernel::partial_sums
                                                         ? kernel::sum_order{1, kernel::sum_kind::lanes}
                                                         : kernel::left_to_right;
        for (std::size_t group = 0; group < Groups; ++group)
            kernel::product_with_transposed<depth, filters, places, kernel::from_matrix<Filters>, gradient_order,
                                            Filters>(columns::gathered(x + group * group_input, scratch),
                                                     dy + group * filters * places, d_weights + group * filters,
                                                     scratch + columns_size);
    }

    /// dx = col2im(weights dy).
    static constexpr void input_gradient(const T* dy, const T* weights, T* dx, T* scratch) {
        if constexpr (!columns::is_the_image)
            for (std::size_t i = 0; i < input_size; ++i) dx[i] = T{};
        for (std::size_t group = 0; group < Groups; ++group) {
            T* const d_group = dx + group * group_input;
            T* const d_columns = columns::is_the_image ? d_group : scratch;
            kernel::matrix_product<kernel::product_size<depth, places, filters, Filters, 1>, kernel::from_zero>(
                weights + group * filters, dy + group * filters * places, static_cast<const T*>(d_columns), d_columns);
            if constexpr (!columns::is_the_image) columns::scatter(static_cast<const T*>(d_columns), d_group);
        }
    }

    /// The backward pass of `Batch` samples: adds to d_weights, and writes dx if `InputGradient`.
    template <std::size_t Batch, bool InputGradient>
    static constexpr void backward(const T* x, const T* dy, T* dx, T* scratch, const T* weights, T* d_weights) {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_size, dy += output_size) {
            weight_gradient(x, dy, d_weights, scratch);
            if constexpr (InputGradient) input_gradient(dy, weights, dx + sample * input_size, scratch);
        }
    }
};

namespace detail {

/// Adds dL/db, the sum of dy over samples and the `Places` outputs of a channel.
template <std::size_t Batch, std::size_t Channels, std::size_t Places, class T>
constexpr void add_channel_sums(const T* dy, T* d_bias) {
    for (std::size_t i = 0; i < Batch * Channels; ++i)
        d_bias[i % Channels] += kernel::sum<Places>(kernel::itself{}, dy + i * Places);
}

}  // namespace detail

/// `conv1d` and `conv2d` with a bias, bound to their input.
///
/// `weights(i, j, c, f)` is the weight of filter f for channel c (of its group) at element (i, j) of the window;
/// `bias[f]` is added to the outputs of filter f.
///
/// Both forms repeat the interface of a layer: a base class would rule out `{{weights...}, {bias...}}`.
template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Bias,
          class Convolution>
struct convolution_layer;

template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Convolution>
struct convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, with_bias, Convolution> {
    using input_shape = InputShape;
    using output_shape = OutputShape;
    using activation = Activation;
    using weights_type = tensor<T, WeightShape>;
    using bias_type = tensor<T, shape<OutputShape::extent(0)>>;

    static constexpr std::size_t fan_in = WeightShape::size / WeightShape::last;
    static constexpr std::size_t fan_out = WeightShape::size / WeightShape::extent(WeightShape::rank - 2);
    static constexpr std::uint64_t multiply_accumulates = Convolution::multiply_accumulates;
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = Convolution::forward_scratch;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = Convolution::gradient_scratch;

    BOOST_HANA_DEFINE_STRUCT(convolution_layer, (weights_type, weights), (bias_type, bias));

    friend constexpr bool operator==(const convolution_layer&, const convolution_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_shape::size, y += output_shape::size)
            Convolution::template forward<kernel::from_row_bias>(x, weights.values, bias.values, y, scratch);
    }

    /// Scales each filter by a factor and adds an offset to its outputs, for `fold`.
    static constexpr std::size_t feature_axis = 0;
    constexpr void rescale(const T* factors, const T* offsets) {
        for (std::size_t i = 0; i < WeightShape::size; ++i) weights[i] *= factors[i % WeightShape::last];
        for (std::size_t f = 0; f < bias_type::size(); ++f) bias[f] = bias[f] * factors[f] + offsets[f];
    }

    /// A time step of a line, for `stream`, and several, for `block_stream`.
    static constexpr std::size_t time_axis = 1;
    static constexpr bool streams = Convolution::streams;
    using state_type = typename Convolution::steps::state_type;
    constexpr void advance(const T* x, T* y, state_type& state) const {
        Convolution::steps::template advance<kernel::from_bias>(x, weights.values, bias.values, y, state);
    }
    template <std::size_t Steps>
    using block_state = typename Convolution::steps::template block_state<Steps>;
    template <std::size_t Steps>
    constexpr void advance_block(const T* x, T* y, block_state<Steps>& state, std::size_t count) const {
        Convolution::steps::template advance_block<Steps, kernel::from_bias>(x, weights.values, bias.values, y, state,
                                                                             count);
    }

    /// dL/dW and dL/db are sums over samples and places; dx is written if `InputGradient`.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                            convolution_layer& gradient) const {
        clear(gradient);
        detail::add_channel_sums<Batch, bias_type::size(), Convolution::places>(dy, gradient.bias.values);
        Convolution::template backward<Batch, InputGradient>(x, dy, dx, scratch, weights.values,
                                                             gradient.weights.values);
    }
};

/// The same without a bias.
template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Convolution>
struct convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, no_bias, Convolution> {
    using input_shape = InputShape;
    using output_shape = OutputShape;
    using activation = Activation;
    using weights_type = tensor<T, WeightShape>;

    static constexpr std::size_t fan_in = WeightShape::size / WeightShape::last;
    static constexpr std::size_t fan_out = WeightShape::size / WeightShape::extent(WeightShape::rank - 2);
    static constexpr std::uint64_t multiply_accumulates = Convolution::multiply_accumulates;
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = Convolution::forward_scratch;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = Convolution::gradient_scratch;

    BOOST_HANA_DEFINE_STRUCT(convolution_layer, (weights_type, weights));

    friend constexpr bool operator==(const convolution_layer&, const convolution_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_shape::size, y += output_shape::size)
            Convolution::template forward<kernel::from_zero>(x, weights.values, x, y, scratch);
    }

    static constexpr std::size_t feature_axis = 0;

    /// A time step of a line, for `stream`, and several, for `block_stream`.
    static constexpr std::size_t time_axis = 1;
    static constexpr bool streams = Convolution::streams;
    using state_type = typename Convolution::steps::state_type;
    constexpr void advance(const T* x, T* y, state_type& state) const {
        Convolution::steps::template advance<kernel::from_zero>(x, weights.values, x, y, state);
    }
    template <std::size_t Steps>
    using block_state = typename Convolution::steps::template block_state<Steps>;
    template <std::size_t Steps>
    constexpr void advance_block(const T* x, T* y, block_state<Steps>& state, std::size_t count) const {
        Convolution::steps::template advance_block<Steps, kernel::from_zero>(x, weights.values, x, y, state, count);
    }

    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                            convolution_layer& gradient) const {
        clear(gradient);
        Convolution::template backward<Batch, InputGradient>(x, dy, dx, scratch, weights.values,
                                                             gradient.weights.values);
    }
};

}  // namespace CTNN_NAMESPACE
