// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network is a type: an input shape and a list of layers.

#include <ctnn/activation/activate.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/binding.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace ctnn {

namespace detail {

/// Sums and maxima over the layers of a network, given as its tuple type.
template <class Layers>
struct layer_totals;
template <class... Layers>
struct layer_totals<boost::hana::tuple<Layers...>> {
    static constexpr std::size_t count = sizeof...(Layers);
    static constexpr std::size_t multiply_accumulates = (std::size_t{0} + ... + Layers::multiply_accumulates);

    /// The largest output of a layer that another layer reads.
    static constexpr std::size_t widest_between() {
        std::size_t widest = 0, last = 0;
        (..., (widest = last > widest ? last : widest, last = Layers::output_shape::size));
        return widest;
    }
};

}  // namespace detail

/// Names of what stands in an error message.
template <class Shape>
struct given {};
template <class Shape>
struct expects {};

/// Whether a network that expects a shape takes a given one. It is false where it is named in an error.
template <class Given, class Expected>
inline constexpr bool input_has_shape = false;
template <class Shape>
inline constexpr bool input_has_shape<given<Shape>, expects<Shape>> = true;

template <class T, class Input, class... Specs>
struct network {
    static_assert(sizeof(T) == 0, "ctnn::network: the second argument is the input, such as ctnn::input<2>");
};

/// A feedforward network: each layer takes what the layer before it gives.
///
/// Template parameters: `T`, float or double; `input<...>`, the shape of one sample; then the layers, at least one.
/// A literal type: value-initialised it has all parameters zero, and it can be a constant, a template argument, or
/// a variable that a `trainer` changes. Its size is that of its parameters and nothing else. Evaluating a const network
/// from many threads is safe: there is no state.
///
/// *Cost*: `multiply_accumulates` a sample; a call keeps two buffers of the widest layer on the stack.
/// *Errors*: "ctnn::network: the scalar type is float or double", "ctnn::network: a network has at least one layer",
/// "ctnn::network: a layer cannot take the shape that the layer before it gives".
/// *Example*: `network<double, input<2>, dense<4, tanh>, dense<1, sigmoid>>`.
template <class T, std::size_t... InputExtents, class... Specs>
struct network<T, input<InputExtents...>, Specs...> {
    using value_type = T;
    using input_shape = shape<InputExtents...>;
    using binding = detail::bind<detail::bound_layers<T, 0, input_shape>, Specs...>;
    using bound = typename binding::type;
    using output_shape = typename bound::output_shape;
    using layers_type = typename bound::tuple;
    using totals = detail::layer_totals<layers_type>;

    /// How many layers.
    static constexpr std::size_t layer_count = totals::count;
    /// Multiply-accumulates for one sample.
    static constexpr std::size_t multiply_accumulates = totals::multiply_accumulates;
    /// Bytes and count of all parameters; there is no padding between them.
    static constexpr std::size_t parameter_bytes = sizeof(layers_type);
    static constexpr std::size_t parameter_count = parameter_bytes / sizeof(T);

    layers_type layers;

    /// The outputs for one sample, or for each sample of a batch: `net(x)` for x of `input_shape` gives
    /// `output_shape`, for x of shape<Batch, input...> it gives shape<Batch, output...>.
    ///
    /// *Errors*: "ctnn::network: the input has another shape than the network expects".
    template <class U, std::size_t... Extents>
    constexpr auto operator()(const tensor<U, shape<Extents...>>& x) const {
        static_assert(std::is_same_v<U, T>, "ctnn::network: the input has another scalar type than the network");
        if constexpr (!std::is_same_v<U, T>) {
            return tensor<T, output_shape>{};
        } else if constexpr (std::is_same_v<shape<Extents...>, input_shape>) {
            return evaluate<1, output_shape>(x.values);
        } else {
            using expected = batch_of<shape<Extents..., 1>::extent(0), input_shape>;
            if constexpr (std::is_same_v<shape<Extents...>, expected>) {
                return evaluate<expected::extent(0), batch_of<expected::extent(0), output_shape>>(x.values);
            } else {
                static_assert(input_has_shape<given<shape<Extents...>>, expects<input_shape>>,
                              "ctnn::network: the input has another shape than the network expects");
                return tensor<T, output_shape>{};
            }
        }
    }

    /// The outputs for one sample given as a list: `net({0, 1})`.
    template <std::size_t Count>
    constexpr tensor<T, output_shape> operator()(const T (&x)[Count]) const {
        static_assert(input_has_shape<given<shape<Count>>, expects<shape<input_shape::size>>>,
                      "ctnn::network: the input has another shape than the network expects");
        if constexpr (Count == input_shape::size)
            return evaluate<1, output_shape>(x);
        else
            return {};
    }

