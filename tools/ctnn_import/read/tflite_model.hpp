// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A TensorFlow Lite model as its file says it: checked tensors and operators, channels last, integers as they are.

#include "graph/array.hpp"
#include "graph/graph.hpp"
#include "graph/quantization.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn_import {

/// Types of elements, by the numbers that the format gives them.
enum class tflite_type : std::int8_t {
    float32 = 0,
    float16 = 1,
    int32 = 2,
    uint8 = 3,
    int64 = 4,
    boolean = 6,
    int16 = 7,
    int8 = 9,
    float64 = 10,
    bfloat16 = 18
};
/// "INT8", and "type 13" for one that the importer does not read.
std::string text_of(tflite_type type);

struct tflite_tensor {
    std::string_view name;  ///< in the file; may be empty, and others may have the same
    tflite_type type{};
    extents dims;
    bool is_open = false;      ///< the file leaves extents open, and `dims` may be those of another input
    bool is_constant = false;  ///< `data` has its elements, little-endian
    bool is_variable = false;  ///< keeps its value from one call to the next
    std::string_view data;     ///< in the file
    quantization quantized;
};

struct tflite_operator {
    std::string type;                          ///< "CONV_2D"
    std::int64_t version = 1;                  ///< of its definition
    std::vector<std::int32_t> inputs;          ///< indices of tensors; -1 for one that is left out
    std::vector<std::int32_t> outputs;         ///< likewise, without -1
    std::map<std::string, attribute> options;  ///< by the names in tflite.fbs; every one of its table
    bool has_unknown_options = false;          ///< in a table that is not there

    /// An option. Operators without a table of options have the format's defaults, here `otherwise`.
    template <class T>
    T option(const std::string& name, T otherwise) const {
        const auto found = options.find(name);
        return found == options.end() ? otherwise : std::get<T>(found->second);
    }
};

/// Every operator's inputs are constants, inputs of the model, or outputs of operators before it; every tensor has one
/// origin. Views are into the bytes of the file.
struct tflite_model {
    std::vector<tflite_tensor> tensors;
    std::vector<tflite_operator> operators;
    std::vector<std::int32_t> inputs, outputs;  ///< indices of tensors

    /// The name of a tensor for messages: `tensor 3 ("conv1")`.
    std::string about(std::int32_t tensor) const;
    /// The name of an operator for messages: `operator 2 (CONV_2D, "conv1")`, with its first output's.
    std::string about(const tflite_operator& one) const;
};

/// The checked content of a file, whose bytes have to outlive it, at an address that is a multiple of 16.
///
/// *Errors*: `refusal` that names the tensor or the operator and its position; nothing has been decoded then.
tflite_model checked_tflite(std::string_view bytes);

/// How 8-bit integers stand for real numbers, as if they were signed: those of uint8 are 128 larger.
quantization signed_quantization(const tflite_tensor& of);

/// The elements: real numbers for floats, and for integers with scales; integers for others.
array elements_of(const tflite_tensor& of);
/// The integers of a tensor as they are in the file, with the extents of the tensor.
array integers_of(const tflite_tensor& of);

}  // namespace ctnn_import
