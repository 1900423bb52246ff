// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Quantisation-aware training: layers that compute with rounded weights, and train those that are not.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/quantize/arithmetic.hpp>
#include <ctnn/quantize/layer/integer_weights.hpp>
#include <ctnn/quantize/weight_scales.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// A dense layer or convolution with the weights that integers would have: `weights` has the real numbers that training
/// changes, forward and backward pass take what the nearest integers represent. The gradient with regard to those is used for
/// `weights` (the straight-through estimator: rounding has derivative 1).
///
/// *Cost*: each pass rounds all weights, and has them on the stack.
template <class Layer, class Granularity>
struct fake_quantized_layer : Layer {
    using plain_layer = Layer;
    static constexpr bool updates_at_once = false, is_fake_quantized = true;

    friend constexpr bool operator==(const fake_quantized_layer&, const fake_quantized_layer&) = default;

    /// The layer with rounded weights; what is not a number stays so.
    constexpr Layer rounded() const {
        using values = std::remove_cvref_t<decltype(Layer::weights)>;
        using T = typename values::value_type;
        constexpr std::size_t size = values::shape_type::size;
        Layer result = *this;
        const weight_scales<values::shape_type::last, Granularity> scales(this->weights.values, size);
        for (std::size_t i = 0; i < size; ++i) {
            T& w = result.weights.values[i];
            if (w == w) w = static_cast<T>(scales.nearest(w, i)) * static_cast<T>(scales.scale[scales.of(i)]);
        }
        return result;
    }

    template <std::size_t Batch, class T, class... Scratch>
    constexpr void forward(const T* x, T* y, Scratch... scratch) const {
        rounded().template forward<Batch>(x, y, scratch...);
    }
    template <std::size_t Batch, bool InputGradient, class T>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch, fake_quantized_layer& gradient) const {
        rounded().template backward<Batch, InputGradient>(x, dy, dx, kept, scratch, static_cast<Layer&>(gradient));
    }
    template <class T, class State>
    constexpr void advance(const T* x, T* y, State& state) const {
        rounded().advance(x, y, state);
    }
    template <std::size_t Steps, class T, class State>
    constexpr void advance_block(const T* x, T* y, State& state, std::size_t count) const {
        rounded().template advance_block<Steps>(x, y, state, count);
    }
};

/// A dense layer or convolution that is trained for integer weights: what `fake_quantize` makes of `Spec`.
///
/// Template parameters: `Spec`; `Granularity`, `per_channel` or another of `arithmetic.hpp`.
/// *Errors*: "ctnn::fake_quantized: the layer is neither a dense layer nor a convolution".
template <class Spec, class Granularity>
struct fake_quantized {
    using wants = typename Spec::wants;

    template <class T, class InputShape>
    struct bound {
        using plain = typename Spec::template layer<T, InputShape>;
        static_assert(sizeof(Granularity) > 0 && integer_weights<plain>::exists,
                      "ctnn::fake_quantized: the layer is neither a dense layer nor a convolution");
        using type =
            std::conditional_t<integer_weights<plain>::exists, fake_quantized_layer<plain, Granularity>, plain>;
    };
    template <class T, class InputShape>
    using layer = typename bound<T, InputShape>::type;
};

