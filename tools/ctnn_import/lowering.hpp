// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the files that lower operators share: a node with one input that is not a constant.

#include "builder.hpp"
#include "graph.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ctnn_import {

/// A node to be lowered. The builder has the numbers of its live input; after the call it has those of one output.
struct job {
    const graph& model;
    const node& what;
    std::size_t live;    ///< which input is not a constant
    std::size_t output;  ///< which output is asked for
    builder& to;

    const extents& dims(std::size_t input) const { return model.shapes.at(what.inputs[input]); }
    const extents& input() const { return dims(live); }
    const extents& result() const { return model.shapes.at(what.outputs[output]); }
    /// The constant that is an input; refuses one that is not there.
    const array& constant(std::size_t input) const;
    const std::vector<double>& reals(std::size_t input) const;
    /// A list that is an attribute before an opset, and a constant input from it on. Empty when it is not given.
    std::vector<std::int64_t> list(const std::string& attribute_name, std::size_t input,
                                   std::int64_t input_since) const;
    /// Refuses a node whose live input is another than the first.
    void wants_live_first() const;
    [[noreturn]] void refuse(const std::string& reason) const { what.refuse(reason); }
};

using lowering = void (*)(const job&);
using lowering_table = std::map<std::string, lowering>;

void add_activation_lowerings(lowering_table& table);
void add_arithmetic_lowerings(lowering_table& table);
void add_linear_lowerings(lowering_table& table);
void add_window_lowerings(lowering_table& table);
void add_normalisation_lowerings(lowering_table& table);
void add_recurrent_lowerings(lowering_table& table);
void add_rearrangement_lowerings(lowering_table& table);

/// "std::ratio<1, 100>" for a number: the simplest of the usual ratios that is the same float, otherwise the number
/// itself. Refuses one that has no ratio of 63 bits.
std::string ratio_text(const node& of, double number);

/// The contiguous axes of `to` on which an array that is broadcast to it depends, seen as one; and a number for each of
/// their indices.
struct broadcast_constant {
    axis_view at;
    std::vector<double> numbers;
};
broadcast_constant constant_along(const extents& from, const std::vector<double>& numbers, const extents& to);

/// Which of the inputs is the batch of a Conv or the like, and how to make it one.
[[noreturn]] void refuse_batch(const node& of, std::int64_t batch);

}  // namespace ctnn_import
