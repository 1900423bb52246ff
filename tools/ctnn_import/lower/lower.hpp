// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Lowers a graph of ONNX operators to ctnn layers.

#include "graph/graph.hpp"
#include "spec/network.hpp"

namespace ctnn_import {

/// A network that computes the output of a simplified graph from its inputs. A leading extent of 1, such as a batch of
/// one, is dropped from its shapes. Several inputs or outputs become a graph with as many.
///
/// *Errors*: `refusal` that names the node, its operator and the reason: an operator, attribute or shape without an
/// exact equivalent in ctnn, or two outputs of one operator that would be computed twice.
network lower(const graph& model);

}  // namespace ctnn_import
