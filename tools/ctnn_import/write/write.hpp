// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Writes a network as a C++ header with its contract of static_asserts.

#include "spec/network.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ctnn_import {

/// An input and the model's output for it, flat.
struct check_vector {
    std::vector<double> input, output;
};

/// Samples for the static_assert on accuracy.
struct labelled_samples {
    std::vector<std::vector<double>> inputs;
    std::vector<std::int64_t> labels;
};

struct write_options {
    std::string name;               ///< the namespace: "kws", "my::kws"
    std::string source;             ///< the model's file name, for a comment
    bool double_precision = false;  ///< the value type is double instead of float
    std::vector<check_vector> checks;
    double tolerance = 1e-4;  ///< of the checks: |y - expected| <= tolerance * max(1, |expected|)
    std::optional<std::int64_t> max_bytes, max_macs;
    std::optional<double> min_accuracy;  ///< over `samples`
    labelled_samples samples;
    std::string rounding =
        "half_even";           ///< of a network of integers: "twice", "once", "half_even" or "half_even_float"
    std::string weights_file;  ///< if not empty, the safetensors file that has the weights; the header
                               ///< then has a loader instead of the constant
};

/// The header: the type `NAME::model_type` with one spec per line, the constant `NAME::model`, the contract.
std::string header_text(const network& model, const write_options& options);

/// The contents of a safetensors file with all parameters, named as ctnn::io::load_safetensors expects.
std::string safetensors_bytes(const network& model, bool double_precision);

/// The header of a network of 8-bit integers: `NAME::model_type` is a `ctnn::quantized`.
std::string integer_header_text(const network& model, const write_options& options);
/// `ctnn::network<T, ctnn::input<...>, ...>` in lines, each layer with its nodes in a comment.
std::string network_type_text(const network& model, const write_options& options, const std::string& end);
/// The parameters of a layer whose type is called `type`, in braces, as include/ctnn/io/header_file.hpp writes them.
void write_layer(const layer& what, const std::string& type, std::size_t indent, const write_options& options,
                 std::string& text);
/// Integers in lines of at most 120 characters.
std::string list_of_integers(const std::vector<std::int64_t>& numbers, std::size_t indent = 4);

/// A hash of the network and its weights, 16 hexadecimal digits in the header and in the metadata of its weights file,
/// by which they are matched.
std::string check_value(const network& model, bool double_precision);

/// The spec of one layer as written in the type: "ctnn::dense<4, ctnn::relu>".
std::string spec_text(const layer& what);

}  // namespace ctnn_import
