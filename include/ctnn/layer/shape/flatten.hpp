// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Any shape as a vector.

#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/chain/view.hpp>
#include <ctnn/config.hpp>
#include <ctnn/shape.hpp>

namespace CTNN_NAMESPACE {

/// The same elements in the same order as a vector, for `dense` after a convolution.
///
/// *Shapes*: any in, `shape<size>` out; an image channel by channel, row by row. No parameters. *Cost*: none; a copy if
/// it is the last layer.
struct flatten {
    using wants = wants_any;

    template <class T, class InputShape>
    using layer = view_layer<InputShape, shape<InputShape::size>>;
};

}  // namespace CTNN_NAMESPACE
