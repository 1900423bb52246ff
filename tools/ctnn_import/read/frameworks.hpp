// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Converts a layer's parameters from the layouts of PyTorch and Keras to ctnn's.

#include "graph/array.hpp"
#include "spec/network.hpp"

#include <functional>
#include <string>

namespace ctnn_import {

enum class framework { ctnn, torch, keras };

/// Returns the tensor of this name in the framework ("weight_ih_l0", "kernel"), or a null pointer if there is none.
using tensor_source = std::function<const array*(const std::string& name)>;

/// Fills the parameters of one layer. A `bidirectional` counts as one layer.
///
/// *Errors*: `refusal` that names the parameter if it is missing, or if its shape differs, with both shapes.
void fill_layer(layer& to, framework from, const tensor_source& tensor);

}  // namespace ctnn_import
