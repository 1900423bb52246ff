// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// TensorFlow Lite's operators by number, and their options by name.

#include "graph/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace ctnn_import {

namespace tflite_file {
struct Operator;
}

/// "CONV_2D", and "number 300" for one that the importer has no name for.
std::string tflite_operator_name(std::int64_t number);

struct tflite_options {
    std::map<std::string, attribute> options;  ///< every one of the table, by the names of tflite.fbs
    std::size_t fields = 0;                    ///< how many the table may have
};
/// The options of an operator of this name, in a table that the verifier has accepted.
///
/// *Errors*: `refusal` for a table that belongs to another operator.
tflite_options options_of_tflite(const tflite_file::Operator& from, const std::string& type);

}  // namespace ctnn_import
