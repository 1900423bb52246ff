// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How PyTorch and Keras lay out the parameters of a layer, and how ctnn does.

#include "graph/array.hpp"
#include "spec/network.hpp"

#include <functional>
#include <string>

namespace ctnn_import {

enum class framework { ctnn, torch, keras };

/// Gives the tensor with a framework's name ("weight_ih_l0", "kernel"); a null pointer if there is none.
using tensor_source = std::function<const array*(const std::string& name)>;

/// Fills the parameters of one layer. A `bidirectional` is one layer.
///
/// *Errors*: `refusal` that names the parameter, for one that is not there or has another shape, with both shapes.
void fill_layer(layer& to, framework from, const tensor_source& tensor);

}  // namespace ctnn_import
