// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// From the nodes that users write to a layer: each is bound to the shapes of the values that it takes.

#include <ctnn/activation/joined_activation.hpp>
#include <ctnn/chain/binding.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/graph_layer.hpp>
#include <ctnn/layer/graph/graph_wiring.hpp>
#include <ctnn/layer/graph/node_source.hpp>
#include <ctnn/name.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// The rules of a graph, with the names that they are about. Each is false where it is named in an error.
template <class Where, bool IsValid>
inline constexpr bool has_a_valid_name = IsValid;
template <class Where, bool IsNew>
inline constexpr bool has_a_new_name = IsNew;
template <class Where, class Source, bool IsKnown>
inline constexpr bool takes_values = IsKnown;
template <class Where, class Source, bool Exists>
inline constexpr bool value_exists = Exists;
template <class Where, class Values, bool Fits>
inline constexpr bool values_fit = Fits;
template <class Where, class Layer, bool IsLayer>
inline constexpr bool is_a_layer = IsLayer;
template <class Where, class Position, class Given, class Wanted>
inline constexpr bool node_accepts_shape = layer_accepts_shape<Position, Given, Wanted>;
template <class Where, bool IsTaken>
inline constexpr bool value_is_taken = IsTaken;
template <class Where, bool AreDifferent>
inline constexpr bool outputs_are_different = AreDifferent;

namespace detail {

/// What is wrong with a node. One message at a time.
enum class node_fault { none, name, name_twice, source, no_layer, unknown_value, values, layer };

/// The first of some types that is no layer; void if all are.
template <class... Specs>
struct first_no_layer {
    using type = void;
};
template <class First, class... Rest>
struct first_no_layer<First, Rest...>
    : std::conditional_t<layer_spec<First>, first_no_layer<Rest...>, std::type_identity<First>> {};

/// A node bound to the values before it, or what is wrong with it.
template <class T, class Values, class Node>
struct node_binding;
template <class T, class Values, name Name, class Source, class... Specs>
struct node_binding<T, Values, node<Name, Source, Specs...>> {
    using source = Source;

    template <class Given>
    struct bound {
        using combined = typename source::template combined<T, Given>;
        using combine = typename combined::type;
        using given_shape = typename combine::output_shape;
        using layers = bind<bound_layers<T, given_shape, given_shape>, Specs...>;
        using chain_type = typename layers::type::layers;
        using type = typename source::template bound<Values, combine, chain_type, Name>;
    };
    struct unbound {};

    static constexpr auto find() {
        if constexpr (is_node_source<Source>) {
            if constexpr (std::is_same_v<typename source::template unknown<Values>, from<"">>)
                return std::type_identity<bound<typename source::template shapes<Values>>>{};
            else
                return std::type_identity<unbound>{};
        } else {
            return std::type_identity<unbound>{};
        }
    }
    using found = typename decltype(find())::type;

    static constexpr node_fault fault = [] {
        if constexpr (!Name.is_valid()) {
            return node_fault::name;
        } else if constexpr (Values::template index_of<Name> < Values::count) {
            return node_fault::name_twice;
        } else if constexpr (!is_node_source<Source>) {
            return node_fault::source;
        } else if constexpr (!(... && layer_spec<Specs>)) {
            return node_fault::no_layer;
        } else if constexpr (std::is_same_v<found, unbound>) {
            return node_fault::unknown_value;
        } else if constexpr (!found::combined::fits) {
            return node_fault::values;
        } else {
            return found::chain_type::count == sizeof...(Specs) ? node_fault::none : node_fault::layer;
        }
    }();

