// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Imports captures of amplifiers: Neural Amp Modeler's files and GuitarML's.

#include "spec/network.hpp"

#include <ctnn/io/capture_types.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace ctnn_import {

/// Whether a file is one of these: by its end, or in JSON by its names.
bool is_capture(const std::filesystem::path& file);

/// A capture, for sequences of `length` steps, by default 1. LSTM and GRU are layers, a WaveNet is a graph. `options` choose
/// among the networks of a file that has several.
///
/// *Errors*: `refusal`, with the text of `ctnn::io::read_capture`.
network import_capture(const std::filesystem::path& file, std::optional<std::int64_t> length,
                       const ctnn::io::capture_options& options = {});
/// The same for one that has been read.
network network_of(const ctnn::io::capture& capture, std::int64_t length);

}  // namespace ctnn_import
