// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Builds the graph of a model of Keras or TensorFlow Lite. Both have the channels last, and ONNX has them before the
/// places of an image or a sequence: a value is moved only where an operator needs it so.

#include "graph/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ctnn_import {

/// A value of a Keras model.
using keras_value = std::size_t;

class keras_graph {
  public:
    using attributes = std::map<std::string, attribute>;

    keras_value input(const std::string& name, const extents& dims, bool integers);
    std::string constant(const std::string& name, array numbers);
    std::string integers(const std::string& name, std::vector<std::int64_t> numbers);
    /// Appends a node and returns its output of this index.
    std::string emit(const std::string& op, const std::string& name, std::vector<std::string> inputs,
                     attributes with = {}, std::size_t output = 0);
    /// The same where the extents of the output are known: nothing is computed.
    std::string emit_as(const std::string& op, const std::string& name, std::vector<std::string> inputs,
                        const extents& dims, attributes with = {}, std::size_t output = 0, bool integers = false);

    /// A value whose axes are as in Keras.
    keras_value as_is(const std::string& of);
    /// A value whose channels are before its places.
    keras_value channels_first(const std::string& of);
    /// A value flattened while its channels are before its places, `dims` then.
    keras_value flattened(const std::string& of, const extents& dims);

    const extents& dims(keras_value of) const { return values_[of].dims; }  ///< with the axes of Keras
    bool holds_integers(keras_value of) const { return values_[of].integers; }
    /// The value with the axes of Keras, and with its channels moved.
    std::string in_place(keras_value of);
    std::string moved(keras_value of);
    /// Whether it was computed with the channels first.
    bool is_moved(keras_value of) const { return values_[of].is_moved && values_[of].before.empty(); }
    /// The value that was flattened with its channels first and its extents then; none if it was not.
    std::pair<std::string, extents> before_flatten(keras_value of) const {
        return {values_[of].is_moved ? values_[of].first : "", values_[of].before};
    }
    const extents& dims_of(const std::string& of) const { return graph_.shapes.at(of); }

    /// f for the value as it was computed: for functions of single elements.
    template <class F>
    keras_value elementwise(keras_value of, F f) {
        const value_of_keras given = values_[of];
        const std::string made = f(given.is_moved ? given.first : given.last);
        if (!given.is_moved) return as_is(made);
        return given.before.empty() ? channels_first(made) : flattened(made, given.before);
    }

    /// States how the integers of a value or of a constant stand for its real numbers.
    void quantize(keras_value of, const quantization& how, bool is_unsigned);
    void quantize(const std::string& constant, const quantization& how) { graph_.quantized[constant] = how; }

    /// The graph with these outputs.
    graph finish(const std::vector<std::pair<std::string, keras_value>>& outputs);
    std::vector<std::string>& notes() { return graph_.notes; }

  private:
    struct value_of_keras {
        extents dims;
        std::string last, first;  ///< the values in the graph; empty if there is none yet
        bool is_moved = false;
        extents before{};  ///< of a flattened value, the extents before
        bool integers = false;
    };
    std::string fresh(const std::string& name) const;
    node node_of(const std::string& op, const std::string& name, std::vector<std::string> inputs, attributes with,
                 std::size_t output) const;

    graph graph_;
    std::vector<value_of_keras> values_;
    std::map<std::string, bool> integer_values_;
};

/// The graph without what its outputs do not need.
graph needed(graph model);

/// An array with its axes permuted: axis i of the result is axis order[i].
array permuted_array(const array& of, const std::vector<std::size_t>& order);

}  // namespace ctnn_import
