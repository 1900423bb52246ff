// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What can be said of a list of layers, and of the buffers that they need.

#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>

namespace ctnn {

namespace detail {

/// The tuple of those layers that have parameters: the others take no memory.
template <class Tuple, class... Layers>
struct stored_layers {
    using type = Tuple;
};
template <class... Stored, class Layer, class... Rest>
struct stored_layers<boost::hana::tuple<Stored...>, Layer, Rest...>
    : std::conditional_t<std::is_empty_v<Layer>, stored_layers<boost::hana::tuple<Stored...>, Rest...>,
                         stored_layers<boost::hana::tuple<Stored..., Layer>, Rest...>> {};

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
    const std::size_t start = count < 16 * line ? size : (size + line - 1) / line * line;
    size = start + count;
    return start;
}

}  // namespace detail

}  // namespace ctnn
