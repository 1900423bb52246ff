// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the files that lower operators share.

#include "graph/graph.hpp"
#include "lower/builder.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctnn_import {

/// A node with what is known of its inputs.
struct known_node {
    const graph& model;
    const node& what;

    const extents& dims(std::size_t input) const { return model.shapes.at(what.inputs[input]); }
    /// The constant that is an input; refuses one that is not there.
    const array& constant(std::size_t input) const;
    const std::vector<double>& reals(std::size_t input) const;
    /// A list that is an attribute before an opset, and a constant input from it on. Empty when it is not given.
    std::vector<std::int64_t> list(const std::string& attribute_name, std::size_t input,
                                   std::int64_t input_since) const;
    [[noreturn]] void refuse(const std::string& reason) const { what.refuse(reason); }
};

/// A node with one input that is not a constant. The builder has its numbers; after the call it has those of one output.
struct job : known_node {
    std::size_t live;    ///< which input is not a constant
    std::size_t output;  ///< which output is asked for
    builder& to;

    const extents& input() const { return dims(live); }
    const extents& result() const { return model.shapes.at(what.outputs[output]); }
    /// Refuses a node whose live input is another than the first.
    void wants_live_first() const;
};

/// A node with several. The builder has the numbers from which all its branches begin, one for each input that is no
/// constant; after the call it has those of the first output.
struct junction : known_node {
    std::vector<std::optional<builder>>& branches;
    builder& to;

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

/// "std::ratio<1, 100>" for a number: the simplest of the usual ratios that is the same float, otherwise the number
/// itself. Refuses one that has no ratio of 63 bits.
std::string ratio_text(const node& of, double number);

/// The contiguous axes of `to` on which an array that is broadcast to it depends, seen as one; and a number for each of
/// their indices. Axes along which its numbers stay the same do not count.
struct broadcast_constant {
    axis_view at;
    std::vector<double> numbers;
};
broadcast_constant constant_along(const extents& from, const std::vector<double>& numbers, const extents& to);

/// The constants among the inputs of a Concat, with zeros in the place of the others, as they are broadcast to its
/// result.
std::vector<double> constants_of_concat(const known_node& of, std::size_t axis);
/// How many indices of constants stand before an input of a Concat that is none, and behind it if it is the last.
std::pair<std::int64_t, std::int64_t> constants_around(const known_node& of, std::size_t input, std::size_t axis);

/// Which of the inputs is the batch of a Conv or the like, and how to make it one.
[[noreturn]] void refuse_batch(const node& of, std::int64_t batch);

}  // namespace ctnn_import
