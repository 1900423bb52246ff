// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Long lists of layers in functions of a few layers each.

#include <ctnn/config.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// Up to `most_layers_inlined` layers are one function; more are functions of `layers_of_block` each, because the time of compilers
/// grows with the square of a function's length.
inline constexpr std::size_t layers_of_block = 16, most_layers_inlined = 2 * layers_of_block;

template <std::size_t Begin, std::size_t... Index, class F>
[[gnu::noinline]] constexpr void call_with_block(std::index_sequence<Index...>, F& f) {
    f(std::index_sequence<Begin + Index...>{});
}

template <std::size_t Block, std::size_t Count>
using layers_in_block =
    std::make_index_sequence<(Block + 1) * layers_of_block <= Count ? layers_of_block : Count % layers_of_block>;

/// Calls `f(std::index_sequence<0 to 15>)`, `f(std::index_sequence<16 to 31>)` and so on up to `Count`, each from a function
/// of its own.
template <std::size_t Count, class F>
constexpr void in_blocks(F f) {
    [&]<std::size_t... Block>(std::index_sequence<Block...>) {
        (call_with_block<Block * layers_of_block>(layers_in_block<Block, Count>{}, f), ...);
    }
    (std::make_index_sequence<(Count + layers_of_block - 1) / layers_of_block>{});
}

}  // namespace CTNN_NAMESPACE::detail
