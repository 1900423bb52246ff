// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Which arguments each kind of layer takes.

#include "spec/spec_text.hpp"

#include <cstdint>
#include <string>

namespace ctnn_import {

/// Numbers of a spec, and those that one layer gives: a larger network is none that a compiler takes.
inline constexpr std::int64_t most_in_spec = std::int64_t{1} << 22;

bool is_activation(const std::string& name);

/// *Errors*: `spec_refusal` for a kind of layer that the importer does not know, and for an argument that it does not
/// take, that is there twice, or that is out of range. Layers that are arguments are looked at when they are bound.
void check_arguments(const spec_term& spec);

}  // namespace ctnn_import
