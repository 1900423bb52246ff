// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads captures of amplifiers and pedals.

#include <ctnn/io/capture_types.hpp>
#include <ctnn/io/compiled.hpp>
#include <ctnn/io/error.hpp>

#include <filesystem>

namespace ctnn::io {

/// Reads a capture: a `.nam` file of the versions 0.5 to 0.7 with a WaveNet or an LSTM (Neural Amp Modeler), the JSON of
/// GuitarML (`model_data` and `state_dict`), or RTNeural's JSON of recurrent layers and a dense layer (AIDA-X). The
/// kind is recognised by the content.
///
/// A part of a model that the value cannot hold is an error, and never left out: of a WaveNet these are FiLM,
/// bottlenecks, groups, `head1x1`, a missing `layer1x1`, `condition_dsp`, a head after the arrays, blending and gates
/// other than the sigmoid; `ctnn-import` takes other models in RTNeural's JSON. Metadata is free, and ignored except
/// for what `capture` has.
///
/// *Cost*: memory grows with the file, never with what it claims: up to 40 times its size, for a file of numbers of one
/// digit.
/// *Errors*: `io::error` that names the place for a file that cannot be opened, is not JSON, has a name twice, lacks a
/// value or has one of another type, an unknown one, sizes that contradict each other, too few or too many weights, or
/// one that is no finite `float`.
/// *Source*: the players' sources, github.com/sdatkinson/NeuralAmpModelerCore and github.com/jatinchowdhury18/RTNeural.
///
/// *Example*: `const ctnn::io::capture amp = ctnn::io::read_capture("amp.nam");`
capture read_capture(const std::filesystem::path& path, const capture_options& options = {});

}  // namespace ctnn::io

#if !defined(CTNN_IO_COMPILED)
#include <ctnn/io/source/capture.hpp>
#include <ctnn/io/source/capture_nam.hpp>
#endif
