// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network is a type: an input shape and a list of layers.

#include <ctnn/capped.hpp>
#include <ctnn/chain/binding.hpp>
#include <ctnn/chain/input.hpp>
#include <ctnn/chain/layer_path.hpp>
#include <ctnn/chain/leaves.hpp>
#include <ctnn/config.hpp>
#include <ctnn/name.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// Names that appear in error messages.
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

/// A feedforward network: each layer takes the output of the previous one.
///
/// Template parameters: `T`, float or double; `input<...>`, the shape of one sample; then the layers, at least one. A
/// literal type: value-initialised it has all parameters zero, and it can be a constant, a template argument, or a
/// variable that a `trainer` changes. Its size is that of its parameters. Evaluating a const network from many threads
/// is safe: there is no state.
///
/// *Cost*: `multiply_accumulates` per sample; a call keeps `inference_bytes` on the stack.
/// *Errors*: "ctnn::network: the scalar type is float or double", "ctnn::network: a network has at least one layer",
/// "ctnn::network: a layer cannot take the shape that the layer before it gives"; for sizes out of range,
/// "ctnn::network: its parameters have more bytes than an object can have", "ctnn::network: the number of its
/// multiply-accumulates exceeds 64 bits". For custom layers, "ctnn::network: a layer declares what it takes, such as
/// using wants = ctnn::wants_any", "ctnn::network: a layer with parameters declares them with
/// BOOST_HANA_DEFINE_STRUCT".
/// *Example*: `network<double, input<2>, dense<4, tanh>, dense<1, sigmoid>>`.
template <class T, class Input, class... Specs>
requires(detail::shape_of_input<Input>::is_input) struct network<T, Input, Specs...> {
    using value_type = T;
    using first_shape = typename detail::shape_of_input<Input>::type;
    using binding = detail::bind<detail::bound_layers<T, first_shape, first_shape>, Specs...>;
    using bound = typename binding::type;
    using last_shape = typename bound::output_shape;
    using input_shape = detail::plain_shape<first_shape>;
    using output_shape = detail::plain_shape<last_shape>;
    /// One sample: a `tensor`, or a `joined_tensor` of several by name.
    using input_type = detail::tensor_of<T, first_shape>;
    using output_type = detail::tensor_of<T, last_shape>;
    /// The computation; `layers` are its parameters. (Empty where the rule below has reported too many.)
    using chain_type =
        std::conditional_t<bound::bytes <= detail::object_bytes_limit, typename bound::layers, chain<T, first_shape>>;

    /// The number of layers.
    static constexpr std::size_t layer_count = chain_type::count;
    /// Multiply-accumulates for one sample.
    static constexpr std::uint64_t multiply_accumulates = chain_type::multiply_accumulates;
    /// Bytes and count of all parameters; there is no padding between them.
    static constexpr std::size_t parameter_bytes =
        chain_type::has_parameters ? sizeof(typename chain_type::storage) : 0;
    static constexpr std::size_t parameter_count = parameter_bytes / sizeof(T);

    typename chain_type::storage layers;

    /// The outputs for one sample, or for each sample of a batch: `net(x)` for x of `input_shape` gives
    /// `output_shape`, for x of shape<Batch, input...> it gives shape<Batch, output...>.
    ///
    /// *Errors*: "ctnn::network: the input has another shape than the network expects".
    template <class U, std::size_t... Extents>
    constexpr auto operator()(const tensor<U, shape<Extents...>>& x) const {
        static_assert(std::is_same_v<U, T>, "ctnn::network: the input has another scalar type than the network");
        if constexpr (!std::is_same_v<U, T>) {
            return output_type{};
        } else if constexpr (std::is_same_v<shape<Extents...>, input_shape>) {
            return evaluate<1, output_type>(x.values);
        } else {
            using expected = batch_of<shape<Extents..., 1>::extent(0), input_shape>;
            if constexpr (std::is_same_v<shape<Extents...>, expected>) {
                return evaluate<expected::extent(0), tensor<T, batch_of<expected::extent(0), output_shape>>>(x.values);
            } else {
                static_assert(input_has_shape<given<shape<Extents...>>, expects<input_shape>>,
                              "ctnn::network: the input has another shape than the network expects");
                return output_type{};
            }
        }
    }

    /// The outputs for one sample given as a list: `net({0, 1})`.
    template <std::size_t Count>
    constexpr output_type operator()(const T (&x)[Count]) const {
        static_assert(input_has_shape<given<shape<Count>>, expects<shape<input_shape::size>>>,
                      "ctnn::network: the input has another shape than the network expects");
        if constexpr (Count == input_shape::size)
            return evaluate<1, output_type>(x);
        else
            return {};
    }

    /// The same for a `std::array` or a `std::span<const T, Count>` with as many elements as a sample.
    template <detail::elements_of_type<T> Numbers>
    constexpr output_type operator()(const Numbers& x) const {
        constexpr std::size_t count = detail::constant_size_of<Numbers>;
        static_assert(input_has_shape<given<shape<count>>, expects<shape<input_shape::size>>>,
                      "ctnn::network: the input has another shape than the network expects");
        if constexpr (count == input_shape::size)
            return evaluate<1, output_type>(x.data());
        else
            return {};
    }

    /// The outputs for one sample of a network with several `inputs`, in their order: `net(state, goal)`.
    ///
    /// *Errors*: "ctnn::network: the inputs have other shapes than the network expects".
    template <class... Shapes>
    requires(sizeof...(Shapes) > 1) constexpr output_type operator()(const tensor<T, Shapes>&... x) const {
        using expected = detail::expected_inputs<first_shape>;
        static_assert(input_has_shape<given<takes<Shapes...>>, expects<expected>>,
                      "ctnn::network: the inputs have other shapes than the network expects");
        if constexpr (std::is_same_v<takes<Shapes...>, expected>) {
            input_type joined{};
            std::size_t next = 0;
            const auto add = [&](const auto& part) {
                for (const T element : part) joined[next++] = element;
            };
            (add(x), ...);
            return evaluate<1, output_type>(joined.values);
        } else {
            return {};
        }
    }

    /// The same on plain memory: `Batch` samples one after another from `x` to `y`. Without `Activated`, the activation
    /// of the last layer is omitted, so that `y` gets its logits. `y` must not overlap `x`.
    template <std::size_t Batch = 1, bool Activated = true>
    CTNN_INLINE constexpr void forward(const T* x, T* y) const {
        chain_type::template forward<Batch, Activated>(layers, x, y);
    }

    /// Whether all parameters are equal.
    friend constexpr bool operator==(const network& left, const network& right) {
        return chain_type::equal(left.layers, right.layers);
    }

  private:
    static constexpr bool are_layers = (layer_spec<Specs> && ...);
    /// Whether every layer got a shape that it takes; if not, the error has been reported.
    static constexpr bool is_bound = layer_count > 0 && layer_count == sizeof...(Specs);

    template <std::size_t Batch, class Outputs>
    constexpr Outputs evaluate(const T* x) const {
        // Declared in the outermost block, where g++ 12 constructs it in place of the result.
        Outputs y;
        if constexpr (is_bound)
            forward<Batch>(x, y.values);
        else
            y = {};
        return y;
    }

    // The rules come last: clang gives a class no members after a static_assert that fails, and their absence would
    // cause further errors.
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>,
                  "ctnn::network: the scalar type is float or double");
    static_assert(sizeof...(Specs) > 0, "ctnn::network: a network has at least one layer");
    static_assert(are_layers || detail::wants_are_missing<are_layers, Specs...>,
                  "ctnn::network: after the input come layers, such as ctnn::dense<4, ctnn::tanh>");
    static_assert(!detail::wants_are_missing<are_layers, Specs...>,
                  "ctnn::network: a layer declares what it takes, such as using wants = ctnn::wants_any");
    static_assert(bound::are_reflected,
                  "ctnn::network: a layer with parameters declares them with BOOST_HANA_DEFINE_STRUCT");
    static_assert(layer_accepts_shape<typename bound::next, gives<last_shape>, typename binding::wanted>,
                  "ctnn::network: a layer cannot take the shape that the layer before it gives");
    static_assert(bound::bytes <= detail::object_bytes_limit,
                  "ctnn::network: its parameters have more bytes than an object can have");
    static_assert(multiply_accumulates < ~std::uint64_t{0},
                  "ctnn::network: the number of its multiply-accumulates exceeds 64 bits");
};

