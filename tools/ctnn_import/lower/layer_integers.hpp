// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What layers of integers have besides the real numbers of their parameters.

#include "graph/graph.hpp"
#include "spec/network.hpp"

namespace ctnn_import {

/// Finds scales, zero points and integers of biases for the layers of a network that was lowered from this graph.
///
/// *Errors*: `refusal` for a layer whose numbers the graph does not quantise, or which has no form of integers.
void add_integers(const graph& model, network& to);

}  // namespace ctnn_import
