// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// From specs, as a user writes them, to layers with shapes and places for their parameters.

#include "spec/network.hpp"
#include "spec/spec_text.hpp"

#include <cstdint>

namespace ctnn_import {

/// The most parameters of a network that is declared, where no file of weights says how many there can be.
inline constexpr std::int64_t most_parameters = std::int64_t{1} << 26;

/// A layer of this spec for such an input, with all of its parameters 0: at most `room` of them, which is reduced by them.
///
/// *Errors*: `spec_refusal` for a kind, an option, a number or a shape that ctnn does not take.
layer layer_of_spec(const spec_term& spec, const extents& input, std::int64_t& room);
layer layer_of_spec(const spec_term& spec, const extents& input);

}  // namespace ctnn_import
