// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Transposed convolution in one and two dimensions.

#include <ctnn/capped.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/layer/convolution/convolution.hpp>
#include <ctnn/layer/convolution/window.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// Additional outputs at the end of a transposed convolution, fewer than its stride: a strided convolution maps inputs of
/// several lengths to the same output length, and this selects one of them. One number for all dimensions, or one for
/// each.
template <std::size_t... Counts>
struct output_padding {
    using option_kind = struct output_padding_option;
};

/// `conv1d_transpose` or `conv2d_transpose`, bound to its input. `Mirror` is the convolution from its output back to its
/// input.
///
/// `weights(i..., f, c)` is the weight of channel c for filter f (of its group) at element i of the window.
///
/// Both forms repeat the interface of a layer: a base class would rule out `{{weights...}, {bias...}}`.
template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Bias, class Mirror>
struct conv_transpose_layer;

namespace detail {

/// What both forms of the layer share.
template <class T, class InputShape, class OutputShape, class Mirror>
struct conv_transpose_rules {
    static constexpr std::uint64_t multiply_accumulates = Mirror::multiply_accumulates;
    static constexpr std::size_t filters = OutputShape::extent(0), places = OutputShape::size / filters;

    /// y = col2im(weights x).
    template <std::size_t Batch>
    static constexpr void forward(const T* x, const T* weights, T* y, T* scratch) {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += InputShape::size, y += OutputShape::size)
            Mirror::input_gradient(x, weights, y, scratch);
    }

    /// dL/dW is a sum over samples and places; dx, if `InputGradient`, is the mirrored convolution of dy.
    template <std::size_t Batch, bool InputGradient>
    static constexpr void backward(const T* x, const T* dy, T* dx, T* scratch, const T* weights, T* d_weights) {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += InputShape::size, dy += OutputShape::size) {
            Mirror::weight_gradient(dy, x, d_weights, scratch);
            if constexpr (InputGradient) Mirror::forward(dy, weights, dx + sample * InputShape::size);
        }
    }
};

}  // namespace detail

template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Mirror>
struct conv_transpose_layer<T, InputShape, OutputShape, WeightShape, Activation, with_bias, Mirror> {
    using input_shape = InputShape;
    using output_shape = OutputShape;
    using activation = Activation;
    using rules = detail::conv_transpose_rules<T, InputShape, OutputShape, Mirror>;
    using weights_type = tensor<T, WeightShape>;
    using bias_type = tensor<T, shape<rules::filters>>;

    static constexpr std::size_t fan_in = WeightShape::size / WeightShape::extent(WeightShape::rank - 2);
    static constexpr std::size_t fan_out = WeightShape::size / WeightShape::last;
    static constexpr std::uint64_t multiply_accumulates = rules::multiply_accumulates;
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = Mirror::columns_size;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = Mirror::gradient_scratch;

    BOOST_HANA_DEFINE_STRUCT(conv_transpose_layer, (weights_type, weights), (bias_type, bias));

    friend constexpr bool operator==(const conv_transpose_layer&, const conv_transpose_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        rules::template forward<Batch>(x, weights.values, y, scratch);
        for (std::size_t i = 0; i < Batch * output_shape::size; ++i) y[i] += bias[i / rules::places % rules::filters];
    }

    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                            conv_transpose_layer& gradient) const {
        clear(gradient);
        detail::add_channel_sums<Batch, rules::filters, rules::places>(dy, gradient.bias.values);
        rules::template backward<Batch, InputGradient>(x, dy, dx, scratch, weights.values, gradient.weights.values);
    }

    /// Scales each filter by a factor and adds an offset to its outputs, for `fold`.
    static constexpr std::size_t feature_axis = 0;
    constexpr void rescale(const T* factors, const T* offsets) {
        constexpr std::size_t channels = WeightShape::last, in_group = WeightShape::extent(WeightShape::rank - 2),
                              of_group = channels * in_group / rules::filters;
        for (std::size_t i = 0; i < WeightShape::size; ++i) {
            const std::size_t channel = i % channels, filter = i / channels % in_group;
            weights[i] *= factors[channel / of_group * in_group + filter];
        }
        for (std::size_t f = 0; f < rules::filters; ++f) bias[f] = bias[f] * factors[f] + offsets[f];
    }
};

/// The same without a bias.
template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Mirror>
struct conv_transpose_layer<T, InputShape, OutputShape, WeightShape, Activation, no_bias, Mirror> {
    using input_shape = InputShape;
    using output_shape = OutputShape;
    using activation = Activation;
    using rules = detail::conv_transpose_rules<T, InputShape, OutputShape, Mirror>;
    using weights_type = tensor<T, WeightShape>;

