// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The activations of several outputs, as one activation of the row that they are together.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// An output of `Rows` rows of `Width` elements with its activation, at an offset in the row of all outputs.
template <class Activation, std::size_t Rows, std::size_t Width, std::size_t Offset>
struct activated_part {
    using activation = Activation;
    static constexpr std::size_t rows = Rows, width = Width, size = Rows * Width, offset = Offset;
};

/// The activations of a graph with several outputs, each applied to its part of a row.
template <class... Parts>
struct joined_activation {
    /// Activations whose derivative reads its input stay inside the graph.
    static constexpr bool derivative_needs_input = false;

    template <std::size_t Width, class T>
    CTNN_INLINE static constexpr void forward(const T* x, T* y) {
        (forward_part<Parts>(x, y), ...);
    }
    template <std::size_t Width, class T>
    CTNN_INLINE static constexpr void backward(const T* y, const T* dy, T* dx) {
        (backward_part<Parts>(y, dy, dx), ...);
    }

  private:
    template <class Part, class T>
    CTNN_INLINE static constexpr void forward_part(const T* x, T* y) {
        if (!std::is_same_v<typename Part::activation, identity> || x != y)
            activate<typename Part::activation, Part::rows, Part::width>(x + Part::offset, y + Part::offset);
    }
    template <class Part, class T>
    CTNN_INLINE static constexpr void backward_part(const T* y, const T* dy, T* dx) {
        if (dx != dy) activate<identity, Part::rows, Part::width>(dy + Part::offset, dx + Part::offset);
        activate_backward<typename Part::activation, Part::rows, Part::width>(y + Part::offset, y + Part::offset,
                                                                              dx + Part::offset);
    }
};

}  // namespace CTNN_NAMESPACE
