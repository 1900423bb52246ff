// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Layers that move 8-bit integers, unchanged.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/strided.hpp>
#include <ctnn/layer/shape/rearrangement.hpp>
#include <ctnn/quantize/layer/quantized_layer.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {
template <class T, class Move>
std::type_identity<Move> move_of(const rearrangement_layer<T, Move>*);
}  // namespace detail

/// `permute`, `reverse`, `slice`, `upsample` and `zero_pad`, which pads with the integer of 0.
template <class Layer, class Arithmetic>
requires requires {
    detail::move_of(static_cast<const Layer*>(nullptr));
}
struct quantized_layer<Layer, Arithmetic> : keeps_quantization<Layer> {
    using move = typename decltype(detail::move_of(static_cast<const Layer*>(nullptr)))::type;
    /// The integer of 0.
    std::int8_t padding;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    constexpr void set(const typename quantized_layer::parameters&, quantization before) {
        padding = static_cast<std::int8_t>(before.zero_point);
    }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        if constexpr (move::output_shape::size > move::moved)
            for (std::size_t i = 0; i < move::output_shape::size; ++i) y[i] = padding;
        kernel::for_each_strided<move::loops>([&](std::size_t to, std::size_t from) CTNN_INLINE {
            y[move::output_start + to] = x[move::input_start + from];
        });
    }
};

}  // namespace CTNN_NAMESPACE
