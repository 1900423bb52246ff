// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The arguments of each kind of layer.

#include "spec/spec_text.hpp"

#include <cstdint>
#include <string>

namespace ctnn_import {

/// The limit of numbers in a spec and of the outputs of one layer: compilers do not cope with larger networks.
inline constexpr std::int64_t most_in_spec = std::int64_t{1} << 22;

bool is_activation(const std::string& name);

/// *Errors*: `spec_refusal` for an unknown kind of layer, and for an argument that is invalid, repeated or out of
/// range. Layers as arguments are checked when they are bound.
void check_arguments(const spec_term& spec);

}  // namespace ctnn_import
