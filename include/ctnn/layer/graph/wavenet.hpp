// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// WaveNet: arrays of dilated causal convolutions, written as a graph.

#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/chain/binding.hpp>
#include <ctnn/chain/options.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/activation.hpp>
#include <ctnn/layer/convolution/conv.hpp>
#include <ctnn/layer/convolution/window.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/layer/graph/graph.hpp>
#include <ctnn/layer/graph/product.hpp>
#include <ctnn/layer/graph/sum.hpp>
#include <ctnn/layer/shape/slice.hpp>
#include <ctnn/name.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// The dilations of the layers of a `wavenet_array`.
template <std::size_t... Steps>
struct dilations {};

/// Windows of the layers of a `wavenet_array`, instead of one for all.
template <std::size_t... Sizes>
struct windows {};

/// Twice the filters: the activation of the first half is multiplied with the sigmoid of the second.
struct gated {
    using option_kind = struct gate_option;
};

/// Layers of `Channels` channels with a `window<n>` (or `windows<n...>`), one for each of the `dilations`; then `Head`, a layer for the sum of their activations,
/// such as `conv1d<8, window<1>>`; then, in any order, an activation (`tanh`) and `gated`.
template <std::size_t Channels, class Window, class Dilations, class Head, class... Options>
struct wavenet_array {};

