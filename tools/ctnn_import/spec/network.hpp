// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The lowered model: ctnn specs with their parameters, before they are written as C++.

#include "graph/array.hpp"
#include "graph/quantization.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctnn_import {

/// A tensor of a layer, in the layout of ctnn.
struct parameter {
    std::string name;  ///< the member: "weights"
    extents dims;
    std::vector<double> values;
};

/// A tensor with a name: an input or an output of a graph.
struct named_shape {
    std::string name;
    extents dims;
};

/// What a node of a graph takes: one value, or several that a kind of layer combines.
struct node_source {
    std::string name;                    ///< of the node
    std::string combination;             ///< "sum", "product", "concatenate" or "matmul"; empty for one value
    std::vector<std::string> arguments;  ///< of that: {"ctnn::axis<1>"}
    std::vector<std::string> from;       ///< names of inputs or of nodes before it
    extents shape;                       ///< of what it takes, combined
};

/// What a layer of integers has besides: of dense layers and convolutions the scales of the weights, the integers of the bias,
/// and how the outputs of the linear part stand for real numbers; of an lstm these scales and integers of each gate, the scales
/// of the recurrent weights, and the cell's; of all, how the outputs do.
struct layer_integers {
    std::vector<double> scales;
    std::vector<std::int64_t> bias;
    quantization linear, output;
    std::vector<double> recurrent_scales;
    quantization cell;
    std::int64_t cell_limit = 0;  ///< of its integers, on both sides
};

struct layer;
using chain = std::vector<layer>;

/// A ctnn layer. Its spec is `kind<arguments..., branch<...>..., activation, options...>`, without empty parts and
/// empty angle brackets. Texts are written verbatim, so library names in them have the prefix `ctnn::`.
struct layer {
    std::string kind;                       ///< "dense"
    std::vector<std::string> arguments;     ///< {"32"}, {"ctnn::axis<1>"}
    std::vector<chain> branches;            ///< of sum, product, matmul, concatenate, bidirectional, graph
    std::vector<node_source> sources;       ///< of a graph, for each branch: it is a node
    std::vector<named_shape> inputs;        ///< of a graph whose input is joined of several; else it is "input"
    std::vector<named_shape> outputs;       ///< of a graph
    std::string activation;                 ///< "ctnn::relu", or empty for none
    bool takes_activation = false;          ///< whether this kind takes an activation
    std::size_t feature_axis = 0;           ///< of scale and prelu
    std::vector<std::string> options;       ///< {"ctnn::stride<2>", "ctnn::no_bias"}
    std::vector<parameter> parameters;      ///< in the order of the layer's members
    std::vector<std::string> nodes;         ///< the nodes of the model that it implements
    extents input, output;                  ///< shapes of one sample, in ctnn's layout
    std::int64_t multiply_accumulates = 0;  ///< excluding branches; of a graph, those of its combinations
    layer_integers integers;                ///< of a network of integers

    /// Whether it only changes the shape.
    bool is_view() const { return kind == "flatten" || kind == "reshape"; }
    /// Whether it multiplies with a matrix, of integers too.
    bool is_matrix() const { return kind == "dense" || kind == "conv1d" || kind == "conv2d"; }
    /// Null if there is no such parameter.
    parameter* find(std::string_view name) {
        for (parameter& one : parameters)
            if (one.name == name) return &one;
        return nullptr;
    }
    /// Adds a node to those that it implements.
    void add_node(const std::string& node_name) {
        if (nodes.empty() || nodes.back() != node_name) nodes.push_back(node_name);
    }
};

/// A network: `ctnn::network<T, ctnn::input<input...>, layers...>`, or with `ctnn::inputs` if its first layer is a graph that
/// has several.
struct network {
    extents input, output;
    chain layers;
    std::vector<std::string> notes;  ///< comments for the header
    /// Of a network whose state goes in and out: the input and the output of each part.
    std::vector<std::pair<std::string, std::string>> carries{};
    /// Of a network of 8-bit integers, how those of its inputs stand for real numbers.
    quantization quantized_input{};
    bool has_signed = false, has_unsigned = false;  ///< its integers, in the runtime
};

}  // namespace ctnn_import
