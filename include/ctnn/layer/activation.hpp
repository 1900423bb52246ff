// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// An activation as a layer.

#include <ctnn/chain/arguments.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/chain/view.hpp>
#include <ctnn/config.hpp>

namespace CTNN_NAMESPACE {

/// An activation between layers, where it is not the argument of a layer: `residual<...>, activation<relu>`.
///
/// *Shapes*: any in, the same out. Activations that are not elementwise (softmax) act on the innermost dimension. No
/// parameters.
template <class Activation>
struct activation {
    using wants = wants_any;

    template <class T, class InputShape>
    using layer = view_layer<InputShape, InputShape, detail::activation_or_identity<Activation>>;

    static_assert(detail::is_activation<Activation>, "ctnn::activation: the argument is an activation");
};

}  // namespace CTNN_NAMESPACE
