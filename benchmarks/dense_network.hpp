// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The type of a network of dense layers, from its sizes.

#include <ctnn.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace detail {
template <class T, class Hidden, class Last, class Index, std::size_t Inputs, std::size_t... Outputs>
struct dense_network_of;
template <class T, class Hidden, class Last, std::size_t... Index, std::size_t Inputs, std::size_t... Outputs>
struct dense_network_of<T, Hidden, Last, std::index_sequence<Index...>, Inputs, Outputs...> {
    using type =
        ctnn::network<T, ctnn::input<Inputs>,
                      ctnn::dense<Outputs, std::conditional_t<Index + 1 == sizeof...(Outputs), Last, Hidden>>...>;
};
}  // namespace detail

/// Dense layers with the activation `Hidden` between them and `Last` at the end.
template <class T, class Hidden, class Last, std::size_t Inputs, std::size_t... Outputs>
using dense_network = typename detail::dense_network_of<T, Hidden, Last, std::make_index_sequence<sizeof...(Outputs)>,
                                                        Inputs, Outputs...>::type;
