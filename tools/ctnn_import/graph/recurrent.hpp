// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The checked attributes and input shapes of RNN, GRU and LSTM.

#include "graph/graph.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ctnn_import {

/// A recurrent node. Weights have a leading axis of directions: W is directions x gates units x features, R directions
/// x gates units x units, B directions x 2 gates units.
struct recurrence {
    std::int64_t gates, units, directions, length, batch, features;
    bool batch_first = false;              ///< X is batch x time x features, and Y batch x time x directions x units
    bool backwards = false;                ///< the only direction is reverse
    bool linear_before_reset = false;      ///< GRU
    std::vector<std::string> activations;  ///< concatenated over directions
};

/// The description of a node whose inputs have these extents (empty for an omitted one).
///
/// *Errors*: `refusal` for mismatched shapes and for unsupported attributes: `clip`, `input_forget`, parameters of
/// activations.
recurrence recurrence_of(const node& of, const std::vector<extents>& inputs);

}  // namespace ctnn_import
