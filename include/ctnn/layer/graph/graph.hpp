// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Layers that are no nest: nodes with names, each of which says whose values it takes.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/graph_binding.hpp>
#include <ctnn/name.hpp>

#include <type_traits>

namespace CTNN_NAMESPACE {

/// A node of a graph: its name; what it takes, `from<"x">`, or `sum`, `product`, `concatenate` or `matmul` of several
/// `from`; then layers, one after another. Its value is the output of the last.
template <name Name, class Source, class... Specs>
struct node {};

/// The outputs of a graph: one value, or several, which together are a row.
template <name... Names>
struct outputs {};

template <class... Parts>
struct graph;

namespace detail {

/// The layers of a node as a branch, and the same node with others.
template <class Node>
struct node_parts;
template <name Name, class Source, class... Specs>
struct node_parts<node<Name, Source, Specs...>> {
    using as_branch = branch<Specs...>;
    template <class... Others>
    using with = node<Name, Source, Others...>;
};

/// A graph of these nodes and outputs. `Written` are the outputs as the user wrote them: none, if that is the last node.
template <class Nodes, class Outputs, class... Written>
struct complete_graph;
template <class... Nodes, name... Names, class... Written>
struct complete_graph<branch_list<Nodes...>, outputs<Names...>, Written...> {
    template <class T, class InputShape>
    using layer = typename bind_graph<T, InputShape, outputs<Names...>, Nodes...>::type;

    using branches = branch_list<typename node_parts<Nodes>::as_branch...>;
    template <class... Others>
    using with_branches = ctnn::graph<typename Others::template as<node_parts<Nodes>::template with>..., Written...>;
};

/// Separates the nodes from the outputs.
template <class Nodes, class... Parts>
struct graph_parts {
    template <class InputShape>
    static constexpr bool report() {
        static_assert(sizeof(InputShape) == 0,
                      "ctnn::graph: the arguments are nodes, at least one, and then the outputs");
        return false;
    }
    template <class T, class InputShape>
    using layer = std::conditional_t<report<InputShape>(), void, no_graph<InputShape>>;
};
template <class... Nodes, name Name, class Source, class... Specs, class... Rest>
struct graph_parts<branch_list<Nodes...>, node<Name, Source, Specs...>, Rest...>
    : graph_parts<branch_list<Nodes..., node<Name, Source, Specs...>>, Rest...> {};
template <class... Nodes, name Name, class Source, class... Specs>
struct graph_parts<branch_list<Nodes...>, node<Name, Source, Specs...>>
    : complete_graph<branch_list<Nodes..., node<Name, Source, Specs...>>, outputs<Name>> {};
template <class... Nodes, name... Names>
requires(sizeof...(Nodes) > 0 && sizeof...(Names) > 0) struct graph_parts<branch_list<Nodes...>, outputs<Names...>>
    : complete_graph<branch_list<Nodes...>, outputs<Names...>, outputs<Names...>> {
};

}  // namespace detail

/// Layers that are no nest: nodes, in an order in which each takes values of the input or of nodes before it, and then
/// the outputs; without these, the last node is the output.
///
/// The input is the value "input" or, if it is joined of several tensors (`inputs`, or a graph with several outputs), has
/// their names. Every layer may be in a node, graphs included.
///
/// *Shapes*: any in; out the shape of the output or, of several, the vector of all their elements (`joined_shape`).
/// Parameters are those of the nodes; in files they are named after them, `0.trunk.1.weights`.
/// *Cost*: that of the nodes. Inference has a workspace in which values share memory if they are not needed together.
/// *Errors*: "ctnn::graph: the arguments are nodes, at least one, and then the outputs"; "ctnn::graph: a name has 1 to 40
/// letters, digits and underscores"; "ctnn::graph: a node has the name of an input or of a node before it"; "ctnn::graph:
/// after its name a node says what it takes: ctnn::from, or ctnn::sum, ctnn::product, ctnn::concatenate or ctnn::matmul of
/// several of these"; "ctnn::graph: after what it takes a node has layers, such as ctnn::dense<4, ctnn::tanh>";
/// "ctnn::graph: a node takes a value that no input and no node before it has", also for a cycle;
/// "ctnn::graph: the values that a node combines have shapes that do not go together"; "ctnn::graph: a layer of a node
/// cannot take the shape that it is given"; "ctnn::graph: an output has the name of no value"; "ctnn::graph: two outputs
/// have the same name"; "ctnn::graph: no output and no other node takes the value of a node".
/// *Example*: a duelling network, Q = V + A - mean A,
/// `graph<node<"v", from<"input">, dense<1>>, node<"a", from<"input">, dense<4>>, ...>`.
template <class... Parts>
struct graph : detail::graph_parts<detail::branch_list<>, Parts...> {
    using wants = wants_any;
};

}  // namespace CTNN_NAMESPACE