/// Layer `Index` of a network, counted from 0 after the input: `ctnn::get<0>(net).weights`. In a layer made of
/// branches, `get<2, 1, 0>(net)` is layer 0 of branch 1 of layer 2: the path in the names of its parameters.
///
/// *Errors*: "ctnn::get: the network has no layer with this number", "ctnn::get: the layer has no branch with this
/// number", "ctnn::get: the layer has no branches".
template <std::size_t Index, std::size_t... Path, class T, class Input, class... Specs>
constexpr auto& get(network<T, Input, Specs...>& net) {
    return detail::layer_at<typename network<T, Input, Specs...>::chain_type, Index, Path...>(net.layers);
}
template <std::size_t Index, std::size_t... Path, class T, class Input, class... Specs>
constexpr const auto& get(const network<T, Input, Specs...>& net) {
    return detail::layer_at<typename network<T, Input, Specs...>::chain_type, Index, Path...>(net.layers);
}

/// Layer `Index` of a node of a graph: `ctnn::get<"trunk", 0>(net).weights`; with a path, a layer inside it. The graph is
/// the first layer of the network that has a node with this name.
///
/// *Errors*: "ctnn::get: no graph of the network has a node with this name", and those of `get` by numbers.
template <name Node, std::size_t Index, std::size_t... Path, class Net>
constexpr auto& get(Net& net) {
    using chain = typename Net::chain_type;
    constexpr std::size_t graph = detail::layer_with_node<Node, chain>();
    static_assert(graph < chain::count, "ctnn::get: no graph of the network has a node with this name");
    if constexpr (graph < chain::count)
        return detail::layer_at<chain, graph, chain::template layer<graph>::template number_of<Node>, Index, Path...>(
            net.layers);
    else
        return net;
}

