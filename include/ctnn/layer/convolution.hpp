// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the convolutions have in common.

#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/matrix_product.hpp>
#include <ctnn/kernel/patches.hpp>
#include <ctnn/kernel/reduce.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/layer/layer_facts.hpp>
#include <ctnn/layer/window.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <type_traits>

namespace ctnn {

namespace detail {

/// What the options of a convolution choose, there or back.
template <class... Options>
struct convolution_choices {
    using stride_type = typename chosen_option<stride_option, stride<1>, Options...>::type;
    using dilation_type = typename chosen_option<dilation_option, dilation<1>, Options...>::type;
    using padding_type = typename chosen_option<padding_option, valid, Options...>::type;
    using activation = typename chosen_option<activation_option, identity, Options...>::type;
    using bias = typename chosen_option<bias_option, with_bias, Options...>::type;
    static constexpr std::size_t groups = chosen_option<groups_option, ctnn::groups<1>, Options...>::type::value;
};

/// Options without those of some kinds.
template <class... Kept>
struct kept_options {
    template <template <std::size_t, class, class...> class Spec, std::size_t Number, class Window, class... More>
    using in = Spec<Number, Window, Kept..., More...>;
};
template <class Kept, class... Options>
struct options_but_activation_and_bias {
    using type = Kept;
};
template <class... Kept, class Option, class... Rest>
struct options_but_activation_and_bias<kept_options<Kept...>, Option, Rest...>
    : std::conditional_t<std::is_same_v<typename option_kind_of<Option>::type, activation_option> ||
                             std::is_same_v<typename option_kind_of<Option>::type, bias_option>,
                         options_but_activation_and_bias<kept_options<Kept...>, Rest...>,
                         options_but_activation_and_bias<kept_options<Kept..., Option>, Rest...>> {};

/// A convolution with a bias and another activation, for `fold`.
template <template <std::size_t, class, class...> class Spec, class Next, std::size_t Filters, class Window,
          class... Options>
struct rescaled_options {
    using kept = typename options_but_activation_and_bias<kept_options<>, Options...>::type;
    using type = typename kept::template in<Spec, Filters, Window, Next>;
};
template <template <std::size_t, class, class...> class Spec, std::size_t Filters, class Window, class... Options>
struct rescaled_options<Spec, identity, Filters, Window, Options...> {
    using kept = typename options_but_activation_and_bias<kept_options<>, Options...>::type;
    using type = typename kept::template in<Spec, Filters, Window>;
};

}  // namespace detail

/// One sample of a convolution, group by group: each group is a product of its filters with the patches of its
/// channels.
///
/// Template parameters: channels in and out, how many groups they are in, and how the window slides.
template <class T, std::size_t Channels, std::size_t Filters, std::size_t Groups, kernel::slide Down,
          kernel::slide Across>
struct convolution {
    static constexpr std::size_t channels = Channels / Groups, filters = Filters / Groups;
    using patches = kernel::patches<channels, Down, Across>;
    static constexpr std::size_t depth = patches::rows, places = patches::columns;
    static constexpr std::size_t multiply_accumulates = Filters * depth * places;
    static constexpr std::size_t input_size = Channels * Down.input * Across.input;
    static constexpr std::size_t output_size = Filters * places;

    /// y = bias + weights * patches(x).
    template <class Start>
    static constexpr void forward(const T* x, const T* weights, const T* bias, T* y) {
        T matrix[patches::size];
        for (std::size_t group = 0; group < Groups; ++group) {
            patches::gather(x + group * channels * Down.input * Across.input, matrix);
            kernel::matrix_product<kernel::product_size<filters, places, depth>, Start>(
                weights + group * filters * depth, matrix, bias + group * filters * Start::row_stride,
                y + group * filters * places);
        }
    }

    /// Whether it sees nothing that comes later, and makes one output for each input: then it can take one at a time.
    static constexpr bool streams = Down.input == 1 && Down.window == 1 && Across.stride == 1 &&
                                    Across.output == Across.input && Across.before + 1 == Across.span();

    /// The last inputs, as many as a window spans: a ring of them, zero at first.
    struct state_type {
        static constexpr std::size_t span = Across.span();
        T values[span * Channels]{};
        std::size_t newest = 0;

        friend constexpr bool operator==(const state_type&, const state_type&) = default;
    };

    /// One time step: the window ends at the newest input.
    template <class Start>
    static constexpr void advance(const T* x, const T* weights, const T* bias, T* y, state_type& state) {
        constexpr std::size_t span = state_type::span;
        state.newest = state.newest + 1 < span ? state.newest + 1 : 0;
        for (std::size_t channel = 0; channel < Channels; ++channel)
            state.values[state.newest * Channels + channel] = x[channel];
        T patch[depth];
        for (std::size_t group = 0; group < Groups; ++group) {
            for (std::size_t place = 0; place < Across.window; ++place) {
                const std::size_t back = (Across.window - 1 - place) * Across.dilation;
                const std::size_t at = state.newest >= back ? state.newest - back : state.newest + span - back;
                for (std::size_t channel = 0; channel < channels; ++channel)
                    patch[channel * Across.window + place] = state.values[at * Channels + group * channels + channel];
            }
            kernel::matrix_product<kernel::product_size<filters, 1, depth>, Start>(
                weights + group * filters * depth, static_cast<const T*>(patch),
                bias + group * filters * Start::row_stride, y + group * filters);
        }
    }

