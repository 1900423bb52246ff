// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A reference interpreter of ctnn networks in double precision: the importer's check that the layers it writes compute
/// what the model does. Written from docs/layers.md, independently of the lowering.

#include "spec/network.hpp"

#include <vector>

namespace ctnn_import {

/// The output of each layer of the chain; `input` is flat.
std::vector<std::vector<double>> interpret(const chain& layers, const std::vector<double>& input);

}  // namespace ctnn_import
