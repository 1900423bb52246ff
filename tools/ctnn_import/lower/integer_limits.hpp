// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What layers of integers can compute in 32 bits, and the sentence that refuses others.

#include "spec/network.hpp"

#include <string>

namespace ctnn_import {

/// *Errors*: `refusal` that names the layer's last node.
[[noreturn]] void refuse_integers(const layer& what, const std::string& reason);

/// The scale of an input is from `least` to 256 times that of the output: beyond, runtimes differ, and factors have more than
/// 32 bits.
void check_ratio(const layer& what, const quantization& from, const quantization& to, double least);

/// The sums of a layer that multiplies, whose inputs have the quantisation `now`, have 32 bits, after a shift to the left by the
/// exponent of a factor above 1 as well.
void check_sums(const layer& what, const parameter& weights, const quantization& now);

}  // namespace ctnn_import