    static constexpr std::size_t fan_in = WeightShape::size / WeightShape::extent(WeightShape::rank - 2);
    static constexpr std::size_t fan_out = WeightShape::size / WeightShape::last;
    static constexpr std::uint64_t multiply_accumulates = rules::multiply_accumulates;
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = Mirror::columns_size;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = Mirror::gradient_scratch;

    BOOST_HANA_DEFINE_STRUCT(conv_transpose_layer, (weights_type, weights));

    friend constexpr bool operator==(const conv_transpose_layer&, const conv_transpose_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        rules::template forward<Batch>(x, weights.values, y, scratch);
    }

    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* scratch,
                            conv_transpose_layer& gradient) const {
        clear(gradient);
        rules::template backward<Batch, InputGradient>(x, dy, dx, scratch, weights.values, gradient.weights.values);
    }

    static constexpr std::size_t feature_axis = 0;
};

namespace detail {

/// The outputs that the padding crops, of the (length - 1) stride + span that `length` inputs give.
template <std::size_t Rank, class... Pads>
constexpr void crop_outputs(kernel::slide& s, std::size_t dimension, padding<Pads...> by) {
    pad_sliding<Rank>(s, dimension, by);
}
/// Crops to length * stride outputs, or appends outputs where the window is too short for that.
template <std::size_t>
constexpr void crop_outputs(kernel::slide& s, std::size_t, same) {
    const std::size_t all = s.span() > s.stride ? s.span() - s.stride : 0;
    s.before = all / 2;
    s.behind = all - s.before;
    if (s.span() < s.stride) s.input = capped_sum<std::size_t>({s.input, s.stride - s.span()});
}
template <std::size_t Rank>
constexpr void crop_outputs(kernel::slide& s, std::size_t, causal) {
    static_assert(Rank == 1, "ctnn::causal: an image has no time axis");
    s.before = 0;
    s.behind = s.span() > s.stride ? s.span() - s.stride : 0;
    if (s.span() < s.stride) s.input = capped_sum<std::size_t>({s.input, s.stride - s.span()});
}

/// The convolution from the output back to the input.
template <std::size_t Rank>
struct mirrored_slides {
    kernel::slide along[Rank];
};
template <std::size_t Rank, class InputShape, class Window, class Choices>
constexpr mirrored_slides<Rank> mirrored_along() {
    mirrored_slides<Rank> result{};
    for (std::size_t i = 0; i < Rank; ++i) {
        kernel::slide& s = result.along[i];
        s.window = values_of<Rank>(Window{}).value[i];
        s.stride = values_of<Rank>(typename Choices::stride_type{}).value[i];
        s.dilation = values_of<Rank>(typename Choices::dilation_type{}).value[i];
        s.output = InputShape::extent(InputShape::rank - Rank + i);
        s.input = capped_sum<std::size_t>({extent_product({s.output - 1, s.stride}), s.span(),
                                           values_of<Rank>(typename Choices::more_outputs{}).value[i]});
        crop_outputs<Rank>(s, i, typename Choices::padding_type{});
        const std::size_t cropped = capped_sum<std::size_t>({s.before, s.behind});
        s.input = s.input > cropped ? s.input - cropped : 0;  // none is refused by the shape rule
    }
    return result;
}

template <class... Options>
struct transposed_choices : convolution_choices<Options...> {
    using more_outputs = typename chosen_option<output_padding_option, output_padding<0>, Options...>::type;

