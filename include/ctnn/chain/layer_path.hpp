// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A layer of a chain, or inside one of its layers, by its path.

#include <ctnn/config.hpp>
#include <ctnn/name.hpp>
#include <ctnn/parameters.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

template <class Layer>
inline constexpr std::size_t branch_count_of = [] {
    if constexpr (is_composite<Layer>)
        return Layer::branch_count;
    else
        return std::size_t{0};
}();

/// Layer `Index` of a chain; with `Branch` and `Inner`, layer `Inner` of that branch of it, and so on.
template <class Chain, std::size_t Index, class Storage>
constexpr auto& layer_at(Storage& layers) {
    static_assert(Index < Chain::count, "ctnn::get: the network has no layer with this number");
    if constexpr (Index < Chain::count)
        return Chain::template at<Index>(layers);
    else if constexpr (Chain::count > 0)
        return Chain::template at<0>(layers);
    else
        return layers;
}
template <class Chain, std::size_t Index, std::size_t Branch, std::size_t Inner, std::size_t... Deeper, class Storage>
constexpr auto& layer_at(Storage& layers) {
    auto& layer = layer_at<Chain, Index>(layers);
    using layer_type = std::remove_cvref_t<decltype(layer)>;
    static_assert(branch_count_of<layer_type> > 0, "ctnn::get: the layer has no branches");
    static_assert(branch_count_of<layer_type> == 0 || Branch < branch_count_of<layer_type>,
                  "ctnn::get: the layer has no branch with this number");
    if constexpr (Branch < branch_count_of<layer_type>)
        return layer_at<typename layer_type::template chain_at<Branch>, Inner, Deeper...>(
            layer_type::template storage_of<Branch>(layer));
    else
        return layer;
}

/// The number of the first layer of a chain that is a graph with a node of this name; `count` if there is none.
template <name Node, class Chain, std::size_t Index = 0>
constexpr std::size_t layer_with_node() {
    if constexpr (Index == Chain::count) {
        return Index;
    } else {
        using layer = typename Chain::template layer<Index>;
        if constexpr (requires { layer::template number_of<Node>; }) {
            if constexpr (layer::template number_of<Node> < branch_count_of<layer>)
                return Index;
            else
                return layer_with_node<Node, Chain, Index + 1>();
        } else {
            return layer_with_node<Node, Chain, Index + 1>();
        }
    }
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
