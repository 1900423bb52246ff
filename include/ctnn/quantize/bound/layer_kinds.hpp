// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How quantised layers compute, and what bounds their errors.

#include <ctnn/config.hpp>
#include <ctnn/quantize/bound/layer_difference.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/verify/layer/affine.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// How a quantised layer computes.
template <class Layer>
inline constexpr bool has_integer_weights = requires(const Layer& layer) {
    layer.weights.weights;
};
template <class Layer>
inline constexpr bool has_factors = has_integer_weights<Layer>&& requires(const Layer& layer) {
    layer.factors;
};
template <class Layer>
inline constexpr bool runs_in_float = requires(const Layer& layer) {
    layer.layer;
    requires !Layer::is_integer;
};
template <class Layer>
inline constexpr bool has_softmax = requires(const Layer& layer) {
    requires Layer::is_integer;
    layer.activation.rule;
};
template <class Layer>
inline constexpr bool has_integer_activation = has_softmax<Layer> || requires {
    requires Layer::is_integer;
    requires Layer::activation_type::is_clamping;
}
|| requires(const Layer& layer) {
    requires Layer::is_integer;
    layer.activation.table;
};
template <class Layer>
inline constexpr bool combines_branches = requires(const Layer& layer) {
    layer.branches;
    layer.combined;
};
template <class Layer>
inline constexpr bool is_recurrent = requires {
    requires Layer::is_integer;
    typename Layer::state_type;
};
template <class Layer>
inline constexpr bool keeps_integers = requires {
    requires Layer::is_integer;
    requires !has_integer_weights<Layer>;
    requires !combines_branches<Layer>;
    requires !requires(const Layer& layer) {
        layer.activation;
    };
    requires !is_recurrent<Layer>;
};
/// Whether its error can be bounded, if those of the layers in its branches can.
template <class Layer>
inline constexpr bool is_bounded_kind =
    has_integer_activation<Layer> || combines_branches<Layer> || is_recurrent<Layer> ||
    (has_integer_weights<Layer> && !has_factors<Layer>) || keeps_integers<Layer> || runs_in_float<Layer>;

/// Which of its factors a layer uses for output i.
template <class Layer>
constexpr std::size_t channel_of(std::size_t i) {
    if constexpr (has_factors<Layer>)
        return Layer::scales == 1 ? 0 : i / Layer::weights_type::channel_stride % Layer::channels;
    else
        return 0;
}
/// The number that a sum of 1 represents.
template <class Layer>
constexpr double factor_of(const Layer& layer, std::size_t channel) {
    const std::size_t i = Layer::scales == 1 ? 0 : channel;
    if constexpr (has_factors<Layer>)
        return layer.factors.number(i) * static_cast<double>(layer.activation.linear().scale);
    else
        return static_cast<double>(layer.scale[i]);
}

/// By how many halves of a step a layer that takes means may round, and 1 for layers that move integers.
template <class Layer>
constexpr double roundings_of(const Layer&) {
    if constexpr (requires(const Layer& layer) { layer.mean; })
        return 2 * decltype(Layer::mean)::error;
    else
        return 1;
}

/// The quantisation of its outputs.
template <class Layer>
constexpr quantization quantisation_after(const Layer& layer, quantization before) {
    if constexpr (has_integer_activation<Layer>)
        return layer.activation.output;
    else if constexpr (runs_in_float<Layer> || combines_branches<Layer> || is_recurrent<Layer>)
        return layer.output;
    else
        return before;
}

template <class T, class Rounding, class Layer, class Quantised>
struct branches_difference;
template <class T, class Layer, class Quantised>
struct recurrent_difference;

/// What bounds the difference of its linear part.
template <class T, class Rounding, class Layer, class Quantised>
constexpr auto difference_of_layer() {
    if constexpr (combines_branches<Quantised>)
        return std::type_identity<branches_difference<T, Rounding, Layer, Quantised>>{};
    else if constexpr (is_recurrent<Quantised>)
        return std::type_identity<recurrent_difference<T, Layer, Quantised>>{};
    else if constexpr (has_integer_weights<Quantised>)
        return std::type_identity<integer_difference<T, Layer, typename Quantised::weights_type>>{};
    else if constexpr (affine<Layer>::is_affine)
        return std::type_identity<affine_difference<T, Layer>>{};
    else
        return std::type_identity<interval_difference<T, Layer>>{};
}

}  // namespace CTNN_NAMESPACE::detail
