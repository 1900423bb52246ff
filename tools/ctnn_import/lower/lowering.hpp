// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shared by the files that lower operators.

#include "graph/graph.hpp"
#include "lower/builder.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctnn_import {

/// A node with the shapes and constants of its inputs.
struct known_node {
    const graph& model;
    const node& what;

    const extents& dims(std::size_t input) const { return model.shapes.at(what.inputs[input]); }
    /// A constant input; rejects a missing or computed one.
    const array& constant(std::size_t input) const;
    const std::vector<double>& reals(std::size_t input) const;
    /// A list that is an attribute before opset `input_since` and a constant input since. Empty if absent.
    std::vector<std::int64_t> list(const std::string& attribute_name, std::size_t input,
                                   std::int64_t input_since) const;
    [[noreturn]] void refuse(const std::string& reason) const { what.refuse(reason); }
};

/// A node with one non-constant ("live") input. The builder ends with the value of that input; the lowering extends it
/// to one output of the node.
struct job : known_node {
    std::size_t live;    ///< the index of the non-constant input
    std::size_t output;  ///< the index of the requested output
    builder& to;

    const extents& input() const { return dims(live); }
    const extents& result() const { return model.shapes.at(what.outputs[output]); }
    /// Rejects a node whose live input is not the first.
    void wants_live_first() const;
};

/// A node with several live inputs, with one branch for each. The builder ends with the value at which the branches
/// fork; the lowering extends it to the node's first output. In a graph, each branch begins at a value of its own.
struct junction : known_node {
    std::vector<std::optional<builder>>& branches;
    builder& to;
    bool forks = true;

    const extents& result() const { return model.shapes.at(what.outputs[0]); }
};
void join_branches(const junction& of);

using lowering = void (*)(const job&);
using lowering_table = std::map<std::string, lowering>;

void add_activation_lowerings(lowering_table& table);
void add_arithmetic_lowerings(lowering_table& table);
void add_linear_lowerings(lowering_table& table);
void add_window_lowerings(lowering_table& table);
void add_reduction_lowerings(lowering_table& table);
void add_normalisation_lowerings(lowering_table& table);
void add_recurrent_lowerings(lowering_table& table);
void add_rearrangement_lowerings(lowering_table& table);
void add_resampling_lowerings(lowering_table& table);
void add_tree_lowerings(lowering_table& table);

/// A matrix of inputs x outputs.
struct weight_matrix {
    std::int64_t inputs, outputs;
    std::vector<double> numbers;
};
weight_matrix transposed(const weight_matrix& of);
/// Each innermost vector, of which there are `rows`, times the matrix.
void lower_dense(const job& of, std::int64_t rows, weight_matrix weights);

/// "std::ratio<1, 100>" for a number: the first of the common denominators that gives the same float, otherwise the
/// exact binary fraction. Rejects a number that is no ratio of 63-bit integers.
std::string ratio_text(const node& of, double number);
/// Activations with numbers, as layers take them: "ctnn::elu_with<std::ratio<1, 2>>".
std::string leaky_relu_text(const node& of, double slope);
std::string elu_text(const node& of, double alpha);
std::string hard_sigmoid_text(const node& of, double alpha, double beta);

/// The contiguous axes of `to` along which an array broadcast to it varies, merged into one, and its value at each
/// index of the merged axis.
struct broadcast_constant {
    axis_view at;
    std::vector<double> numbers;
};
broadcast_constant constant_along(const extents& from, const std::vector<double>& numbers, const extents& to);

/// The result of a Concat with zeros for its non-constant inputs.
std::vector<double> constants_of_concat(const known_node& of, std::size_t axis);
/// The extents of the constants immediately before a live input of a Concat and, if it is the last live input, after
/// it.
std::pair<std::int64_t, std::int64_t> constants_around(const known_node& of, std::size_t input, std::size_t axis);

/// Rejects a Conv or similar whose input is a batch, and says how to bind the batch axis to 1.
[[noreturn]] void refuse_batch(const node& of, std::int64_t batch);

}  // namespace ctnn_import
