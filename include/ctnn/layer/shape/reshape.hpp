// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The same elements in another shape.

#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/chain/view.hpp>
#include <ctnn/config.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// The rule of layers that take any shape of `Size` elements.
template <std::size_t Size>
struct wants_elements {
    template <class Shape>
    static constexpr bool fits = Shape::size == Size;
};

/// The same elements in the same order as `shape<Extents...>`.
///
/// *Shapes*: any with the same number of elements in. No parameters. *Cost*: none.
/// *Errors*: for another number of elements, "ctnn::network: a layer cannot take the shape that the layer before it
/// gives", with `wants_elements`.
/// *Example*: `reshape<1, 28, 28>` makes an image of 784 elements.
template <std::size_t... Extents>
struct reshape {
    using wants = wants_elements<shape<Extents...>::size>;

    template <class T, class InputShape>
    using layer = view_layer<InputShape, shape<Extents...>>;
};

}  // namespace CTNN_NAMESPACE
