// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Keras' layers as ONNX's operators.

#include "read/keras_graph.hpp"
#include "read/keras_settings.hpp"
#include "read/keras_weights.hpp"

#include <string>
#include <vector>

namespace ctnn_import {

/// A call of a layer.
struct keras_call {
    std::string type;  ///< its class
    std::string name;  ///< of its nodes
    keras_settings& settings;
    keras_place place;
    keras_weights& weights;
    keras_graph& to;
    int version;  ///< of Keras: 100 times the major plus the minor one; 0 if the file does not say
    std::vector<keras_value> inputs;

    /// The only input.
    keras_value input() const;
    const extents& dims() const { return to.dims(input()); }
    /// Refuses an input with another number of axes, the batch included.
    void wants_rank(std::size_t rank) const;
    /// The weights of these names, each with these extents.
    std::map<std::string, array> take(const std::vector<std::pair<std::string, extents>>& wanted) const;
};

/// The output of a layer.
///
/// *Errors*: `refusal` for a class, an option or a weight that the importer does not know.
keras_value apply_keras(const keras_call& of);

using keras_layer = keras_value (*)(const keras_call&);
using keras_table = std::map<std::string, keras_layer>;
void add_keras_activations(keras_table& table);
void add_keras_windows(keras_table& table);
void add_keras_recurrent(keras_table& table);
void add_keras_rearrangements(keras_table& table);

/// The slope of hard_sigmoid: a fifth in Keras 2, a sixth in Keras 3.
double hard_sigmoid_slope(int version);

/// The activation that the option `name` chooses, "linear" if there is none.
keras_value activate_keras(const keras_call& of, const std::string& name, keras_value x);

}  // namespace ctnn_import
