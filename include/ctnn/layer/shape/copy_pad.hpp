// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Padding by elements of the input: its mirror image, its edge, or its other end.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/layer/shape/zero_pad.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

/// How a dimension is padded: the index of the element that is copied to place `at` of the padded dimension, and the most
/// elements that fit at one end.
struct reflected {
    static constexpr std::size_t most(std::size_t extent) { return extent - 1; }
    static constexpr std::size_t source(std::size_t at, std::size_t before, std::size_t extent) {
        return at < before ? before - at : at - before < extent ? at - before : 2 * (extent - 1) - (at - before);
    }
};
struct edge_repeated {
    static constexpr std::size_t most(std::size_t) { return ~std::size_t{0}; }
    static constexpr std::size_t source(std::size_t at, std::size_t before, std::size_t extent) {
        return at < before ? 0 : at - before < extent ? at - before : extent - 1;
    }
};
struct wrapped {
    static constexpr std::size_t most(std::size_t extent) { return extent; }
    static constexpr std::size_t source(std::size_t at, std::size_t before, std::size_t extent) {
        return at < before ? at + extent - before : at - before < extent ? at - before : at - before - extent;
    }
};

/// The rule that the input has a dimension for each pad, and elements enough for it.
template <class Kind, class... Pads>
struct wants_elements_for {
    template <class Shape>
    static constexpr bool fits = [] {
        if constexpr (Shape::rank < sizeof...(Pads)) {
            return false;
        } else {
            bool result = true;
            for (std::size_t i = Shape::rank - sizeof...(Pads); i < Shape::rank; ++i)
                result = result && detail::pads<Pads...>::before(Shape::rank, i) <= Kind::most(Shape::extent(i)) &&
                         detail::pads<Pads...>::behind(Shape::rank, i) <= Kind::most(Shape::extent(i));
            return result;
        }
    }();
};

/// A padding, bound to its input.
template <class T, class InputShape, class Kind, class... Pads>
struct copy_pad_layer {
    using input_shape = InputShape;
    using output_shape = typename detail::padding_of<InputShape, std::make_index_sequence<InputShape::rank>,
                                                     detail::pads<Pads...>>::output_shape;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 0;

    friend constexpr bool operator==(const copy_pad_layer&, const copy_pad_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t i = 0; i < Batch * blocks; ++i)
            fill<outer>(x + i * stride_in<outer>, y + i * stride_out<outer>);
    }

    /// dL/dx is the sum of dL/dy over the copies.
    template <std::size_t Batch>
    static constexpr void backward(const T*, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t i = 0; i < Batch * InputShape::size; ++i) dx[i] = T{};
        for (std::size_t i = 0; i < Batch * blocks; ++i)
            add<outer>(dy + i * stride_out<outer>, dx + i * stride_in<outer>);
    }

  private:
    static constexpr std::size_t rank = InputShape::rank, outer = rank - sizeof...(Pads);
    /// The elements from dimension `Level` on.
    template <std::size_t Level>
    static constexpr std::size_t stride_in = InputShape::extent(Level) * InputShape::stride(Level);
    template <std::size_t Level>
    static constexpr std::size_t stride_out = output_shape::extent(Level) * output_shape::stride(Level);
    static constexpr std::size_t blocks = InputShape::size / stride_in<outer>;

    /// The middle from the input, and then the two ends from the middle.
    template <std::size_t Level>
    static constexpr void fill(const T* x, T* y) {
        constexpr std::size_t extent = InputShape::extent(Level), size = output_shape::stride(Level),
                              before = detail::pads<Pads...>::before(rank, Level);
        if constexpr (Level + 1 == rank)
            kernel::copy<extent>(x, y + before);
        else
            for (std::size_t i = 0; i < extent; ++i)
                fill<Level + 1>(x + i * stride_in<Level + 1>, y + (before + i) * size);
        const auto copy_block = [y](std::size_t at) CTNN_INLINE {
            kernel::copy<size>(y + (before + Kind::source(at, before, extent)) * size, y + at * size);
        };
        for (std::size_t i = 0; i < before; ++i) copy_block(i);
        for (std::size_t i = before + extent; i < output_shape::extent(Level); ++i) copy_block(i);
    }
    template <std::size_t Level>
    static constexpr void add(const T* dy, T* dx) {
        constexpr std::size_t extent = InputShape::extent(Level), before = detail::pads<Pads...>::before(rank, Level);
        for (std::size_t i = 0; i < output_shape::extent(Level); ++i) {
            const std::size_t from = Kind::source(i, before, extent);
            if constexpr (Level + 1 == rank)
                dx[from] += dy[i];
            else
                add<Level + 1>(dy + i * output_shape::stride(Level), dx + from * InputShape::stride(Level));
        }
    }
};

/// Pads with the mirror image of the input, without its edge: a b c becomes c b a b c with `pad<2, 0>`. Each
/// `pad<before, behind>` is for one dimension, the last one for the innermost.
///
/// *Shapes*: `reflect_pad<pad<1>, pad<0, 2>>` turns shape<C, H, W> into shape<C, H + 2, W + 2>. A pad is less than its
/// dimension. No parameters. *Cost*: a copy.
/// *Errors*: for longer pads, and more pads than dimensions, "ctnn::network: a layer cannot take the shape that the layer
/// before it gives".
template <class... Pads>
struct reflect_pad {
    using wants = wants_elements_for<reflected, Pads...>;

    template <class T, class InputShape>
    using layer = copy_pad_layer<T, InputShape, reflected, Pads...>;
};

/// The same with the elements at the edge, repeated: a b c becomes a a a b c. A pad may be of any length.
template <class... Pads>
struct edge_pad {
    using wants = wants_elements_for<edge_repeated, Pads...>;

    template <class T, class InputShape>
    using layer = copy_pad_layer<T, InputShape, edge_repeated, Pads...>;
};

/// The same with the other end of the input: a b c becomes b c a b c. A pad is at most its dimension.
template <class... Pads>
struct wrap_pad {
    using wants = wants_elements_for<wrapped, Pads...>;

    template <class T, class InputShape>
    using layer = copy_pad_layer<T, InputShape, wrapped, Pads...>;
};

}  // namespace CTNN_NAMESPACE
