// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the files that recognise patterns share: a graph in which a value is made in another way.

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

    /// What makes a value; null for inputs and constants.
    const node* maker(const std::string& value) const;
    /// The same if its operator is this one.
    const node* maker(const std::string& value, const std::string& op) const;
    /// The only place that takes the value, if there is no other and it is no output of the model.
    const node* only_user(const std::string& value) const;
    bool is_used(const std::string& value) const { return users_.contains(value) || is_output(value); }
    const array* constant(const std::string& value) const;
    /// A constant with a single real number, whatever its rank.
    std::optional<double> number(const std::string& value) const;
    const extents& dims(const std::string& value) const { return model_.shapes.at(value); }

    /// Makes `result`, so far an output of some node, by these nodes instead, the last of which has it as its output and
    /// takes over the name of the old one. Does nothing and says so if they do not compute the same of random values of
    /// `sources`, from which both make it.
    bool replace(std::string result, std::vector<std::string> sources, std::vector<node> by);
    /// A name for a new value that has nearly the name of an old one.
    std::string fresh(const std::string& like);
    /// A new constant.
    std::string constant(const std::string& like, array numbers);

  private:
    void index();
    bool is_output(const std::string& value) const;
    void remove(std::size_t place);
    /// The nodes before `end` that make these values out of the inputs of a graph, and constants.
    void add_makers(std::set<std::string> needed, std::size_t end, graph& to) const;
    bool computes_the_same(const std::string& result, const std::vector<std::string>& sources,
                           const std::vector<node>& by);

    graph& model_;
    std::map<std::string, std::size_t> makers_;
    std::map<std::string, std::vector<std::size_t>> users_;
};

/// A node without attributes.
node new_node(const std::string& op, std::vector<std::string> inputs, const std::string& output, const node& like);

/// Each of these looks at one node and says whether it has changed the graph, after which nothing that it has been given
/// is there any more.
using pattern = bool (*)(rewriting&, const node&);
bool recognise_activation(rewriting& in, const node& what);
bool recognise_bounds(rewriting& in, const node& what);
bool recognise_layer_norm(rewriting& in, const node& what);
bool part_gemm(rewriting& in, const node& what);
bool part_mish(rewriting& in, const node& what);
bool part_group_norm(rewriting& in, const node& what);
bool part_states(rewriting& in, const node& what);
bool pick_part(rewriting& in, const node& what);
bool nest_concat(rewriting& in, const node& what);

}  // namespace ctnn_import
