// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What can be said of a list of layers, and of the buffers that they need.

#include <ctnn/capped.hpp>
#include <ctnn/config.hpp>

#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

/// A type, and whether it has parameters.
template <bool HasParameters, class Type>
struct stored_if {};

/// The tuple of those types that have parameters: the others take no memory.
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

/// How many of a list of flags before the one with this index are set: where a stored type is in its tuple.
template <std::size_t Count>
constexpr std::size_t count_before(std::size_t index, const bool (&flags)[Count]) {
    std::size_t result = 0;
    for (std::size_t i = 0; i < index; ++i) result += flags[i] ? 1 : 0;
    return result;
}

/// What stands for a layer without parameters.
template <class Layer>
inline constexpr Layer empty_layer{};

/// The shape that the last layer makes, or the one given if there is none.
template <class Shape, class... Layers>
struct last_shape {
    using type = Shape;
};
template <class Shape, class Layer, class... Rest>
struct last_shape<Shape, Layer, Rest...> : last_shape<typename Layer::output_shape, Rest...> {};

/// A buffer of `count` numbers of type T behind `size` others: large ones begin at a cache line.
template <class T>
constexpr std::size_t place(std::size_t& size, std::size_t count) {
    constexpr std::size_t line = 64 / sizeof(T);
    const std::size_t start = count < 16 * line ? size : capped_sum<std::size_t>({size, line - 1}) / line * line;
    size = capped_sum<std::size_t>({start, count});
    return start;
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