    static_assert(
        allowed_options<stride_option, dilation_option, padding_option, activation_option, bias_option, groups_option,
                        output_padding_option>::template are<Options...>,
        "ctnn::conv_transpose: the options are an activation, stride, dilation, padding, groups, output_padding and "
        "no_bias, each at most once");
};

template <std::size_t Rank, class T, class InputShape, std::size_t Filters, class Window, class Choices>
struct conv_transpose_of;
template <class T, class InputShape, std::size_t Filters, class Window, class Choices>
struct conv_transpose_of<1, T, InputShape, Filters, Window, Choices> {
    static constexpr kernel::slide along = mirrored_along<1, InputShape, Window, Choices>().along[0];
    static constexpr std::size_t channels = InputShape::extent(0);
    using type = conv_transpose_layer<T, InputShape, shape<Filters, along.input>,
                                      shape<along.window, Filters / Choices::groups, channels>,
                                      typename Choices::activation, typename Choices::bias,
                                      convolution<T, Filters, channels, Choices::groups, one_high, along>>;
};
template <class T, class InputShape, std::size_t Filters, class Window, class Choices>
struct conv_transpose_of<2, T, InputShape, Filters, Window, Choices> {
    static constexpr kernel::slide down = mirrored_along<2, InputShape, Window, Choices>().along[0];
    static constexpr kernel::slide across = mirrored_along<2, InputShape, Window, Choices>().along[1];
    static constexpr std::size_t channels = InputShape::extent(0);
    using type = conv_transpose_layer<T, InputShape, shape<Filters, down.input, across.input>,
                                      shape<down.window, across.window, Filters / Choices::groups, channels>,
                                      typename Choices::activation, typename Choices::bias,
                                      convolution<T, Filters, channels, Choices::groups, down, across>>;
};

/// The rule that at least one output of a transposed convolution remains after cropping.
template <std::size_t Rank, class Window, class Choices>
struct wants_output_left {
    template <class Shape>
    static constexpr bool fits = [] {
        if constexpr (Shape::rank >= Rank)  // another rule reports it
            for (const kernel::slide& s : mirrored_along<Rank, Shape, Window, Choices>().along)
                if (s.input == 0) return false;
        return true;
    }();
};

template <std::size_t Rank, std::size_t Filters, class Window, class... Options>
struct conv_transpose {
    using choices = transposed_choices<Options...>;

    using wants = wants_all<wants_rank<Rank + 1>, wants_channels_divisible_by<choices::groups>,
                            wants_output_left<Rank, Window, choices>>;

    template <class T, class InputShape>
    using layer = typename conv_transpose_of<Rank, T, InputShape, Filters, Window, choices>::type;

    static constexpr bool are_fewer_than_steps = [] {
        for (std::size_t i = 0; i < Rank; ++i)
            if (values_of<Rank>(typename choices::more_outputs{}).value[i] >=
                values_of<Rank>(typename choices::stride_type{}).value[i])
                return false;
        return true;
    }();
    static_assert(Filters > 0, "ctnn::conv_transpose: there is at least one filter");
    static_assert(Filters % choices::groups == 0,
                  "ctnn::conv_transpose: the number of filters is divisible by the groups");
    static_assert(are_fewer_than_steps, "ctnn::conv_transpose: the output padding is less than the stride");
};

}  // namespace detail

/// Transposed convolution along a line: each input adds `weights` times itself to a window of the output, and windows of
/// neighbouring inputs are `stride` apart. Its forward pass is the backward pass of a `conv1d`; with a stride it upsamples
/// where `conv1d` downsamples.
///
/// Template parameters: `Filters`, the channels of the output; `Window`; then options in any order: an activation,
/// `stride<...>`, `dilation<...>`, `groups<n>`, `no_bias`, `output_padding<n>`, and how the outputs are cropped: by
/// `padding<pad<before, behind>>`, to Length * stride by `same`, or to as many at the end alone by `causal`.
/// *Shapes*: `shape<C, Length>` in, `shape<Filters, Length'>` out, Length' = (Length - 1) stride - pads +
/// dilation (window - 1) + 1 + output padding, with `same` and `causal` Length stride + output padding; weights are
/// `shape<window, Filters / groups, C>`, bias `shape<Filters>`.
/// *Cost*: C * Filters / groups * window * Length multiply-accumulates; a call needs memory for Filters / groups *
/// window * Length elements.
/// *Errors*: "ctnn::conv_transpose: the output padding is less than the stride", "ctnn::conv_transpose: the number of
/// filters is divisible by the groups"; for padding that leaves no output, or channels that do not go into the groups,
/// "ctnn::network: a layer cannot take the shape that the layer before it gives".
/// *Example*: `conv1d_transpose<8, window<4>, stride<2>, same, relu>`.
template <std::size_t Filters, class Window, class... Options>
struct conv1d_transpose : detail::conv_transpose<1, Filters, Window, Options...> {
    template <class Next>
    using rescaled = typename detail::rescaled_options<ctnn::conv1d_transpose, Next, Filters, Window, Options...>::type;
};

/// The same for images, `shape<C, H, W>` in and `shape<Filters, H', W'>` out; without `causal`. Weights are
/// `shape<window..., Filters / groups, C>`.
/// *Example*: `conv2d_transpose<8, window<4>, stride<2>, same, relu>`.
template <std::size_t Filters, class Window, class... Options>
struct conv2d_transpose : detail::conv_transpose<2, Filters, Window, Options...> {
    template <class Next>
    using rescaled = typename detail::rescaled_options<ctnn::conv2d_transpose, Next, Filters, Window, Options...>::type;
};

}  // namespace CTNN_NAMESPACE
