// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The table of the operators that `evaluate_node` computes. Each family of them adds its own.

#include "graph/operator_call.hpp"

#include <map>
#include <string>
#include <vector>

namespace ctnn_import {

using operation = std::vector<array> (*)(const call&);
using operation_table = std::map<std::string, operation>;

void add_elementwise(operation_table& table);
void add_linear(operation_table& table);
void add_windows(operation_table& table);
void add_normalisations(operation_table& table);
void add_recurrent(operation_table& table);
void add_rearrangements(operation_table& table);
void add_resampling(operation_table& table);
void add_trees(operation_table& table);
void add_quantized(operation_table& table);

}  // namespace ctnn_import
