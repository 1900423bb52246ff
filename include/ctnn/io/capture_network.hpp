// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The network types of captures: which a capture fits, and its parameters in one.

#include <ctnn/io/capture_layout.hpp>
#include <ctnn/io/capture_types.hpp>
#include <ctnn/io/type_name.hpp>
#include <ctnn/layer/convolution/conv.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/layer/graph/wavenet.hpp>
#include <ctnn/layer/recurrent/gru.hpp>
#include <ctnn/layer/recurrent/lstm.hpp>
#include <ctnn/network.hpp>
#include <ctnn/stream/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace ctnn::io {

namespace detail {

// A capture's length is that of its input; this one is for calls of the network itself.
inline constexpr std::size_t capture_length = 64;

template <std::size_t Inputs, class Layer, class Index>
struct recurrent_network;
template <std::size_t Inputs, class Layer, std::size_t... Index>
struct recurrent_network<Inputs, Layer, std::index_sequence<Index...>> {
    template <std::size_t>
    using layer = Layer;
    using type = network<float, input<capture_length, Inputs>, layer<Index>..., dense<1>>;
};

}  // namespace detail

/// The network of a capture with `Layers` layers of `Units`, and a control for each input above one.
template <std::size_t Units, std::size_t Layers = 1, std::size_t Inputs = 1>
using lstm_capture = typename detail::recurrent_network<Inputs, lstm<Units>, std::make_index_sequence<Layers>>::type;
template <std::size_t Units, std::size_t Layers = 1, std::size_t Inputs = 1>
using gru_capture = typename detail::recurrent_network<Inputs, gru<Units>, std::make_index_sequence<Layers>>::type;

/// The network of a capture that is a WaveNet of these arrays.
template <class... Arrays>
using wavenet_network = network<float, input<1, detail::capture_length>, wavenet<Arrays...>>;

namespace detail {

/// A matrix, or the window of a convolution, in a tensor.
template <class Tensor>
void fill_matrix(const std::vector<float>& from, Tensor& to, float factor = 1) {
    using shape_type = typename Tensor::shape_type;
    constexpr std::size_t filters = shape_type::last, channels = shape_type::extent(shape_type::rank - 2);
    window_into(from, shape_type::size / channels / filters, channels, filters, to.values, factor);
}

template <class Tensor>
void fill_vector(const std::vector<float>& from, Tensor& to, float factor = 1) {
    copy_into(from, Tensor::size(), to.values, factor);
}

/// What a network type has to do with captures; other types have none.
template <class Net>
struct capture_traits {
    static constexpr bool is_known = false;
};

/// `Layers` layers of one kind and size, then a dense one.
template <recurrent_capture::cell_kind Kind, std::size_t Units, std::size_t Layers, std::size_t Inputs>
struct recurrent_traits {
    static constexpr bool is_known = true;

    static bool fits(const capture& read) {
        const auto* const from = std::get_if<recurrent_capture>(&read.network);
        return from != nullptr && from->cell == Kind && from->hidden == Units && from->layers.size() == Layers &&
               from->inputs == Inputs && from->outputs == 1;
    }

    template <class Net>
    static void fill(const capture& read, Net& net) {
        const auto& from = std::get<recurrent_capture>(read.network);
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (fill_layer(from.layers[Index], get<Index>(net)), ...);
        }
        (std::make_index_sequence<Layers>{});
        fill_matrix(from.head_weights, get<Layers>(net).weights);
        fill_vector(from.head_bias, get<Layers>(net).bias);
    }

    /// The state before the first step.
    template <class State>
    static void start(const capture& read, State& state) {
        start_layers<0>(std::get<recurrent_capture>(read.network), state);
    }

    /// How long silence precedes the first sample: half a second, in which the state settles.
    static std::size_t steps_to_rest(const capture& read) {
        const double rate = read.sample_rate > 0 ? read.sample_rate : 48000;
        return static_cast<std::size_t>((std::min)(rate, 1e6) / 2);
    }

  private:
    template <class Layer>
    static void fill_layer(const recurrent_capture::layer& from, Layer& layer) {
        fill_matrix(from.input_weights, layer.weights);
        fill_matrix(from.recurrent_weights, layer.recurrent_weights);
        fill_vector(from.input_bias, layer.bias);
        if constexpr (Kind == recurrent_capture::cell_kind::gru) fill_vector(from.recurrent_bias, layer.recurrent_bias);
    }
    template <std::size_t Layer, class State>
    static void start_layers(const recurrent_capture& from, State& state) {
        if constexpr (requires { state.rest; }) {
            start_layers<Layer>(from, state.here);
            start_layers<Layer + 1>(from, state.rest);
        } else {
            const recurrent_capture::layer& layer = from.layers[Layer];
            std::copy(layer.hidden_state.begin(), layer.hidden_state.end(), state.values);
            std::copy(layer.cell_state.begin(), layer.cell_state.end(), state.values + Units);
        }
    }
};
template <std::size_t Length, std::size_t Inputs, std::size_t Units, class... Rest>
requires(std::is_same_v<
         network<float, input<Length, Inputs>, lstm<Units>, Rest...>,
         lstm_capture<Units, sizeof...(Rest), Inputs>>) struct capture_traits<network<float, input<Length, Inputs>,
                                                                                      lstm<Units>, Rest...>>
    : recurrent_traits<recurrent_capture::cell_kind::lstm, Units, sizeof...(Rest), Inputs> {
};
template <std::size_t Length, std::size_t Inputs, std::size_t Units, class... Rest>
requires(std::is_same_v<
         network<float, input<Length, Inputs>, gru<Units>, Rest...>,
         gru_capture<Units, sizeof...(Rest), Inputs>>) struct capture_traits<network<float, input<Length, Inputs>,
                                                                                     gru<Units>, Rest...>>
    : recurrent_traits<recurrent_capture::cell_kind::gru, Units, sizeof...(Rest), Inputs> {
};

