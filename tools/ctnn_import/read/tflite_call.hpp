// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// TensorFlow Lite's operators as ONNX's.

#include "read/keras_graph.hpp"
#include "read/tflite_model.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ctnn_import {

/// What has been converted of a model.
struct tflite_state {
    const tflite_model& model;
    keras_graph to{};
    std::vector<std::optional<keras_value>> values{};  ///< of tensors; none for constants
    std::map<std::size_t, array> folded{};             ///< tensors that are computed from constants alone
    std::int64_t room = 0;                             ///< how many elements of constants may still be decoded
    std::int64_t work = 0;                             ///< multiplications
    std::string prefix{};                              ///< of the names of nodes
};

/// An operator with its tensors. A message begins with the operator's name, which the caller adds.
struct tflite_call {
    tflite_state& state;
    const tflite_operator& what;
    std::string name;  ///< of its nodes

    bool has(std::size_t input) const { return input < what.inputs.size() && what.inputs[input] >= 0; }
    void wants_inputs(std::size_t least, std::size_t most) const;
    const tflite_tensor& input(std::size_t at) const;
    const extents& dims(std::size_t at) const;
    bool is_constant(std::size_t at) const;
    /// The elements of a constant as real numbers, or as integers.
    array reals(std::size_t at) const;
    std::vector<std::int64_t> integers(std::size_t at) const;
    /// A constant that has these extents.
    array reals(std::size_t at, const extents& wanted, const char* named) const;
    /// An input as a value of the graph.
    keras_value value(std::size_t at) const;
    std::int64_t number(const char* option, std::int64_t otherwise = 0) const {
        return what.option<std::int64_t>(option, otherwise);
    }
    /// An axis that may count from the end.
    std::size_t axis(std::int64_t given, std::size_t rank) const;

    /// Appends a node whose output has these extents.
    std::string emit(const char* op, const std::string& suffix, std::vector<std::string> inputs, const extents& dims,
                     keras_graph::attributes with = {}, std::size_t output = 0, bool integers = false) const;
    std::string constant(const std::string& suffix, array numbers) const;
    /// A constant of the numbers of an input, perhaps in another order.
    std::string constant_of(std::size_t at, const std::string& suffix, array numbers) const;
    std::string integers(const std::string& suffix, std::vector<std::int64_t> numbers) const;
    /// Of a node of this many multiplications.
    void add_work(const extents& factors) const;

    /// f of single elements.
    keras_value elementwise(const char* op, keras_value x, const keras_graph::attributes& with = {},
                            const std::string& suffix = "") const;
    keras_value clipped(keras_value x, double low, double high, const std::string& suffix = "") const;
    /// The activation that an option chooses.
    keras_value activated(keras_value x) const;
    /// A value with other extents and the same order of elements.
    keras_value reshaped(keras_value x, const extents& dims, const std::string& suffix = "") const;
    /// Elements from `starts` on, `dims` of them, at these steps.
    keras_value sliced(keras_value x, const std::vector<std::int64_t>& starts, const extents& dims,
                       const std::vector<std::int64_t>& steps, const std::string& suffix = "") const;
    /// Axes of Keras' order, in the order of a value that has its channels first.
    static std::size_t moved_axis(std::size_t axis, std::size_t rank) {
        return axis == 0 ? 0 : axis + 1 == rank ? 1 : axis + 1;
    }
    /// Whether a value has its channels first, and is no flattened image.
    bool is_moved(keras_value x) const { return state.to.is_moved(x) && state.to.dims(x).size() > 2; }
    /// Values in one arrangement, and whether that has the channels first.
    std::pair<std::vector<std::string>, bool> alike(const std::vector<keras_value>& all) const;
    keras_value arranged(const std::string& made, bool first) const {
        return first ? state.to.channels_first(made) : state.to.as_is(made);
    }
};

/// The outputs of an operator.
using keras_values = std::vector<keras_value>;
using tflite_layer = keras_values (*)(const tflite_call&);
using tflite_table = std::map<std::string, tflite_layer>;
void add_tflite_elementwise(tflite_table& table);
void add_tflite_windows(tflite_table& table);
void add_tflite_linear(tflite_table& table);
void add_tflite_recurrent(tflite_table& table);
void add_tflite_rearrangements(tflite_table& table);

}  // namespace ctnn_import
