// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The requirements of a layer on its input shape, in a form that a compiler error can print.

#include <ctnn/config.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Names that appear in error messages.
template <std::size_t Number>
struct layer_number {};
template <class Shape>
struct gives {};

/// The rule of a layer that takes shapes of some ranks: `wants_rank<1, 2>` takes vectors and rows of vectors.
template <std::size_t... Ranks>
struct wants_rank {
    template <class Shape>
    static constexpr bool fits = (... || (Shape::rank == Ranks));
};

/// The rule of layers that work on the innermost dimensions.
template <std::size_t Rank>
struct wants_rank_at_least {
    template <class Shape>
    static constexpr bool fits = Shape::rank >= Rank;
};

/// Several rules combined.
template <class... Rules>
struct wants_all {
    template <class Shape>
    static constexpr bool fits = (... && Rules::template fits<Shape>);
};

/// The rule of layers that take any shape.
struct wants_any {
    template <class Shape>
    static constexpr bool fits = true;
};

namespace detail {

/// The first of several rules that a shape does not fit.
template <class Rule, class Shape>
struct refusing_rule {
    using type = Rule;
};
template <class First, class... Rest, class Shape>
struct refusing_rule<wants_all<First, Rest...>, Shape>
    : std::conditional_t<First::template fits<Shape>, refusing_rule<wants_all<Rest...>, Shape>,
                         refusing_rule<First, Shape>> {};

}  // namespace detail

/// Whether the layer at a position takes its input shape. It is false where it is named in an error.
template <class Position, class Given, class Wanted>
inline constexpr bool layer_accepts_shape = false;
template <std::size_t Number, class Shape, class Wanted>
inline constexpr bool layer_accepts_shape<layer_number<Number>, gives<Shape>, Wanted> = Wanted::template fits<Shape>;

}  // namespace CTNN_NAMESPACE
