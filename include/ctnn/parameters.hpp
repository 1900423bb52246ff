// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Walking the parameter tensors of layers by reflection: a layer is a Hana Struct, and nobody else knows its members.

#include <ctnn/config.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/core/to.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <type_traits>

namespace ctnn {

namespace detail {

template <class Member, class F, class... Layers>
CTNN_INLINE constexpr void visit_member(F& f, Layers&... layers) {
    f(Member{}(layers)...);
}

template <class F, class... Names, class... Members, class... Layers>
CTNN_INLINE constexpr void visit_members(const boost::hana::tuple<boost::hana::pair<Names, Members>...>&, F& f,
                                         Layers&... layers) {
    (visit_member<Members>(f, layers...), ...);
}

template <class F, class... Names, class... Members, class Layer>
constexpr void visit_named_members(const boost::hana::tuple<boost::hana::pair<Names, Members>...>&, F& f,
                                   Layer& layer) {
    (f(boost::hana::to<const char*>(Names{}), Members{}(layer)), ...);
}

template <class Layer>
inline constexpr auto members_of = boost::hana::accessors<std::remove_const_t<Layer>>();

}  // namespace detail

/// Calls `f(tensor, same tensor of the others...)` for each parameter of a layer, in the order of declaration.
///
/// The others are layers of the same type: gradients and moments are walked in step with the parameters.
template <class F, class Layer, class... Same>
CTNN_INLINE constexpr void for_each_member(F&& f, Layer& layer, Same&... others) {
    detail::visit_members(detail::members_of<Layer>, f, layer, others...);
}

/// Calls `f(name, tensor)` for each parameter of a layer; the name is a C string such as "weights".
template <class F, class Layer>
constexpr void for_each_named_member(F&& f, Layer& layer) {
    detail::visit_named_members(detail::members_of<Layer>, f, layer);
}

}  // namespace ctnn
