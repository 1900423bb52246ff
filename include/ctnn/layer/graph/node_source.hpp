// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the nodes of a graph take: values by name, and how several are combined.

#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/joined_activation.hpp>
#include <ctnn/chain/binding.hpp>
#include <ctnn/chain/features.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/concatenate.hpp>
#include <ctnn/layer/graph/graph_layer.hpp>
#include <ctnn/layer/graph/graph_wiring.hpp>
#include <ctnn/layer/graph/matmul.hpp>
#include <ctnn/layer/graph/product.hpp>
#include <ctnn/layer/graph/sum.hpp>
#include <ctnn/name.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

template <name Name>
struct from;
template <name Name, class Source, class... Specs>
struct node;
template <name... Names>
struct outputs;

/// Names that appear in error messages.
template <name Name>
struct node_is {};

namespace detail {

/// Values by name: `named` and `bound_node`.
template <class... Values>
struct value_list {
    static constexpr std::size_t count = sizeof...(Values);
    template <name Name>
    static constexpr std::size_t index_of = index_of_name<Name, Values...>;
    template <std::size_t Index>
    using at = typename nth<Index, Values...>::type;
    template <name Name>
    using shape_of = typename nth<index_of<Name>, Values...>::type::shape_type;
};

/// The first of some names that no value has, as the message shows it; `from<"">` if there is none.
template <class Values, name... Names>
struct first_unknown {
    using type = from<"">;
};
template <class Values, name First, name... Rest>
struct first_unknown<Values, First, Rest...>
    : std::conditional_t<Values::template index_of<First> == Values::count, std::type_identity<from<First>>,
                         first_unknown<Values, Rest...>> {};

/// What a node takes: names, how their values are combined, and which shapes that needs.
template <name... Names>
struct source_of {
    static constexpr bool is_node_source = true;
    template <class Values>
    using unknown = typename first_unknown<Values, Names...>::type;
    template <class Values>
    using shapes = takes<typename Values::template shape_of<Names>...>;
    template <class Values, class Combine, class Chain, name Node>
    using bound = bound_node<Node, Combine, Chain, Values::template index_of<Names>...>;
};

/// The combination if the shapes fit; if not, one that causes no further errors.
template <bool Fits>
struct concatenation_if {
    template <class T, std::size_t Dimension, class First, class... Rest>
    using type = concatenation<T, Dimension, First, Rest...>;
};
template <>
struct concatenation_if<false> {
    template <class, std::size_t, class First, class...>
    using type = passed_on<First>;
};
template <bool Fits>
struct matrix_multiplication_if {
    template <class T, class Left, class Right>
    using type = matrix_multiplication<T, Left, Right>;
};
template <>
struct matrix_multiplication_if<false> {
    template <class, class Left, class>
    using type = passed_on<Left>;
};

template <std::size_t Dimension, name... Names>
struct concatenated_source : source_of<Names...> {
    template <class T, class Shapes>
    struct combined;
    template <class T, class First, class... Rest>
    struct combined<T, takes<First, Rest...>> {
        static constexpr bool fits =
            differ_only_along<Dimension, First, First>() && (... && differ_only_along<Dimension, First, Rest>());
        using type = typename concatenation_if<fits>::template type<T, Dimension, First, Rest...>;
    };
};

}  // namespace detail

/// The value of a graph's input or node with this name, as what a node takes.
template <name Name>
struct from : detail::source_of<Name> {
    template <class T, class Shapes>
    struct combined;
    template <class T, class Shape>
    struct combined<T, takes<Shape>> {
        static constexpr bool fits = true;
        using type = detail::passed_on<Shape>;
    };
};

// The layers that combine branches, as what a node takes: they combine values.

template <name First, name... Rest>
struct sum<from<First>, from<Rest>...> : detail::source_of<First, Rest...> {
    template <class T, class Shapes>
    struct combined;
    template <class T, class Shape, class... Others>
    struct combined<T, takes<Shape, Others...>> {
        static constexpr bool fits = (... && detail::same_shape<Shape, Others>);
        using type = detail::addition<T, Shape>;
    };
};
template <name First, name... Rest>
struct product<from<First>, from<Rest>...> : detail::source_of<First, Rest...> {
    template <class T, class Shapes>
    struct combined;
    template <class T, class Shape, class... Others>
    struct combined<T, takes<Shape, Others...>> {
        static constexpr bool fits = (... && detail::same_shape<Shape, Others>);
        using type = detail::multiplication<T, Shape, 1 + sizeof...(Others)>;
    };
};
template <name First, name... Rest>
struct concatenate<from<First>, from<Rest>...> : detail::concatenated_source<0, First, Rest...> {};
template <std::size_t Dimension, name First, name... Rest>
struct concatenate<axis<Dimension>, from<First>, from<Rest>...>
    : detail::concatenated_source<Dimension, First, Rest...> {};
template <name Left, name Right>
struct matmul<from<Left>, from<Right>> : detail::source_of<Left, Right> {
    template <class T, class Shapes>
    struct combined;
    template <class T, class LeftShape, class RightShape>
    struct combined<T, takes<LeftShape, RightShape>> {
        static constexpr bool fits = detail::matrices_fit<LeftShape, RightShape>();
        using type = typename detail::matrix_multiplication_if<fits>::template type<T, LeftShape, RightShape>;
    };
};

namespace detail {

template <class Source>
inline constexpr bool is_node_source = requires {
    requires Source::is_node_source;
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
