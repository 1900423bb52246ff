// SPDX-License-Identifier: BSL-1.0
#include "read/classes.hpp"

#include "graph/operator_call.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <set>

namespace ctnn_import {

using ctnn::io::detail::in_quotes;

namespace {

/// Whether a node only gives names to classes or their probabilities.
bool names_classes(const onnx::NodeProto& one) {
    return one.domain() == "ai.onnx.ml" && (one.op_type() == "ZipMap" || one.op_type() == "LabelEncoder") &&
           one.input_size() == 1 && one.output_size() == 1;
}

}  // namespace

void drop_names(onnx::GraphProto& from, std::vector<std::string>& notes) {
    for (auto& output : *from.mutable_output())
        for (const auto& one : from.node()) {
            if (!names_classes(one) || one.output(0) != output.name()) continue;
            notes.push_back("The output " + in_quotes(output.name()) + " is imported as " + in_quotes(one.input(0)) +
                            ", without the names of the classes (" + one.op_type() + ").");
            output.set_name(one.input(0));
            output.clear_type();
            break;
        }
    // The probabilities may be an output beside their names.
    std::set<std::string> outputs;
    auto& all = *from.mutable_output();
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const auto& output) { return !outputs.insert(output.name()).second; }),
              all.end());
    auto& nodes = *from.mutable_node();
    nodes.erase(std::remove_if(nodes.begin(), nodes.end(),
                               [&](const auto& one) { return names_classes(one) && !outputs.contains(one.output(0)); }),
                nodes.end());
}

void leave_class_to_program(graph& read) {
    if (read.outputs.size() != 1 || !read.outputs[0].integers) return;
    static const std::set<std::string> views{"Cast", "Identity", "Squeeze", "Unsqueeze", "Reshape", "Flatten"};
    std::string name = read.outputs[0].name;
    const auto maker = [&](const std::string& of) {
        return std::find_if(read.nodes.begin(), read.nodes.end(), [&](const node& one) {
            return std::find(one.outputs.begin(), one.outputs.end(), of) != one.outputs.end();
        });
    };
    std::string named;
    for (auto at = maker(name); at != read.nodes.end(); at = maker(name)) {
        if (at->op == "Gather" && read.constants.contains(at->inputs[0])) {
            named = ", which the model maps to a label";
            name = at->inputs[1];
            continue;
        }
        if (views.contains(at->op)) {
            name = at->inputs[0];
            continue;
        }
        if (at->op != "ArgMax" || at->get<std::int64_t>("select_last_index", 0) != 0) return;
        const std::string scores = at->inputs[0];
        const extents dims = read.shapes.at(scores);
        const std::size_t axis = axis_in(*at, at->get<std::int64_t>("axis", 0), dims.size());
        // One class: of a single row.
        if (count(dims) != dims[axis] || dims[axis] < 2) return;
        read.notes.push_back("The output " + in_quotes(read.outputs[0].name) + " is the class; the network gives " +
                             in_quotes(scores) + ", and ctnn::predict(net, x) the index of the largest of them" +
                             named + ".");
        read.outputs[0] = {scores, dims, false};
        return;
    }
}

}  // namespace ctnn_import
