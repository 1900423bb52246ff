// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Turns specs, as users write them, into layers with shapes and storage for their parameters.

#include "spec/network.hpp"
#include "spec/spec_text.hpp"

#include <cstdint>
#include <vector>

namespace ctnn_import {

/// The limit on a declared network's parameters if no weights file bounds them.
inline constexpr std::int64_t most_parameters = std::int64_t{1} << 26;

/// The layer of this spec for this input shape, with all parameters 0. It may have at most `room` parameters; `room` is
/// reduced by their number. `inputs` are those of a graph whose input is joined of several.
///
/// *Errors*: `spec_refusal` for an unsupported kind, option, number or shape.
layer layer_of_spec(const spec_term& spec, const extents& input, std::int64_t& room,
                    const std::vector<named_shape>& inputs = {});
layer layer_of_spec(const spec_term& spec, const extents& input, const std::vector<named_shape>& inputs = {});

}  // namespace ctnn_import