    /// The same on plain memory: `Batch` samples one after another from `x` to `y`. Without `Activated`, the
    /// activation of the last layer is left out, so that `y` gets its logits. `y` must not overlap `x`.
    template <std::size_t Batch = 1, bool Activated = true>
    CTNN_INLINE constexpr void forward(const T* x, T* y) const {
        constexpr std::size_t between = totals::widest_between() * Batch;
        T first[between > 0 ? between : 1];
        T second[between > 0 ? between : 1];
        forward_from<0, Batch, Activated>(x, first, second, y);
    }

    /// Whether all parameters are equal.
    friend constexpr bool operator==(const network& left, const network& right) {
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return (... && (boost::hana::at_c<Index>(left.layers) == boost::hana::at_c<Index>(right.layers)));
        }(std::make_index_sequence<layer_count>{});
    }

  private:
    /// Whether every layer got a shape that it takes; where not, the error has been said.
    static constexpr bool is_bound = layer_count > 0 && layer_count == sizeof...(Specs);

    template <std::size_t Batch, class Shape>
    constexpr tensor<T, Shape> evaluate(const T* x) const {
        if constexpr (is_bound) {
            tensor<T, Shape> y;
            forward<Batch>(x, y.values);
            return y;
        } else {
            return {};
        }
    }

    template <std::size_t Index, std::size_t Batch, bool Activated>
    CTNN_INLINE constexpr void forward_from(const T* x, T* here, T* next, T* y) const {
        const auto& layer = boost::hana::at_c<Index>(layers);
        using layer_type = std::remove_cvref_t<decltype(layer)>;
        constexpr bool last = Index + 1 == layer_count;
        T* const out = last ? y : here;
        layer.template forward<Batch>(x, out);
        if constexpr (!last || Activated)
            activate_in_place<typename layer_type::activation, Batch, layer_type::output_shape::size>(out);
        if constexpr (!last) forward_from<Index + 1, Batch, Activated>(out, next, here, y);
    }

    // The rules stand last: clang gives a class no members after a static_assert that fails, and their absence would be
    // further errors.
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>,
                  "ctnn::network: the scalar type is float or double");
    static_assert(sizeof...(Specs) > 0, "ctnn::network: a network has at least one layer");
    static_assert((layer_spec<Specs> && ...),
                  "ctnn::network: after the input come layers, such as ctnn::dense<4, ctnn::tanh>");
    static_assert(layer_accepts_shape<typename bound::next, gives<output_shape>, typename binding::wanted>,
                  "ctnn::network: a layer cannot take the shape that the layer before it gives");
};

/// Layer `Index` of a network, counted from 0 after the input: `ctnn::get<0>(net).weights`.
template <std::size_t Index, class T, class Input, class... Specs>
constexpr auto& get(network<T, Input, Specs...>& net) {
    static_assert(Index < sizeof...(Specs), "ctnn::get: the network has fewer layers");
    return boost::hana::at_c<Index < sizeof...(Specs) ? Index : 0>(net.layers);
}
template <std::size_t Index, class T, class Input, class... Specs>
constexpr const auto& get(const network<T, Input, Specs...>& net) {
    static_assert(Index < sizeof...(Specs), "ctnn::get: the network has fewer layers");
    return boost::hana::at_c<Index < sizeof...(Specs) ? Index : 0>(net.layers);
}

/// The type of layer `Index` of the network type `Net`.
template <std::size_t Index, class Net>
using layer_t = std::remove_cvref_t<decltype(get<Index>(std::declval<const Net&>()))>;

namespace detail {
template <std::size_t Index, class F, class... Nets>
CTNN_INLINE constexpr void visit_layer(F& f, Nets&... nets) {
    f(boost::hana::at_c<Index>(nets.layers)...);
}
}  // namespace detail

/// Calls `f(layer, same layer of the others...)` for each layer. The others are networks of the same type.
template <class F, class Net, class... Same>
CTNN_INLINE constexpr void for_each_layer(F&& f, Net& net, Same&... others) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
        (detail::visit_layer<Index>(f, net, others...), ...);
    }(std::make_index_sequence<Net::layer_count>{});
}

/// Calls `f(tensor, same tensor of the others...)` for each parameter tensor, layer by layer.
///
/// The others are networks of the same type: gradients and moments are walked in step with the parameters.
template <class F, class Net, class... Same>
CTNN_INLINE constexpr void for_each_tensor(F&& f, Net& net, Same&... others) {
    for_each_layer([&f](auto&... same_layers) CTNN_INLINE { for_each_member(f, same_layers...); }, net, others...);
}

/// Calls `f(layer index, name, tensor)` for each parameter tensor, layer by layer: hana::size_c<0>, "weights", ...
template <class Net, class F>
constexpr void for_each_parameter(Net& net, F&& f) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (for_each_named_member(
             [&](const char* member_name, auto& parameter) { f(boost::hana::size_c<Index>, member_name, parameter); }, get<Index>(net)),
         ...);
    }(std::make_index_sequence<Net::layer_count>{});
}

}  // namespace ctnn
