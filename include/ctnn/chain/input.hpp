// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a network takes: one tensor, or several with names.

#include <ctnn/config.hpp>
#include <ctnn/joined_tensor.hpp>
#include <ctnn/name.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// The shape of one sample that a network takes: `input<64>`, `input<3, 8, 8>`.
template <std::size_t... Extents>
struct input {};

/// The input of a network that is several tensors, which together are a sample: a graph takes them by name.
///
/// *Example*: `network<float, inputs<named<"state", shape<8>>, named<"goal", shape<2>>>, graph<...>>`.
template <class... Parts>
struct inputs {};

namespace detail {

/// The shape of an input, if it is one.
template <class Input>
struct shape_of_input {
    static constexpr bool is_input = false;
};
template <std::size_t... Extents>
struct shape_of_input<input<Extents...>> {
    static constexpr bool is_input = true;
    using type = shape<Extents...>;
};
template <name... Names, class... Shapes>
struct shape_of_input<inputs<named<Names, Shapes>...>> {
    static constexpr bool is_input = sizeof...(Names) > 0;
    using type = joined_shape<named<Names, Shapes>...>;
};

/// The shapes of the inputs, as a message shows them.
template <class Shape>
struct inputs_as_taken {
    using type = takes<Shape>;
};
template <class... Parts>
struct inputs_as_taken<joined_shape<Parts...>> {
    using type = takes<typename Parts::shape_type...>;
};
template <class Shape>
using expected_inputs = typename inputs_as_taken<Shape>::type;

/// A tensor, or several that are joined.
template <class T, class Shape>
struct tensor_or_joined {
    using type = tensor<T, Shape>;
};
template <class T, class... Parts>
struct tensor_or_joined<T, joined_shape<Parts...>> {
    using type = joined_tensor<T, joined_shape<Parts...>>;
};
template <class T, class Shape>
using tensor_of = typename tensor_or_joined<T, Shape>::type;

}  // namespace detail

}  // namespace CTNN_NAMESPACE
