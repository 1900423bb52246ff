// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Traversal of the parameter tensors of layers by reflection: a layer is a Hana Struct, and no other code knows its
/// members.

#include <ctnn/config.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/core/to.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// Whether a layer is made of chains of layers (`for_each_chain`). The members of the others are tensors.
template <class Layer>
inline constexpr bool is_composite = [] {
    if constexpr (requires { Layer::is_composite; })
        return Layer::is_composite;
    else
        return false;
}();

/// Whether a layer consists of numbers of its value type and nothing else, as it states: `has_only_numbers`. Such a layer is
/// converted without reflection, which takes the compiler long.
template <class Layer>
inline constexpr bool has_only_numbers = [] {
    if constexpr (requires { Layer::has_only_numbers; })
        return Layer::has_only_numbers;
    else
        return false;
}();

/// How many members of a layer are trained: its `trained_members`, or all. Those after them are statistics, which
/// training updates otherwise than by descent.
template <class Layer>
inline constexpr std::size_t trained_members_of = [] {
    if constexpr (requires { Layer::trained_members; })
        return Layer::trained_members;
    else
        return ~std::size_t{0};
}();

namespace detail {

/// A type of a list, and its index.
template <std::size_t Index, class Type>
struct at_index {
    using type = Type;
};
template <class Indices, class... Types>
struct types_at_indices;
template <std::size_t... Index, class... Types>
struct types_at_indices<std::index_sequence<Index...>, Types...> : at_index<Index, Types>... {};
template <std::size_t Index, class Type>
at_index<Index, Type> find_at(const at_index<Index, Type>*);

/// Type `Index` of a list. All types with their indices are bases of one class, so that a long list is not instantiated from each index on.
template <std::size_t Index, class... Types>
struct nth : decltype(find_at<Index>(
                 static_cast<const types_at_indices<std::make_index_sequence<sizeof...(Types)>, Types...>*>(nullptr))) {
};

template <class Member, class F, class... Layers>
CTNN_INLINE constexpr void visit_member(F& f, Layers&... layers) {
    f(Member{}(layers)...);
}

template <std::size_t Limit, class F, class... Names, class... Members, class... Layers>
CTNN_INLINE constexpr void visit_members(const boost::hana::tuple<boost::hana::pair<Names, Members>...>&, F& f,
                                         Layers&... layers) {
    if constexpr (Limit >= sizeof...(Members))
        (visit_member<Members>(f, layers...), ...);
    else
        [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
            (visit_member<typename nth<Index, Members...>::type>(f, layers...), ...);
        }
    (std::make_index_sequence<Limit>{});
}

template <class F, class... Names, class... Members, class Layer>
constexpr void visit_named_members(const boost::hana::tuple<boost::hana::pair<Names, Members>...>&, F& f,
                                   Layer& layer) {
    (f(boost::hana::to<const char*>(Names{}), Members{}(layer)), ...);
}

template <class Layer>
inline constexpr auto members_of = boost::hana::accessors<std::remove_const_t<Layer>>();

}  // namespace detail

/// Calls `f(member, same member of the others...)` for each trained member of a layer, in the order of declaration.
///
/// The others are layers of the same type: gradients and moments are traversed in step with the parameters.
template <class F, class Layer, class... Same>
CTNN_INLINE constexpr void for_each_member(F&& f, Layer& layer, Same&... others) {
    detail::visit_members<trained_members_of<std::remove_const_t<Layer>>>(detail::members_of<Layer>, f, layer,
                                                                          others...);
}

namespace detail {
template <class Layer>
constexpr void assign_zero(Layer& layer) {
    layer = Layer{};
}
}  // namespace detail

/// Sets every element of a layer to 0, its statistics too. Without optimisation, `layer = {}` would have another layer
/// on the stack at run time.
template <class Layer>
CTNN_INLINE constexpr void clear(Layer& layer) {
    const auto set_zero = [](auto& member) CTNN_INLINE {
        for (auto& element : member) element = 0;
    };
    if (__builtin_is_constant_evaluated())
        detail::assign_zero(layer);
    else
        detail::visit_members<~std::size_t{0}>(detail::members_of<Layer>, set_zero, layer);
}

/// Calls `f(name, member)` for every member of a layer; the name is a C string such as "weights".
template <class F, class Layer>
constexpr void for_each_named_member(F&& f, Layer& layer) {
    detail::visit_named_members(detail::members_of<Layer>, f, layer);
}

}  // namespace CTNN_NAMESPACE