/// Whether an activation is that of a file.
template <class Activation>
bool is_activation(const capture_activation& from) {
    const std::string name = type_name<Activation>();
    if (!name.starts_with("ctnn::" + from.name)) return false;
    if (from.name == "leaky_relu") return (std::abs)(Activation{}(-1.0) + from.slope) < 1e-9;
    if (from.name == "clip") return Activation{}(-2.0) == -1 && Activation{}(2.0) == 1;
    return name == "ctnn::" + from.name;
}

/// The head of an array of a WaveNet.
template <class Head>
struct head_traits {
    static constexpr bool is_known = false;
};
template <std::size_t Channels, std::size_t Window, class... Options>
struct head_traits<conv1d<Channels, window<Window>, Options...>> {
    static constexpr std::size_t channels = Channels, span = Window;
    static constexpr bool has_bias = !(... || std::is_same_v<Options, no_bias>);
    // Other options are causal padding, which a window of one does not need.
    static constexpr bool is_known = (... && (std::is_same_v<Options, no_bias> || std::is_same_v<Options, causal>));
};

/// An array of a WaveNet; a head without a bias in the file is one of zeros.
template <class Array>
struct array_traits {
    static constexpr bool is_known = false;
};
template <std::size_t Channels, class Windows, std::size_t... Dilations, class Head, class... Options>
struct array_traits<wavenet_array<Channels, Windows, dilations<Dilations...>, Head, Options...>> {
    using nodes =
        ctnn::detail::wavenet_nodes<wavenet_array<Channels, Windows, dilations<Dilations...>, Head, Options...>>;
    using head = head_traits<Head>;
    static constexpr bool is_known = head::is_known;

    static bool fits(const wavenet_capture::array& from) {
        if (from.layers.size() != sizeof...(Dilations)) return false;
        const auto layer_fits = [&](std::size_t number, std::size_t dilation) {
            const wavenet_capture::layer& layer = from.layers[number];
            return layer.window == ctnn::detail::layer_windows<Windows>::of(number) && layer.dilation == dilation &&
                   layer.gated == nodes::is_gated && is_activation<typename nodes::activation_type>(layer.activation);
        };
        std::size_t number = 0;
        return from.channels == Channels && from.condition == 1 && from.head == head::channels &&
               from.head_window == head::span && from.head_dilation == 1 &&
               (from.head_bias.empty() || head::has_bias) && (... && layer_fits(number++, Dilations));
    }

    /// `scale` multiplies what the head gives, if it is the last.
    template <std::size_t Number, bool IsLast, class Net>
    static void fill(const wavenet_capture::array& from, Net& net, float scale) {
        using ctnn::detail::numbered, ctnn::detail::wavenet_part;
        fill_matrix(from.rechannel, get<numbered<wavenet_part::rechannel, Number>, 0>(net).weights);
        [&]<std::size_t... Layer>(std::index_sequence<Layer...>) {
            (fill_layer < Number, Layer, !IsLast || Layer + 1 < nodes::layers > (from.layers[Layer], net), ...);
        }
        (std::make_index_sequence<nodes::layers>{});
        auto& to = get<numbered<wavenet_part::head, Number>, 0>(net);
        fill_matrix(from.head_weights, to.weights, IsLast ? scale : 1);
        if constexpr (head::has_bias) fill_vector(from.head_bias, to.bias, IsLast ? scale : 1);
    }

  private:
    template <std::size_t Number, std::size_t Layer, bool HasNext, class Net>
    static void fill_layer(const wavenet_capture::layer& from, Net& net) {
        using values = ctnn::detail::wavenet_values<Number, Layer>;
        fill_matrix(from.weights, get<values::conv, 0>(net).weights);
        fill_vector(from.bias, get<values::conv, 0>(net).bias);
        fill_matrix(from.mixin, get<values::mixin, 0>(net).weights);
        if constexpr (HasNext) {
            fill_matrix(from.one_by_one, get<values::one_by_one, 0>(net).weights);
            fill_vector(from.one_by_one_bias, get<values::one_by_one, 0>(net).bias);
        }
    }
};

template <class... Arrays>
struct capture_traits<wavenet_network<Arrays...>> {
    static constexpr bool is_known = (... && array_traits<Arrays>::is_known);

    static bool fits(const capture& read) {
        const auto* const from = std::get_if<wavenet_capture>(&read.network);
        if (from == nullptr || from->arrays.size() != sizeof...(Arrays)) return false;
        std::size_t array = 0;
        return (... && array_traits<Arrays>::fits(from->arrays[array++]));
    }

    template <class Net>
    static void fill(const capture& read, Net& net) {
        const auto& from = std::get<wavenet_capture>(read.network);
        [&]<std::size_t... Array>(std::index_sequence<Array...>) {
            (array_traits<Arrays>::template fill<Array, Array + 1 == sizeof...(Arrays)>(from.arrays[Array], net,
                                                                                        from.head_scale),
             ...);
        }
        (std::index_sequence_for<Arrays...>{});
    }

    /// Before the first sample there was silence: zeros enter in `steps_to_rest`.
    template <class State>
    static void start(const capture&, State&) {}

    static std::size_t steps_to_rest(const capture& read) {
        std::size_t steps = 1;
        for (const wavenet_capture::array& array : std::get<wavenet_capture>(read.network).arrays) {
            steps += (array.head_window - 1) * array.head_dilation;
            for (const wavenet_capture::layer& layer : array.layers) steps += (layer.window - 1) * layer.dilation;
        }
        return steps;
    }
};

}  // namespace detail

}  // namespace ctnn::io
