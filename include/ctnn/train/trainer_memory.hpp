// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a trainer keeps in memory, and which networks it can then train.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/network.hpp>

#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// What a trainer keeps: all of it, or, for small processors, neither the gradient nor moments that are not needed.
struct whole_gradient {};
struct in_place {};

/// Whether a trainer with this memory can train a layer: one that has parameters and does not update them as it computes
/// their gradient needs the gradient's memory. False where an error message shows it.
template <class Memory, class Layer>
inline constexpr bool trains_layer = true;
template <class Layer>
inline constexpr bool trains_layer<in_place, Layer> = std::is_empty_v<Layer> || updates_at_once_of<Layer>;

/// The same for all layers of a network.
template <class Memory, class Net>
inline constexpr bool trains_every_layer = []<std::size_t... Index>(std::index_sequence<Index...>) {
    return (... && trains_layer<Memory, layer_t<Index, Net>>);
}
(std::make_index_sequence<Net::layer_count>{});

}  // namespace CTNN_NAMESPACE