namespace detail {

/// What the nodes of a layer, or of an array, are called.
enum class wavenet_part { rechannel, conv, mixin, both, signal, gate, active, skip, one_by_one, residual, head };
constexpr const char* text_of(wavenet_part part) {
    constexpr const char* texts[]{"rechannel", "conv", "mixin",      "both",     "signal", "gate",
                                  "active",    "skip", "one_by_one", "residual", "head"};
    return texts[static_cast<std::size_t>(part)];
}

constexpr std::size_t digits_of(std::size_t number) {
    return number < 10 ? 1 : 1 + digits_of(number / 10);
}

/// "conv_1_2" of a part and numbers.
template <wavenet_part Part, std::size_t... Numbers>
constexpr auto number_name() {
    constexpr std::size_t size = [] {
        std::size_t result = (std::size_t{1} + ... + (1 + digits_of(Numbers)));
        for (const char* c = text_of(Part); *c != '\0'; ++c) ++result;
        return result;
    }();
    char text[size]{};
    std::size_t end = 0;
    for (const char* c = text_of(Part); *c != '\0'; ++c) text[end++] = *c;
    const auto append = [&](std::size_t number) {
        text[end] = '_';
        end += 1 + digits_of(number);
        for (std::size_t at = end; text[--at] != '_'; number /= 10) text[at] = static_cast<char>('0' + number % 10);
    };
    (append(Numbers), ...);
    return name<size>{text};
}
template <wavenet_part Part, std::size_t... Numbers>
inline constexpr auto numbered = number_name<Part, Numbers...>();

/// The window of a layer.
template <class Windows>
struct layer_windows {
    static constexpr bool fits(std::size_t) { return false; }
};
template <std::size_t Size>
struct layer_windows<window<Size>> {
    static constexpr bool fits(std::size_t) { return true; }
    static constexpr std::size_t of(std::size_t) { return Size; }
};
template <std::size_t... Sizes>
requires(sizeof...(Sizes) > 0) struct layer_windows<windows<Sizes...>> {
    static constexpr std::size_t all[sizeof...(Sizes)]{Sizes...};
    static constexpr bool fits(std::size_t layers) { return layers == sizeof...(Sizes); }
    static constexpr std::size_t of(std::size_t layer) { return all[layer]; }
};

template <class... Nodes>
struct node_list {};

template <class Joined, class... Lists>
struct join_nodes {
    using type = Joined;
};
template <class... Nodes, class... More, class... Lists>
struct join_nodes<node_list<Nodes...>, node_list<More...>, Lists...>
    : join_nodes<node_list<Nodes..., More...>, Lists...> {};
template <class... Lists>
using joined_nodes = typename join_nodes<node_list<>, Lists...>::type;

/// The values of a layer by name; `taken` is what the layer before made of the input, `before` the sum of the activations
/// so far.
template <std::size_t Array, std::size_t Layer>
struct wavenet_values {
    static constexpr auto conv = numbered<wavenet_part::conv, Array, Layer>,
                          mixin = numbered<wavenet_part::mixin, Array, Layer>,
                          active = numbered<wavenet_part::active, Array, Layer>,
                          skip = numbered<wavenet_part::skip, Array, Layer>,
                          one_by_one = numbered<wavenet_part::one_by_one, Array, Layer>,
                          residual = numbered<wavenet_part::residual, Array, Layer>;
    static constexpr auto taken = [] {
        if constexpr (Layer > 0)
            return numbered<wavenet_part::residual, Array, Layer - 1>;
        else
            return numbered<wavenet_part::rechannel, Array>;
    }();
    static constexpr auto before = [] {
        if constexpr (Layer > 0)
            return numbered<wavenet_part::skip, Array, Layer - 1>;
        else
            return numbered<wavenet_part::head, Array - 1>;
    }();
    using convolved = ctnn::sum<from<conv>, from<mixin>>;
};

/// The activation of a layer, with and without a gate.
template <bool IsGated, std::size_t Array, std::size_t Layer, std::size_t Channels, class Activation>
struct wavenet_activation {
    using value = wavenet_values<Array, Layer>;
    using type = node_list<node<value::active, typename value::convolved, activation<Activation>>>;
};
template <std::size_t Array, std::size_t Layer, std::size_t Channels, class Activation>
struct wavenet_activation<true, Array, Layer, Channels, Activation> {
    using value = wavenet_values<Array, Layer>;
    static constexpr auto both = numbered<wavenet_part::both, Array, Layer>,
                          signal = numbered<wavenet_part::signal, Array, Layer>,
                          gate = numbered<wavenet_part::gate, Array, Layer>;
    using type = node_list<node<both, typename value::convolved>,
                           node<signal, from<both>, slice<axis<0>, 0, Channels>, activation<Activation>>,
                           node<gate, from<both>, slice<axis<0>, Channels, Channels>, activation<sigmoid>>,
                           node<value::active, ctnn::product<from<signal>, from<gate>>>>;
};

/// What a layer adds to the sum of activations, and what it hands to the next layer, if there is one.
template <bool HasNext, std::size_t Array, std::size_t Layer, std::size_t Channels>
struct wavenet_sums {
    using value = wavenet_values<Array, Layer>;
    using added = std::conditional_t<Array == 0 && Layer == 0, from<value::active>,
                                     ctnn::sum<from<value::before>, from<value::active>>>;
    using type =
        node_list<node<value::skip, added>, node<value::one_by_one, from<value::active>, conv1d<Channels, window<1>>>,
                  node<value::residual, ctnn::sum<from<value::taken>, from<value::one_by_one>>>>;
};
template <std::size_t Array, std::size_t Layer, std::size_t Channels>
struct wavenet_sums<false, Array, Layer, Channels> {
    using value = wavenet_values<Array, Layer>;
    using type = node_list<node<value::skip, typename wavenet_sums<true, Array, Layer, Channels>::added>>;
};

/// The nodes of an array, which takes the value `Input`.
template <class Description>
struct wavenet_nodes {
    static constexpr bool is_array = false;
};
template <std::size_t Channels, class Windows, std::size_t... Dilations, class Head, class... Options>
requires(
    sizeof...(Dilations) > 0 && layer_windows<Windows>::fits(sizeof...(Dilations)) && layer_spec<Head> &&
    allowed_options<activation_option, gate_option>::template are<
        Options...>) struct wavenet_nodes<wavenet_array<Channels, Windows, dilations<Dilations...>, Head, Options...>> {
    static constexpr bool is_array = true;
    using activation_type = typename chosen_option<activation_option, tanh, Options...>::type;
    static constexpr bool is_gated = !std::is_void_v<typename chosen_option<gate_option, void, Options...>::type>;
    static constexpr std::size_t layers = sizeof...(Dilations), filters = is_gated ? 2 * Channels : Channels;

    template <std::size_t Array, bool IsLast, std::size_t Layer, std::size_t Dilation>
    struct of_layer {
        using value = wavenet_values<Array, Layer>;
        using type = joined_nodes<
            node_list<node<value::conv, from<value::taken>,
                           conv1d<filters, window<layer_windows<Windows>::of(Layer)>, causal, dilation<Dilation>>>,
                      node<value::mixin, from<"input">, conv1d<filters, window<1>, no_bias>>>,
            typename wavenet_activation<is_gated, Array, Layer, Channels, activation_type>::type,
            typename wavenet_sums<!IsLast || Layer + 1 < layers, Array, Layer, Channels>::type>;
    };

    template <std::size_t Array, bool IsLast, name Input, class Index = std::make_index_sequence<layers>>
    struct in;
    template <std::size_t Array, bool IsLast, name Input, std::size_t... Layer>
    struct in<Array, IsLast, Input, std::index_sequence<Layer...>> {
        static constexpr auto rechannel = numbered<wavenet_part::rechannel, Array>,
                              head = numbered<wavenet_part::head, Array>;
        using type = joined_nodes<node_list<node<rechannel, from<Input>, conv1d<Channels, window<1>, no_bias>>>,
                                  typename of_layer<Array, IsLast, Layer, Dilations>::type...,
                                  node_list<node<head, from<numbered<wavenet_part::skip, Array, layers - 1>>, Head>>>;
    };
    /// The value that the next array takes.
    template <std::size_t Array>
    static constexpr auto output = numbered<wavenet_part::residual, Array, layers - 1>;
};

/// The graph of all arrays.
template <class Nodes>
struct graph_of_nodes;
template <class... Nodes>
struct graph_of_nodes<node_list<Nodes...>> {
    using type = graph<Nodes...>;
};
template <std::size_t Array, name Input, class... Arrays>
struct wavenet_arrays {
    using type = node_list<>;
};
template <std::size_t Array, name Input, class First, class... Rest>
struct wavenet_arrays<Array, Input, First, Rest...> {
    using here = wavenet_nodes<First>;
    using type = joined_nodes<typename here::template in<Array, sizeof...(Rest) == 0, Input>::type,
                              typename wavenet_arrays<Array + 1, here::template output<Array>, Rest...>::type>;
};

template <class... Arrays>
inline constexpr bool are_wavenet_arrays = sizeof...(Arrays) > 0 && (... && wavenet_nodes<Arrays>::is_array);

/// Arguments with a fault leave a network of one layer.
template <class... Arrays>
constexpr auto wavenet_graph() {
    static_assert(
        are_wavenet_arrays<Arrays...>,
        "ctnn::wavenet: each argument is a wavenet_array of the channels, a window, dilations, a head, and then "
        "an activation or gated");
    if constexpr (are_wavenet_arrays<Arrays...>)
        return std::type_identity<
            typename graph_of_nodes<typename wavenet_arrays<0, "input", Arrays...>::type>::type>{};
    else
        return std::type_identity<graph<node<numbered<wavenet_part::head, 0>, from<"input">>>>{};
}

}  // namespace detail

