// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shared by the files that recognise patterns: rewriting a graph so that other nodes produce a value.

#include "graph/graph.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ctnn_import {

class rewriting {
  public:
    explicit rewriting(graph& model) : model_(model) { index(); }

    const graph& model() const { return model_; }
    std::size_t size() const { return model_.nodes.size(); }
    const node& at(std::size_t place) const { return model_.nodes[place]; }

    /// The producer of a value; null for inputs and constants.
    const node* maker(const std::string& value) const;
    /// The producer if it has this operator and the value is its first output; otherwise null.
    const node* maker(const std::string& value, const std::string& op) const;
    /// The only consumer of the value; null if there are several or it is an output of the model.
    const node* only_user(const std::string& value) const;
    bool is_used(const std::string& value) const { return users_.contains(value) || is_output(value); }
    const array* constant(const std::string& value) const;
    /// The value of a constant with one element, of any rank.
    std::optional<double> number(const std::string& value) const;
    const extents& dims(const std::string& value) const { return model_.shapes.at(value); }

    /// Replaces the producer of `result` by these nodes, the last of which has it as its output and takes over the name
    /// of the old one. Changes nothing and returns false if the two subgraphs, both with the inputs `sources`, disagree
    /// on random inputs.
    bool replace(std::string result, std::vector<std::string> sources, std::vector<node> by);
    /// A unique name for a new value, derived from an old one.
    std::string fresh(const std::string& like);
    /// A new constant.
    std::string constant(const std::string& like, array numbers);

  private:
    void index();
    bool is_output(const std::string& value) const;
    void remove(std::size_t place);
    /// Copies to `to` the nodes before `end` that compute these values from its inputs, and the constants that they
    /// use.
    void add_makers(std::set<std::string> needed, std::size_t end, graph& to) const;
    bool computes_the_same(const std::string& result, const std::vector<std::string>& sources,
                           const std::vector<node>& by);

    graph& model_;
    std::map<std::string, std::size_t> makers_;
    std::map<std::string, std::vector<std::size_t>> users_;
};

/// A node without attributes.
node new_node(const std::string& op, std::vector<std::string> inputs, const std::string& output, const node& like);

/// Collects the nodes that replace the producer of `result`. They are of opset 13.
class parts {
  public:
    parts(rewriting& in, const node& what, std::string result) : in_(in), like_(what), result_(std::move(result)) {
        like_.opset = 13;
    }

    /// Appends a node, and returns its output.
    std::string operator()(const std::string& op, std::vector<std::string> inputs,
                           std::map<std::string, attribute> attributes = {});
    std::string number(double value) { return in_.constant(result_, {{}, std::vector<double>{value}}); }
    std::string numbers(std::vector<std::int64_t> values);
    /// ReduceSum, ReduceMean or ReduceMax.
    std::string reduced(const std::string& op, const std::string& x, const std::vector<std::int64_t>& axes, bool keep);
    /// The last node gets the result as its output.
    bool replace(std::vector<std::string> sources);

  private:
    rewriting& in_;
    node like_;
    std::string result_;
    std::vector<node> nodes_;
};

/// The axes of a reduction; all of them if it names none and that does not mean no axis.
std::optional<std::vector<std::int64_t>> reduced_axes(const rewriting& in, const node& what);

/// Each of these tries to match at one node and returns whether it has changed the graph, which invalidates the
/// reference to the node.
using pattern = bool (*)(rewriting&, const node&);
bool recognise_activation(rewriting& in, const node& what);
bool recognise_choice(rewriting& in, const node& what);
bool recognise_bounds(rewriting& in, const node& what);
bool recognise_layer_norm(rewriting& in, const node& what);
bool recognise_softmax(rewriting& in, const node& what);
bool recognise_mask(rewriting& in, const node& what);
bool part_gemm(rewriting& in, const node& what);
bool part_einsum(rewriting& in, const node& what);
bool part_activation(rewriting& in, const node& what);
bool part_choice(rewriting& in, const node& what);
bool part_group_norm(rewriting& in, const node& what);
bool part_norm(rewriting& in, const node& what);
bool part_reduction(rewriting& in, const node& what);
bool part_states(rewriting& in, const node& what);
bool pick_part(rewriting& in, const node& what);
bool nest_concat(rewriting& in, const node& what);

}  // namespace ctnn_import
