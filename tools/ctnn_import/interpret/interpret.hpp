// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Computes a network of ctnn from its description, in double precision: the importer's own check that the layers it
/// writes mean what the model meant. Written from docs/layers.md, not from the code that made the description.

#include "spec/network.hpp"

#include <vector>

namespace ctnn_import {

/// What each layer of the chain gives, the last one being the output of the whole; `input` is flat.
std::vector<std::vector<double>> interpret(const chain& layers, const std::vector<double>& input);

}  // namespace ctnn_import
