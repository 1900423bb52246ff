// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Properties of a list of layers.

#include <ctnn/config.hpp>

#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

/// A type, and whether it has parameters.
template <bool HasParameters, class Type>
struct stored_if {};

/// The tuple of the types that have parameters: the others take no memory.
template <class Tuple, class... Types>
struct stored {
    using type = Tuple;
};
template <class... Stored, class Type, class... Rest>
struct stored<boost::hana::tuple<Stored...>, stored_if<true, Type>, Rest...>
    : stored<boost::hana::tuple<Stored..., Type>, Rest...> {};
template <class... Stored, class Type, class... Rest>
struct stored<boost::hana::tuple<Stored...>, stored_if<false, Type>, Rest...>
    : stored<boost::hana::tuple<Stored...>, Rest...> {};

/// How many flags of a list are set before an index: the index of a stored type in its tuple.
template <std::size_t Count>
constexpr std::size_t count_before(std::size_t index, const bool (&flags)[Count]) {
    std::size_t result = 0;
    for (std::size_t i = 0; i < index; ++i) result += flags[i] ? 1 : 0;
    return result;
}

/// The stand-in for a layer without parameters.
template <class Layer>
inline constexpr Layer empty_layer{};

/// The output shape of the last layer, or the given shape if there is none.
template <class Shape, class... Layers>
struct last_shape {
    using type = Shape;
};
template <class Shape, class Layer, class... Rest>
struct last_shape<Shape, Layer, Rest...> : last_shape<typename Layer::output_shape, Rest...> {};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