namespace detail {

/// The spec for training of a spec that is bound to `Layer`.
template <class Layer, class Spec, class Granularity>
struct for_training {
    using type = Spec;
};
template <class Layer, class Spec, class Granularity>
requires(integer_weights<Layer>::exists) struct for_training<Layer, Spec, Granularity> {
    using type = fake_quantized<Spec, Granularity>;
};
template <class Layer, class Spec, class Other, class Granularity>
struct for_training<Layer, fake_quantized<Spec, Other>, Granularity> {
    using type = fake_quantized<Spec, Granularity>;
};
/// And the reverse.
template <class Spec>
struct for_inference {
    using type = Spec;
};
template <class Spec, class Granularity>
struct for_inference<fake_quantized<Spec, Granularity>> {
    using type = Spec;
};

/// The branches of a layer, or the nodes of a graph.
template <class Chain, class Branch, class Granularity, class Index>
struct branch_for_training;
template <class Chain, class... Specs, class Granularity, std::size_t... Index>
struct branch_for_training<Chain, branch<Specs...>, Granularity, std::index_sequence<Index...>> {
    using type = branch<typename for_training<typename Chain::template layer<Index>, Specs, Granularity>::type...>;
};
template <class Branch>
struct branch_for_inference;
template <class... Specs>
struct branch_for_inference<branch<Specs...>> {
    using type = branch<typename for_inference<Specs>::type...>;
};

template <class Layer, class Spec, class Granularity>
requires requires {
    typename Spec::branches;
}
struct for_training<Layer, Spec, Granularity> {
    template <class Branches, class Index = std::make_index_sequence<Layer::branch_count>>
    struct each;
    template <class... Branches, std::size_t... Index>
    struct each<branch_list<Branches...>, std::index_sequence<Index...>> {
        template <std::size_t Branch>
        using chain_at = typename Layer::template chain_at<Branch>;
        using type = typename Spec::template with_branches<typename branch_for_training<
            chain_at<Index>, Branches, Granularity, std::make_index_sequence<chain_at<Index>::count>>::type...>;
    };
    using type = typename each<typename Spec::branches>::type;
};
template <class Spec>
requires requires {
    typename Spec::branches;
}
struct for_inference<Spec> {
    template <class Branches>
    struct each;
    template <class... Branches>
    struct each<branch_list<Branches...>> {
        using type = typename Spec::template with_branches<typename branch_for_inference<Branches>::type...>;
    };
    using type = typename each<typename Spec::branches>::type;
};

/// Copies parameters, rounded where only `From` is a layer for training.
struct copy_parameters {
    template <class From, class To>
    static constexpr void layer(const From& from, To& to) {
        if constexpr (is_composite<From>) {
            const auto in_chain = [](auto, auto chain, const auto& layers, auto& others) {
                chains<typename decltype(chain)::type>(layers, others);
            };
            From::for_each_chain(in_chain, from, to);
        } else if constexpr (std::is_base_of_v<From, To>) {
            static_cast<From&>(to) = from;
        } else if constexpr (requires { typename To::plain_layer; }) {
            static_cast<typename To::plain_layer&>(to) = from;
        } else {
            to = from.rounded();
        }
    }
    template <class Chain, class From, class To>
    static constexpr void chains(const From& from, To& to) {
        Chain::for_each([](auto, const auto& one, auto& other) { layer(one, other); }, from, to);
    }
};

}  // namespace detail

/// The same network, to be trained for integer weights: its dense layers and convolutions, those in branches too, compute with
/// weights that are rounded as `quantize` rounds them.
///
/// Train it as any network, fewer iterations and with a smaller learning rate than before; `without_fake_quantize` returns the
/// network that `quantize` takes. Activations and biases are not rounded.
/// Layers that are trained so already get another `Granularity`: first 8 bits, then 4.
/// Template parameter: `Granularity`, `per_channel` or another of `arithmetic.hpp`, the one that `quantize` will have.
/// *Example*: `fit<cross_entropy>(fake_quantize<weight_bits<4>>(net), images, labels, adam{.learning_rate = 0.001})`.
/// *Source*: Jacob and others, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
/// Inference", 2018, section 3; Bengio, Léonard and Courville, "Estimating or Propagating Gradients Through Stochastic
/// Neurons for Conditional Computation", 2013.
template <class Granularity, class T, class Input, class... Specs>
constexpr auto fake_quantize(const network<T, Input, Specs...>& net) {
    using chain_type = typename network<T, Input, Specs...>::chain_type;
    return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        network<T, Input,
                typename detail::for_training<typename chain_type::template layer<Index>, Specs, Granularity>::type...>
            result{};
        detail::copy_parameters::chains<chain_type>(net.layers, result.layers);
        return result;
    }
    (std::index_sequence_for<Specs...>{});
}

/// The network for inference of one that was trained by `fake_quantize`: the same outputs, from weights that are rounded.
template <class T, class Input, class... Specs>
constexpr auto without_fake_quantize(const network<T, Input, Specs...>& net) {
    network<T, Input, typename detail::for_inference<Specs>::type...> result{};
    detail::copy_parameters::chains<typename network<T, Input, Specs...>::chain_type>(net.layers, result.layers);
    return result;
}

}  // namespace CTNN_NAMESPACE
