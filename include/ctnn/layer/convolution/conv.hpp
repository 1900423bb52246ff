// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Convolution in one and two dimensions.

#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/convolution/convolution.hpp>
#include <ctnn/layer/convolution/window.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// The options of a convolution, in any order.
template <std::size_t Rank, class Window, class... Options>
struct convolution_options : convolution_choices<Options...> {
    using choices = convolution_choices<Options...>;

    template <class InputShape>
    static constexpr auto slides =
        sliding_window<Rank, InputShape, Window, typename choices::stride_type, typename choices::dilation_type,
                       typename choices::padding_type>::make();

    static_assert(
        allowed_options<stride_option, dilation_option, padding_option, activation_option, bias_option,
                        groups_option>::template are<Options...>,
        "ctnn::conv: the options are an activation, stride, dilation, padding, groups and no_bias, each at most once");
};

template <std::size_t Rank, class T, class InputShape, std::size_t Filters, class Options>
struct convolution_of;
template <class T, class InputShape, std::size_t Filters, class Options>
struct convolution_of<1, T, InputShape, Filters, Options> {
    static constexpr kernel::slide along = Options::template slides<InputShape>.along[0];
    static constexpr std::size_t channels = InputShape::extent(0);
    using type =
        convolution_layer<T, InputShape, shape<Filters, along.output>,
                          shape<along.window, channels / Options::groups, Filters>, typename Options::activation,
                          typename Options::bias, convolution<T, channels, Filters, Options::groups, one_high, along>>;
};
template <class T, class InputShape, std::size_t Filters, class Options>
struct convolution_of<2, T, InputShape, Filters, Options> {
    static constexpr kernel::slide down = Options::template slides<InputShape>.along[0];
    static constexpr kernel::slide across = Options::template slides<InputShape>.along[1];
    static constexpr std::size_t channels = InputShape::extent(0);
    using type = convolution_layer<T, InputShape, shape<Filters, down.output, across.output>,
                                   shape<down.window, across.window, channels / Options::groups, Filters>,
                                   typename Options::activation, typename Options::bias,
                                   convolution<T, channels, Filters, Options::groups, down, across>>;
};

template <std::size_t Rank, std::size_t Filters, class Window, class... Options>
struct conv {
    using options = convolution_options<Rank, Window, Options...>;

    using wants = wants_all<wants_rank<Rank + 1>, wants_channels_divisible_by<options::groups>,
                            wants_room_for<Rank, Window, typename options::stride_type, typename options::dilation_type,
                                           typename options::padding_type>>;

    template <class T, class InputShape>
    using layer = typename convolution_of<Rank, T, InputShape, Filters, options>::type;

    static_assert(Filters > 0, "ctnn::conv: a convolution has at least one filter");
    static_assert(Filters % options::groups == 0, "ctnn::conv: the number of filters is divisible by the groups");
};

}  // namespace detail

/// Convolution of images, channels first: y[f] = activation(bias[f] + the sum over channels and window of weights * x).
/// (As usual for neural networks this is cross-correlation: the window is not flipped.)
///
/// Template parameters: `Filters`, the channels of the output; `Window`, such as `window<3>` or `window<3, 5>`; then
/// options in any order: an activation, `stride<...>`, `dilation<...>`, `padding<pad<before, behind>...>` or `same`,
/// `groups<n>`, `no_bias`.
/// *Shapes*: `shape<C, H, W>` in, `shape<Filters, H', W'>` out, H' = floor((H + pads - dilation (window - 1) - 1) /
/// stride) + 1; weights are `shape<window..., C / groups, Filters>`, bias is `shape<Filters>`.
/// *Cost*: Filters * C / groups * window * H' * W' multiply-accumulates. A call needs memory for the padded images of
/// a group and some of its outputs, or, with a stride above 1, the im2col matrix of a group: C / groups * window * H' *
/// W' elements.
/// *Errors*: "ctnn::conv: the number of filters is divisible by the groups"; for a window larger than the padded input,
/// or channels not divisible by the groups, "ctnn::network: a layer cannot take the shape that the layer before it
/// gives".
/// *Example*: `conv2d<8, window<3>, relu, same>`.
template <std::size_t Filters, class Window, class... Options>
struct conv2d : detail::conv<2, Filters, Window, Options...> {
    template <class Next>
    using rescaled = typename detail::rescaled_options<ctnn::conv2d, Next, Filters, Window, Options...>::type;
};

/// Convolution in one dimension, `shape<C, Length>` in and `shape<Filters, Length'>` out. As `conv2d`, plus `causal`
/// padding, with which no output depends on later inputs.
/// *Example*: `conv1d<16, window<3>, tanh, causal, dilation<4>>`.
template <std::size_t Filters, class Window, class... Options>
struct conv1d : detail::conv<1, Filters, Window, Options...> {
    template <class Next>
    using rescaled = typename detail::rescaled_options<ctnn::conv1d, Next, Filters, Window, Options...>::type;
};

}  // namespace CTNN_NAMESPACE