    static constexpr bool report() {
        using where = node_is<Name>;
        static_assert(has_a_valid_name<where, fault != node_fault::name>,
                      "ctnn::graph: a name has 1 to 40 letters, digits and underscores");
        static_assert(has_a_new_name<where, fault != node_fault::name_twice>,
                      "ctnn::graph: a node has the name of an input or of a node before it");
        static_assert(takes_values<where, Source, fault != node_fault::source>,
                      "ctnn::graph: after its name a node says what it takes: ctnn::from, or ctnn::sum, ctnn::product, "
                      "ctnn::concatenate or ctnn::matmul of several of these");
        if constexpr (fault == node_fault::no_layer)
            static_assert(is_a_layer<where, typename first_no_layer<Specs...>::type, false>,
                          "ctnn::graph: after what it takes a node has layers, such as ctnn::dense<4, ctnn::tanh>");
        if constexpr (fault == node_fault::unknown_value)
            static_assert(value_exists<where, typename source::template unknown<Values>, false>,
                          "ctnn::graph: a node takes a value that no input and no node before it has");
        if constexpr (fault == node_fault::values)
            static_assert(values_fit<where, typename source::template shapes<Values>, false>,
                          "ctnn::graph: the values that a node combines have shapes that do not go together");
        if constexpr (fault == node_fault::layer)
            static_assert(
                node_accepts_shape<where, typename found::layers::type::next,
                                   gives<typename found::layers::type::output_shape>, typename found::layers::wanted>,
                "ctnn::graph: a layer of a node cannot take the shape that it is given");
        return fault == node_fault::none;
    }
    static constexpr bool is_bound = report();
};

/// Nodes are bound one after another. A node with a fault ends the graph: one error, not one for each node after it.
template <class T, class Values, class Bound, class... Nodes>
struct bind_nodes {
    static constexpr bool is_bound = true;
    using type = Bound;
    using values = Values;
};
template <bool Fits, class T, class Values, class Bound, class Binding, class... Rest>
struct bind_next_node {
    static constexpr bool is_bound = false;
};
template <class T, class... Values, class... Bound, class Binding, class... Rest>
struct bind_next_node<true, T, value_list<Values...>, value_list<Bound...>, Binding, Rest...>
    : bind_nodes<T, value_list<Values..., typename Binding::found::type>,
                 value_list<Bound..., typename Binding::found::type>, Rest...> {};
template <class T, class Values, class Bound, class Node, class... Rest>
struct bind_nodes<T, Values, Bound, Node, Rest...> : bind_next_node<node_binding<T, Values, Node>::is_bound, T, Values,
                                                                    Bound, node_binding<T, Values, Node>, Rest...> {};

/// The inputs as values: those of a joined shape by their names, a single one as "input".
template <class InputShape>
struct values_of_input {
    using type = value_list<named<"input", InputShape>>;
};
template <class... Parts>
struct values_of_input<joined_shape<Parts...>> {
    using type = value_list<Parts...>;
};

/// The shape and the activation of the outputs: of one, or of several as a row.
template <class Wiring, class Values, name... Names>
struct graph_outputs {
    using shape = joined_shape<named<Names, typename Values::template shape_of<Names>>...>;
    template <std::size_t Index>
    static constexpr auto part() {
        constexpr std::size_t value = Wiring::output[Index];
        using shape_type = typename Values::template at<value>::shape_type;
        constexpr std::size_t width = shape_type::last, rows = shape_type::size / width;
        return std::type_identity<
            activated_part<typename Wiring::template activation_of<value>, rows, width, shape::offset(Index)>>{};
    }
    template <std::size_t... Index>
    static constexpr auto parts(std::index_sequence<Index...>)
        -> std::type_identity<joined_activation<typename decltype(part<Index>())::type...>>;
    using activation = typename decltype(parts(std::make_index_sequence<sizeof...(Names)>{}))::type;
};
template <class Wiring, class Values, name Name>
struct graph_outputs<Wiring, Values, Name> {
    using shape = typename Values::template shape_of<Name>;
    using activation = typename Wiring::template activation_of<Wiring::output[0]>;
};

template <class T, class InputShape, class Values, class Nodes, name... Outputs>
struct bound_graph;
template <class T, class InputShape, class Values, class... Nodes, name... Outputs>
struct bound_graph<T, InputShape, Values, value_list<Nodes...>, Outputs...> {
    using wiring = graph_wiring<InputShape, std::index_sequence<Values::template index_of<Outputs>...>, Nodes...>;
    using outputs_type = graph_outputs<wiring, Values, Outputs...>;
    using type =
        graph_layer<T, InputShape, typename outputs_type::shape, typename outputs_type::activation, wiring, Nodes...>;

    template <std::size_t... Index>
    static constexpr std::size_t first_idle(std::index_sequence<Index...>) {
        std::size_t result = sizeof...(Nodes);
        ((result = result == sizeof...(Nodes) && !wiring::is_taken(wiring::inputs + Index) ? Index : result), ...);
        return result;
    }
    static constexpr std::size_t idle = first_idle(std::index_sequence_for<Nodes...>{});
};

/// What stands for a graph with a fault, which has been reported.
template <class InputShape>
using no_graph = view_layer<InputShape, InputShape>;

template <class T, class InputShape, class OutputList, class... Nodes>
struct bind_graph;
template <class T, class InputShape, name... Outputs, class... Nodes>
struct bind_graph<T, InputShape, outputs<Outputs...>, Nodes...> {
    using bound = bind_nodes<T, typename values_of_input<InputShape>::type, value_list<>, Nodes...>;

    /// Whether no name is among those before it.
    static constexpr bool are_different() {
        std::size_t index = 0;
        return (... && (value_list<named<Outputs, shape<>>...>::template index_of<Outputs> == index++));
    }
    static constexpr auto find() {
        if constexpr (!bound::is_bound) {
            return std::type_identity<no_graph<InputShape>>{};
        } else {
            using values = typename bound::values;
            using unknown = typename first_unknown<values, Outputs...>::type;
            constexpr bool exist = std::is_same_v<unknown, from<"">>, differ = are_different();
            static_assert(value_exists<outputs<Outputs...>, unknown, exist>,
                          "ctnn::graph: an output has the name of no value");
            static_assert(outputs_are_different<outputs<Outputs...>, differ>,
                          "ctnn::graph: two outputs have the same name");
            if constexpr (!exist || !differ) {
                return std::type_identity<no_graph<InputShape>>{};
            } else {
                using graph_type = bound_graph<T, InputShape, values, typename bound::type, Outputs...>;
                if constexpr (graph_type::idle < sizeof...(Nodes)) {
                    static_assert(value_is_taken<typename nth<graph_type::idle, Nodes...>::type, false>,
                                  "ctnn::graph: no output and no other node takes the value of a node");
                    return std::type_identity<no_graph<InputShape>>{};
                } else {
                    return std::type_identity<typename graph_type::type>{};
                }
            }
        }
    }
    using type = typename decltype(find())::type;
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
