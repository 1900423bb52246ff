// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads the nodes of a model, with functions, branches and loops in place of the nodes that stand for them.

#include "graph/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace ctnn_import {

/// How the names in a graph, a branch or a function are those of the whole model.
struct scope {
    const scope* outer = nullptr;  ///< null for the model and for a function, which see no names but their own
    std::string prefix;
    std::map<std::string, std::string> names{};
    const onnx::NodeProto* caller = nullptr;  ///< of the function
    std::int64_t opset = 0;
    int depth = 0;
};

/// Appends nodes to a graph, with the names of the whole model.
class node_reader {
  public:
    node_reader(const onnx::ModelProto& model, const std::filesystem::path& folder, graph& to);

    bool is_plain() const { return is_plain_; }
    bool has_made(const std::string& name) const { return made_.contains(name); }

    void read(const onnx::GraphProto& from, scope& in);

  private:
    /// Nothing if a function has no such value.
    static std::optional<std::string> resolved(const scope& in, const std::string& name);
    static std::string defined(scope& in, const std::string& name);
    /// A node with the names of the whole model, and with the attributes that the function's caller gives.
    onnx::NodeProto renamed(const onnx::NodeProto& given, scope& in);
    void read(const onnx::NodeProto& given, scope& in);
    node node_of(const onnx::NodeProto& given, std::int64_t opset) const;
    /// Adds the attribute "unsigned" to QuantizeLinear and DequantizeLinear: whether the zero point is of uint8.
    void state_sign(node& of) const;
    void add(node next);
    /// An output of a branch or a function under the name that the model gives it.
    void alias(const std::optional<std::string>& from, const std::string& name, const node& like);
    node caller_of(const onnx::NodeProto& given, std::int64_t opset) const;
    const onnx::FunctionProto* function_of(const onnx::NodeProto& of) const;
    void call(const onnx::NodeProto& given, const onnx::FunctionProto& function, const scope& from);
    /// Puts the nodes of the branch that is taken in place of an If.
    void choose(const onnx::NodeProto& given, const scope& from);
    std::string prefix_of(const node& caller);
    /// A number that depends on constants and on extents alone; `what` it is, for a refusal.
    std::int64_t whole_number(const node& of, const std::string& name, const std::string& what) const;

    // --- Loops: their steps, one after another

    void loop(const onnx::NodeProto& given, const scope& from);
    void scan(const onnx::NodeProto& given, const scope& from);
    const onnx::GraphProto& body_of(const onnx::NodeProto& given, const node& of) const;
    /// The initialisers of a body, which its steps share.
    void begin(const onnx::GraphProto& body, const node& of, scope& constants);
    std::vector<std::string> step(const onnx::GraphProto& body, const node& of, scope& in,
                                  const std::vector<std::string>& inputs, std::size_t nodes_before);
    void collect(const node& of, const std::vector<std::string>& parts, const std::string& prefix, std::int64_t axis,
                 const std::string& output);
    std::string constant(const std::string& name, array numbers);
    /// Adds a node of opset 13.
    void apply(const node& like, const std::string& op, std::vector<std::string> inputs, const std::string& output,
               std::map<std::string, attribute> attributes = {});
    extents extents_of(const node& of, const std::string& name) const;

    const onnx::ModelProto& model_;
    const std::filesystem::path& folder_;
    graph& to_;
    std::set<std::string> made_, taken_;
    int calls_ = 0;
    static constexpr int deepest_call = 32, most_calls = 1 << 16;
    bool is_plain_ = true;
};

}  // namespace ctnn_import
