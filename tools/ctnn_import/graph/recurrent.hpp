// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The checked attributes and input shapes of RNN, GRU and LSTM.

#include "graph/graph.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ctnn_import {

/// An activation inside a step, with the numbers of the operator of that name.
struct step_activation {
    std::string name;  ///< "HardSigmoid"
    double alpha = 0, beta = 0;

    friend bool operator==(const step_activation&, const step_activation&) = default;
};

/// A recurrent node. Weights have a leading axis of directions: W is directions x gates units x features, R directions
/// x gates units x units, B directions x 2 gates units.
struct recurrence {
    std::int64_t gates, units, directions, length, batch, features;
    bool batch_first = false;          ///< X is batch x time x features, and Y batch x time x directions x units
    bool backwards = false;            ///< the only direction is reverse
    bool linear_before_reset = false;  ///< GRU
    bool couples_gates = false;        ///< LSTM: the forget gate is 1 minus the input gate
    /// What f and g take is clipped to [-clip, clip]; 0 for none. As onnxruntime does; the standard may mean h too.
    double clip = 0;
    std::vector<step_activation> activations;  ///< concatenated over directions

    /// Those of one direction: of RNN, f; of GRU, f and g; of LSTM, f, g and h.
    std::vector<step_activation> activations_of(std::int64_t direction) const {
        const auto each = static_cast<std::ptrdiff_t>(activations.size()) / static_cast<std::ptrdiff_t>(directions);
        const auto first = activations.begin() + static_cast<std::ptrdiff_t>(direction) * each;
        return {first, first + each};
    }
};

/// The description of a node whose inputs have these extents (empty for an omitted one).
///
/// *Errors*: `refusal` for mismatched shapes, and for attributes that are not those of the standard.
recurrence recurrence_of(const node& of, const std::vector<extents>& inputs);

}  // namespace ctnn_import
