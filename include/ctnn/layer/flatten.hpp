// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Any shape as a vector.

#include <ctnn/layer/shape_rule.hpp>
#include <ctnn/layer/view.hpp>
#include <ctnn/shape.hpp>

namespace ctnn {

/// The same numbers as a plain vector, the innermost dimension first: what `dense` takes after a convolution.
///
/// *Shapes*: any in, `shape<size>` out. No parameters. *Cost*: none.
struct flatten {
    using wants = wants_any;

    template <class T, class InputShape>
    using layer = view_layer<InputShape, shape<InputShape::size>>;
};

}  // namespace ctnn