    /// The patches, and again transposed for the product with them.
    static constexpr std::size_t gradient_scratch = patches::size + kernel::transposed_scratch<filters, depth, places>;

    /// d_weights += dy * patches(x)^T.
    static constexpr void weight_gradient(const T* x, const T* dy, T* d_weights, T* scratch) {
        for (std::size_t group = 0; group < Groups; ++group) {
            patches::gather(x + group * channels * Down.input * Across.input, scratch);
            kernel::product_with_transposed<filters, depth, places, kernel::from_matrix<depth>>(
                dy + group * filters * places, scratch, d_weights + group * filters * depth, scratch + patches::size);
        }
    }

    /// dx = what weights^T * dy adds up to at each input.
    static constexpr void input_gradient(const T* dy, const T* weights, T* dx, T* scratch) {
        for (std::size_t i = 0; i < input_size; ++i) dx[i] = T{};
        for (std::size_t group = 0; group < Groups; ++group) {
            kernel::matrix_product<kernel::product_size<depth, places, filters, 1, depth>, kernel::from_zero>(
                weights + group * filters * depth, dy + group * filters * places, scratch, scratch);
            patches::scatter(scratch, dx + group * channels * Down.input * Across.input);
        }
    }
};

/// `conv1d` and `conv2d` with a bias, bound to their input.
///
/// `weights(f, c, i, j)` is the factor of filter f for channel c (of its group) at place (i, j) of the window;
/// `bias[f]` is added to the outputs of filter f.
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

    static constexpr std::size_t fan_in = WeightShape::stride(0);
    static constexpr std::size_t fan_out = WeightShape::size / WeightShape::extent(1);
    static constexpr std::size_t multiply_accumulates = Convolution::multiply_accumulates;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = Convolution::gradient_scratch;

    BOOST_HANA_DEFINE_STRUCT(convolution_layer, (weights_type, weights), (bias_type, bias));

    friend constexpr bool operator==(const convolution_layer&, const convolution_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y) const {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_shape::size, y += output_shape::size)
            Convolution::template forward<kernel::from_row_bias>(x, weights.values, bias.values, y);
    }

    /// Multiplies each filter by a factor and adds an offset to its outputs, for `fold`.
    static constexpr std::size_t feature_axis = 0;
    constexpr void rescale(const T* factors, const T* offsets) {
        for (std::size_t i = 0; i < WeightShape::size; ++i) weights[i] *= factors[i / WeightShape::stride(0)];
        for (std::size_t f = 0; f < bias_type::size(); ++f) bias[f] = bias[f] * factors[f] + offsets[f];
    }

    /// One time step of a line, for `stream`.
    static constexpr std::size_t time_axis = 1;
    static constexpr bool streams = Convolution::streams;
    using state_type = typename Convolution::state_type;
    constexpr void advance(const T* x, T* y, state_type& state) const {
        Convolution::template advance<kernel::from_row_bias>(x, weights.values, bias.values, y, state);
    }

    /// dL/dW and dL/db are sums over samples and places; dx is written if it is asked for.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                            convolution_layer& gradient) const {
        constexpr std::size_t places = Convolution::places;
        gradient = {};
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_shape::size, dy += output_shape::size) {
            Convolution::weight_gradient(x, dy, gradient.weights.values, scratch);
            for (std::size_t f = 0; f < bias_type::size(); ++f)
                gradient.bias[f] += kernel::sum<places>(kernel::itself{}, dy + f * places);
            if constexpr (InputGradient) {
                Convolution::input_gradient(dy, weights.values, dx, scratch);
                dx += input_shape::size;
            }
        }
    }
};

/// The same without a bias.
template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Convolution>
struct convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, no_bias, Convolution> {
    using input_shape = InputShape;
    using output_shape = OutputShape;
    using activation = Activation;
    using weights_type = tensor<T, WeightShape>;

    static constexpr std::size_t fan_in = WeightShape::stride(0);
    static constexpr std::size_t fan_out = WeightShape::size / WeightShape::extent(1);
    static constexpr std::size_t multiply_accumulates = Convolution::multiply_accumulates;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = Convolution::gradient_scratch;

    BOOST_HANA_DEFINE_STRUCT(convolution_layer, (weights_type, weights));

    friend constexpr bool operator==(const convolution_layer&, const convolution_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y) const {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_shape::size, y += output_shape::size)
            Convolution::template forward<kernel::from_zero>(x, weights.values, x, y);
    }

    static constexpr std::size_t feature_axis = 0;

    /// One time step of a line, for `stream`.
    static constexpr std::size_t time_axis = 1;
    static constexpr bool streams = Convolution::streams;
    using state_type = typename Convolution::state_type;
    constexpr void advance(const T* x, T* y, state_type& state) const {
        Convolution::template advance<kernel::from_zero>(x, weights.values, x, y, state);
    }

    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                            convolution_layer& gradient) const {
        gradient = {};
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_shape::size, dy += output_shape::size) {
            Convolution::weight_gradient(x, dy, gradient.weights.values, scratch);
            if constexpr (InputGradient) {
                Convolution::input_gradient(dy, weights.values, dx, scratch);
                dx += input_shape::size;
            }
        }
    }
};

}  // namespace ctnn
