// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// From specs to layers: each spec is bound to the output shape of the previous layer.

#include <ctnn/capped.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>

#include <boost/hana/concept/struct.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// What may follow the input in a network: a type that declares what it wants, and provides a layer.
template <class Spec>
concept layer_spec = requires {
    typename Spec::wants;
};

namespace detail {

/// Whether one of some specs provides a layer, but does not declare what it wants. `AreLayers`: all do.
template <bool AreLayers, class... Specs>
inline constexpr bool wants_are_missing = false;
template <class... Specs>
inline constexpr bool wants_are_missing<false, Specs...> =
    (... || (!layer_spec<Specs> && requires { typename Specs::template layer<float, shape<1>>; }));

/// Whether the members of a layer, if any, can be reflected on. `Known`: it has none, has chains, or has accessors.
template <class Layer, bool Known = std::is_empty_v<Layer> || is_composite<Layer> || requires {
    typename Layer::hana_accessors_impl;
}>
inline constexpr bool is_reflected = true;
template <class Layer>
inline constexpr bool is_reflected<Layer, false> = boost::hana::Struct<Layer>::value;

/// The layers bound so far, from the input shape to the shape that the next one takes.
template <class T, class InputShape, class Shape, class... Layers>
struct bound_layers {
    using layers = chain<T, InputShape, Layers...>;
    using output_shape = Shape;
    using next = layer_number<sizeof...(Layers)>;
    static constexpr bool are_reflected = (... && is_reflected<Layers>);
    static constexpr std::uint64_t bytes = capped_sum<std::uint64_t>({sizeof(Layers)...});
};

/// `type` is the part of the list that could be bound; `wanted` is the rule of the layer that did not fit, if any.
template <class Bound, class... Specs>
struct bind {
    using type = Bound;
    using wanted = wants_any;
};

template <bool Fits, class Bound, class Spec, class... Rest>
struct bind_next {
    using type = Bound;  // a layer that does not fit ends the network: one error, not one per layer
    using wanted = typename refusing_rule<typename Spec::wants, typename Bound::output_shape>::type;
};
template <class T, class InputShape, class Shape, class... Layers, class Spec, class... Rest>
struct bind_next<true, bound_layers<T, InputShape, Shape, Layers...>, Spec, Rest...>
    : bind<bound_layers<T, InputShape, typename Spec::template layer<T, Shape>::output_shape, Layers...,
                        typename Spec::template layer<T, Shape>>,
           Rest...> {};

template <class T, class InputShape, class Shape, class... Layers, layer_spec Spec, class... Rest>
struct bind<bound_layers<T, InputShape, Shape, Layers...>, Spec, Rest...>
    : bind_next<layer_accepts_shape<layer_number<sizeof...(Layers)>, gives<Shape>, typename Spec::wants>,
                bound_layers<T, InputShape, Shape, Layers...>, Spec, Rest...> {};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
