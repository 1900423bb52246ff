// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Turns a graph of ONNX operators into layers of ctnn.

#include "graph/graph.hpp"
#include "spec/network.hpp"

namespace ctnn_import {

/// A network that computes the first output of a simplified graph from its inputs. Extents of 1 in front, such as a batch
/// of one, are left out of its shapes. Several inputs become one, one behind the other, which branches take apart by
/// `slice`.
///
/// *Errors*: `refusal` that names the node, its operator and the reason: an operator, attribute or shape for which ctnn
/// has no exact equal, or a graph that is no nest of branches.
network lower(const graph& model);

}  // namespace ctnn_import
