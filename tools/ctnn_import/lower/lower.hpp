// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Lowers a graph of ONNX operators to ctnn layers.

#include "graph/graph.hpp"
#include "spec/network.hpp"

namespace ctnn_import {

/// A network that computes the output of a simplified graph from its inputs. A leading extent of 1, such as a batch of
/// one, is dropped from its shapes. Several inputs are concatenated into one, which branches take apart by `slice`.
///
/// *Errors*: `refusal` that names the node, its operator and the reason: an operator, attribute or shape without an
/// exact equivalent in ctnn, or a graph that is not nested branches.
network lower(const graph& model);

}  // namespace ctnn_import
