// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Which values the nodes of a graph take: the graph as numbers, from which all places in memory follow.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/name.hpp>
#include <ctnn/parameters.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// Stands for the combination of a node that takes one value.
template <class Shape>
struct passed_on {
    using output_shape = Shape;
    static constexpr std::size_t multiply_accumulates = 0;
    static constexpr bool writes_at_once = false, reads_outputs = false;
};
template <class Combine>
inline constexpr bool passes_on_value = false;
template <class Shape>
inline constexpr bool passes_on_value<passed_on<Shape>> = true;

/// A node bound to its inputs: `Combine` of the values with the numbers `Sources`, then a chain.
template <name Name, class Combine, class Chain, std::size_t... Sources>
struct bound_node {
    static constexpr auto text = Name;
    using combine = Combine;
    using chain = Chain;
    using shape_type = typename Chain::output_shape;
    static constexpr std::size_t source_count = sizeof...(Sources);
    static constexpr std::size_t sources[source_count]{Sources...};

    static constexpr bool combines = !passes_on_value<Combine>;
    /// Whether its value is the one that it takes, perhaps in another shape.
    static constexpr bool is_alias = []<std::size_t... Index>(std::index_sequence<Index...>) {
        return !combines && (... && (is_view_layer<typename Chain::template layer<Index>> &&
                                     std::is_same_v<typename Chain::template layer<Index>::activation, identity>));
    }
    (std::make_index_sequence<Chain::count>{});
    static constexpr auto find_last_activation() {
        if constexpr (Chain::count > 0)
            return std::type_identity<typename Chain::template layer<Chain::count - 1>::activation>{};
        else
            return std::type_identity<identity>{};
    }
    using last_activation = typename decltype(find_last_activation())::type;
};

/// The inputs of a graph: one, or those of a joined shape.
template <class InputShape>
struct graph_inputs {
    static constexpr std::size_t count = 1, sizes[count]{InputShape::size};
};
template <class... Parts>
struct graph_inputs<joined_shape<Parts...>> {
    static constexpr std::size_t count = sizeof...(Parts), sizes[count]{Parts::shape_type::size...};
};

/// The values of a graph are numbered: its inputs first, then those of its nodes. An alias has no memory; what it stands
/// for is its root.
template <class InputShape, class OutputNumbers, class... Nodes>
struct graph_wiring;
template <class InputShape, std::size_t... OutputNumbers, class... Nodes>
struct graph_wiring<InputShape, std::index_sequence<OutputNumbers...>, Nodes...> {
    static constexpr std::size_t inputs = graph_inputs<InputShape>::count, nodes = sizeof...(Nodes),
                                 values = inputs + nodes, outputs = sizeof...(OutputNumbers);
    static constexpr std::size_t output[outputs]{OutputNumbers...};
    static constexpr bool is_alias[nodes]{Nodes::is_alias...};

    struct table {
        std::size_t size[values], root[values], start[nodes + 1], source[(Nodes::source_count + ...)];
    };
    static constexpr table numbers = [] {
        table result{};
        for (std::size_t i = 0; i < inputs; ++i) {
            result.size[i] = graph_inputs<InputShape>::sizes[i];
            result.root[i] = i;
        }
        std::size_t node = 0, next = 0;
        const auto add = [&](std::size_t size, bool alias, const std::size_t* sources, std::size_t count) {
            result.start[node] = next;
            for (std::size_t i = 0; i < count; ++i) result.source[next++] = result.root[sources[i]];
            result.size[inputs + node] = size;
            result.root[inputs + node] = alias ? result.root[sources[0]] : inputs + node;
            result.start[++node] = next;
        };
        (add(Nodes::shape_type::size, Nodes::is_alias, Nodes::sources, Nodes::source_count), ...);
        return result;
    }();
    static constexpr std::size_t root(std::size_t value) { return numbers.root[value]; }
    /// The root of a value that a node takes.
    static constexpr std::size_t source(std::size_t node, std::size_t index) {
        return numbers.source[numbers.start[node] + index];
    }

