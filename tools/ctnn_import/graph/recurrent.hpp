// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the attributes and inputs of RNN, GRU and LSTM say, checked.

#include "graph/graph.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ctnn_import {

/// A recurrent node. Weights are those of all directions: W is directions x gates units x features, R directions x gates
/// units x units, B directions x 2 gates units.
struct recurrence {
    std::int64_t gates, units, directions, length, batch, features;
    bool batch_first = false;              ///< X is batch x time x features, and Y batch x time x directions x units
    bool backwards = false;                ///< the only direction is from the end to the beginning
    bool linear_before_reset = false;      ///< GRU
    std::vector<std::string> activations;  ///< of each direction one behind the other
};

/// The description of a node, whose inputs have these extents (empty for one that is left out).
///
/// *Errors*: `refusal` for shapes that do not fit, and for attributes that nothing here computes: `clip`,
/// `input_forget`, parameters of activations.
recurrence recurrence_of(const node& of, const std::vector<extents>& inputs);

}  // namespace ctnn_import
