// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A model as it was read: nodes with operators of ONNX, checked, with every extent known, free of the file format.

#include "graph/array.hpp"
#include "refusal.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ctnn_import {

using attribute = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>,
                               std::vector<std::string>, array>;

struct node {
    std::string op;                               ///< the operator: "Conv"
    std::string name;                             ///< never empty: a node without one is called after its first output
    std::vector<std::string> inputs;              ///< names of values; "" for an optional input that is left out
    std::vector<std::string> outputs;             ///< the same
    std::map<std::string, attribute> attributes;  ///< those that the file gives
    std::int64_t opset = 0;  ///< the version of the operator set that gives the operator its meaning

    /// An attribute of this type, or `otherwise` when it is not given; refuses one of another type.
    template <class T>
    T get(const std::string& attribute_name, T otherwise) const {
        const auto found = attributes.find(attribute_name);
        if (found == attributes.end()) return otherwise;
        if (const T* value = std::get_if<T>(&found->second)) return *value;
        refuse("the attribute " + attribute_name + " has another type than the operator gives it");
    }
    bool has(const std::string& attribute_name) const { return attributes.contains(attribute_name); }
    /// Whether there is such an input, and it is not left out.
    bool has_input(std::size_t index) const { return index < inputs.size() && !inputs[index].empty(); }
    /// The name of the first output that is not left out.
    std::string first_output() const {
        for (const std::string& output : outputs)
            if (!output.empty()) return output;
        return "(no name)";
    }
    bool has_output(std::size_t index) const { return index < outputs.size() && !outputs[index].empty(); }

    [[noreturn]] void refuse(const std::string& reason) const {
        throw refusal("node \"" + name + "\" (" + op + "): " + reason);
    }
};

/// Whether a Cast makes float or double of what it is given.
inline bool makes_reals(const node& cast) {
    const std::int64_t to = cast.get<std::int64_t>("to", 0);
    return to == 1 || to == 11;
}

/// A value that comes from outside, or is given back.
struct value {
    std::string name;
    extents dims;
    bool integers = false;
};

/// Nodes stand in an order in which each comes after those that it needs. Every value has one origin.
struct graph {
    std::vector<value> inputs;  ///< without those that have an initialiser
    std::vector<value> outputs;
    std::map<std::string, array> constants;  ///< initialisers, and what folding adds
    std::vector<node> nodes;
    std::map<std::string, extents> shapes;     ///< of every value, constants too
    std::vector<std::string> notes;            ///< what a reader of the header should know, such as bound extents
    std::vector<std::filesystem::path> files;  ///< beside the model, with external data
};

}  // namespace ctnn_import