/// The type of layer `Index` of the network type `Net`.
template <std::size_t Index, class Net>
using layer_t = typename Net::chain_type::template layer<Index>;

/// Calls `f(layer, same layer of the others...)` for each layer that has its own parameters; a layer made of chains
/// counts as its layers. The others are networks of the same type.
template <class F, class Net, class... Same>
CTNN_INLINE constexpr void for_each_layer(F&& f, Net& net, Same&... others) {
    const auto without_index = [&f](auto, auto&... layers) CTNN_INLINE { for_each_leaf(f, layers...); };
    Net::chain_type::for_each(without_index, net.layers, others.layers...);
}

/// Calls `f(tensor, same tensor of the others...)` for each trained parameter tensor, layer by layer.
///
/// The others are networks of the same type: gradients and moments are traversed in step with the parameters.
template <class F, class Net, class... Same>
CTNN_INLINE constexpr void for_each_tensor(F&& f, Net& net, Same&... others) {
    const auto in_layer = [&f](auto index, auto&... layers) CTNN_INLINE {
        if constexpr (is_composite<layer_t<index(), std::remove_const_t<Net>>>)
            for_each_leaf([&f](auto&... leaves) CTNN_INLINE { for_each_member(f, leaves...); }, layers...);
        else
            for_each_member(f, layers...);
    };
    Net::chain_type::for_each(in_layer, net.layers, others.layers...);
}

}  // namespace CTNN_NAMESPACE
