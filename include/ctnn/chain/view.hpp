// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The common base of layers that compute nothing.

#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// A layer whose output is its input, element for element, in another shape or through an activation. It has no
/// functions: a chain passes the data on.
template <class InputShape, class OutputShape, class Activation = identity>
struct view_layer {
    using input_shape = InputShape;
    using output_shape = OutputShape;
    using activation = Activation;
    static constexpr bool is_view = true;
    static constexpr std::size_t multiply_accumulates = 0;

    friend constexpr bool operator==(const view_layer&, const view_layer&) = default;
};

}  // namespace CTNN_NAMESPACE