    /// How many outputs a root is, and the last of them.
    static constexpr std::size_t times_output(std::size_t value) {
        std::size_t result = 0;
        for (const std::size_t number : output) result += root(number) == value ? 1 : 0;
        return result;
    }
    static constexpr std::size_t output_of(std::size_t value) {
        std::size_t result = 0;
        for (std::size_t i = 0; i < outputs; ++i) result = root(output[i]) == value ? i : result;
        return result;
    }
    /// The last node that takes a root; `nodes` if it is an output.
    static constexpr std::size_t last_use(std::size_t value) {
        if (times_output(value) > 0) return nodes;
        std::size_t result = value < inputs ? 0 : value - inputs;
        for (std::size_t node = 0; node < nodes; ++node)
            for (std::size_t i = numbers.start[node]; i < numbers.start[node + 1]; ++i)
                if (numbers.source[i] == value && !is_alias[node]) result = node;
        return result;
    }
    /// How often nodes from `first` on take a root.
    static constexpr std::size_t uses(std::size_t value, std::size_t first) {
        std::size_t result = 0;
        for (std::size_t node = first; node < nodes; ++node)
            for (std::size_t i = numbers.start[node]; i < numbers.start[node + 1]; ++i)
                result += numbers.source[i] == value && !is_alias[node] ? 1 : 0;
        return result;
    }
    /// Whether what a node adds to dL/d(source) is the first term: outputs come first, then nodes, from the last to the
    /// first, with their sources in order.
    static constexpr bool is_first_term(std::size_t node, std::size_t index) {
        const std::size_t value = source(node, index);
        bool first = times_output(value) == 0 && uses(value, node + 1) == 0;
        for (std::size_t i = 0; i < index; ++i) first = first && source(node, i) != value;
        return first;
    }

    /// Whether dL/d(value) is needed: for parameters before it, or for that of the inputs.
    template <bool InputGradient>
    static constexpr bool needs_gradient(std::size_t value) {
        constexpr bool has_parameters[]{Nodes::chain::has_parameters...};
        bool needs[values]{};
        for (std::size_t i = 0; i < values; ++i) {
            if (i < inputs) {
                needs[i] = InputGradient;
                continue;
            }
            needs[i] = has_parameters[i - inputs];
            for (std::size_t k = numbers.start[i - inputs]; k < numbers.start[i - inputs + 1]; ++k)
                needs[i] = needs[i] || needs[numbers.source[k]];
        }
        return needs[value];
    }

    /// Whether an output's last activation is left to what follows the graph: no node needs it. Activations whose
    /// derivative reads their input are only left to a chain.
    template <std::size_t Node>
    static constexpr bool leaves_activation = [] {
        using activation = typename nth<Node, Nodes...>::type::last_activation;
        constexpr std::size_t value = inputs + Node;
        return times_output(value) == 1 && uses(value, 0) == 0 &&
               (outputs == 1 || !activation::derivative_needs_input) && !std::is_same_v<activation, identity> &&
               output[output_of(value)] == value;
    }();
    /// The activation of an output that is left to what follows the graph.
    template <std::size_t Value>
    static constexpr auto find_activation() {
        if constexpr (Value >= inputs)
            if constexpr (leaves_activation<Value - inputs>)
                return std::type_identity<typename nth<Value - inputs, Nodes...>::type::last_activation>{};
            else
                return std::type_identity<identity>{};
        else
            return std::type_identity<identity>{};
    }
    template <std::size_t Value>
    using activation_of = typename decltype(find_activation<Value>())::type;

    /// Whether a node or an output takes a value.
    static constexpr bool is_taken(std::size_t value) {
        for (const std::size_t number : output)
            if (number == value) return true;
        bool taken = false;
        const auto look = [&](const std::size_t* sources, std::size_t count) {
            for (std::size_t i = 0; i < count; ++i) taken = taken || sources[i] == value;
        };
        (look(Nodes::sources, Nodes::source_count), ...);
        return taken;
    }
};

}  // namespace CTNN_NAMESPACE::detail