/// A WaveNet of these arrays, causal, of signals: with the input x,
///
///     r = rechannel x                          (in the next arrays, of the r of the array before)
///     for each layer: a = f(conv(r) + mixin x),  s = s + a,  r = r + one_by_one a
///     s = head(s)
///
/// where s begins with 0, and in the next arrays with the head of the array before, whose channels it has. The output is
/// the last head. `conv` has the array's window and the layer's dilation; `rechannel`, `mixin` and `one_by_one` have a
/// window of one; `rechannel` and `mixin` have no bias. The last layer of all has no `one_by_one`.
///
/// It is the `graph` of these: a node's name has the number of the array and of the layer, `get<"conv_0_3">(net)`.
/// *Shapes*: `shape<C, Length>` in, that of the last head out.
/// *Cost*: that of the convolutions; a stream keeps the sum of (window - 1) dilation channels elements.
/// *Errors*: "ctnn::wavenet: each argument is a wavenet_array of the channels, a window, dilations, a head, and then an
/// activation or gated"; those of `graph`, for heads with other channels than the next array.
/// *Source*: van den Oord et al., "WaveNet: a generative model for raw audio", 2016; for audio effects Damskägg et al.,
/// "Deep learning for tube amplifier emulation", 2019.
/// *Example*: `wavenet<wavenet_array<8, window<3>, dilations<1, 2, 4, 8>, conv1d<1, window<1>>>>`.
template <class... Arrays>
struct wavenet : decltype(detail::wavenet_graph<Arrays...>())::type {};

}  // namespace CTNN_NAMESPACE
