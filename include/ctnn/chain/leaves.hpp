// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Traversal of layers, and of the layers inside them.

#include <ctnn/config.hpp>
#include <ctnn/parameters.hpp>

#include <type_traits>

namespace CTNN_NAMESPACE {

/// Calls `f(layer, same layer of the others...)` or, if the layer is made of chains, does so for each layer with
/// parameters in these.
template <class F, class Layer, class... Same>
CTNN_INLINE constexpr void for_each_leaf(F&& f, Layer& layer, Same&... others) {
    if constexpr (is_composite<std::remove_const_t<Layer>>) {
        const auto in_layer = [&f](auto, auto&... layers) CTNN_INLINE { for_each_leaf(f, layers...); };
        const auto in_chain = [&in_layer](auto, auto chain, auto&... storages)
                                  CTNN_INLINE { decltype(chain)::type::for_each(in_layer, storages...); };
        Layer::for_each_chain(in_chain, layer, others...);
    } else {
        f(layer, others...);
    }
}

}  // namespace CTNN_NAMESPACE
