// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The same network with another scalar type.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/whole_object.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameters.hpp>

#include <boost/hana/tuple.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

template <class... Names, class... To, class... From, class ToLayer, class FromLayer>
constexpr void convert_members(const boost::hana::tuple<boost::hana::pair<Names, To>...>&,
                               const boost::hana::tuple<boost::hana::pair<Names, From>...>&, ToLayer& to,
                               const FromLayer& from) {
    const auto convert_tensor = []<class T, class Shape>(tensor<T, Shape>& here, const auto& there) {
        for (std::size_t i = 0; i < Shape::size; ++i) here.values[i] = static_cast<T>(there.values[i]);
    };
    (convert_tensor(To{}(to), From{}(from)), ...);
}

template <class U, class T, class ToLayer, class FromLayer>
constexpr void convert_layer(ToLayer& to, const FromLayer& from) {
    if constexpr (has_only_numbers<ToLayer>) {
        kernel::convert_elements<U, T>(from, to);
    } else if constexpr (is_composite<ToLayer>) {
        const auto in_layer = [](auto, auto& inner_to, const auto& inner_from) {
            convert_layer<U, T>(inner_to, inner_from);
        };
        const auto in_chain = [&in_layer](auto, auto chain, auto& storage_to, const auto& storage_from) {
            decltype(chain)::type::for_each(in_layer, storage_to, storage_from);
        };
        ToLayer::for_each_chain(in_chain, to, from);
    } else {
        convert_members(members_of<ToLayer>, members_of<FromLayer>, to, from);
    }
}

}  // namespace detail

/// A network with every parameter and statistic of `net`, as a `U`: what was trained in `double` runs in `float`.
///
/// Each value is rounded once. *Cost*: the number of parameters.
/// *Errors*: "ctnn::network: the scalar type is float or double".
/// *Example*: `constexpr auto small = ctnn::convert<float>(trained);`
template <class U, class T, class Input, class... Specs>
constexpr network<U, Input, Specs...> convert(const network<T, Input, Specs...>& net) {
    network<U, Input, Specs...> result{};
    const auto in_layer = [](auto, auto& to, const auto& from) { detail::convert_layer<U, T>(to, from); };
    network<U, Input, Specs...>::chain_type::for_each(in_layer, result.layers, net.layers);
    return result;
}

}  // namespace CTNN_NAMESPACE
