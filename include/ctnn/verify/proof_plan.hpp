// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sizes of a proof, and which layers it can go through.

#include <ctnn/chain/chain.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/verify/affine.hpp>
#include <ctnn/verify/relaxation.hpp>
#include <ctnn/verify/rounding.hpp>
#include <ctnn/verify/selection.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// Sizes of a proof, and where the elements of each layer begin in arrays for all layers.
template <class Chain>
struct proof_plan;
template <class T, class InputShape, class... Layers>
struct proof_plan<chain<T, InputShape, Layers...>> {
    static constexpr std::size_t count = sizeof...(Layers);
    static constexpr std::size_t outputs[]{Layers::output_shape::size...};
    static constexpr std::size_t total = (Layers::output_shape::size + ...);
    static constexpr std::size_t widest = [] {
        std::size_t result = InputShape::size;
        for (const std::size_t size : outputs) result = size > result ? size : result;
        return result;
    }();
    static constexpr std::size_t place(std::size_t index) {
        std::size_t result = 0;
        for (std::size_t i = 0; i < index; ++i) result += outputs[i];
        return result;
    }
    /// Rows of coefficients that are propagated backwards together.
    static constexpr std::size_t rows = 8;
    static constexpr std::size_t scratch = [] {
        std::size_t result = 1;
        const auto include = [&](std::size_t size) { result = size > result ? size : result; };
        (include(scratch_size_of<Layers, rows, true>), ...);
        (include(scratch_size_of<Layers, 1, true>), ...);
        return result;
    }();
    /// The relative error of the proof's own arithmetic: no sum that it makes has more roundings than this.
    static constexpr double own = gamma<double>(4 * (total + InputShape::size + 64 * count));
};

/// Names in an error message: layer `Index`, and what it is.
template <std::size_t Index>
struct layer_number;
template <class Layer>
struct is_layer {};
template <class Activation>
struct has_activation {};

}  // namespace detail

/// Whether a proof can go through a layer, or an activation. It is false where it is named in an error.
template <class Layer>
inline constexpr bool is_provable = false;
template <class Layer>
inline constexpr bool is_provable<detail::is_layer<Layer>> = affine<Layer>::is_affine || selection<Layer>::is_selection;
template <class Activation>
inline constexpr bool is_provable<detail::has_activation<Activation>> = activation_model<Activation>::is_known;

/// Bounds of every pre-activation of a network, layer after layer.
template <class Net>
struct layer_bounds {
    using plan = detail::proof_plan<typename Net::chain_type>;
    double lower[plan::total], upper[plan::total];
};

}  // namespace CTNN_NAMESPACE
