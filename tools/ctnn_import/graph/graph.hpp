// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A model after parsing: checked nodes with ONNX operators and all shapes known, independent of the file format.

#include "graph/array.hpp"
#include "graph/quantization.hpp"
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
    std::string op;                               ///< the operator type: "Conv"
    std::string name;                             ///< never empty: an unnamed node is named after its first output
    std::vector<std::string> inputs;              ///< names of values; "" for an omitted optional input
    std::vector<std::string> outputs;             ///< likewise
    std::map<std::string, attribute> attributes;  ///< those present in the file
    std::int64_t opset = 0;                       ///< the opset version that defines the operator

    /// An attribute of this type, or `otherwise` if absent; rejects one of another type.
    template <class T>
    T get(const std::string& attribute_name, T otherwise) const {
        const auto found = attributes.find(attribute_name);
        if (found == attributes.end()) return otherwise;
        if (const T* value = std::get_if<T>(&found->second)) return *value;
        refuse("the attribute " + attribute_name + " has another type than the operator declares");
    }
    bool has(const std::string& attribute_name) const { return attributes.contains(attribute_name); }
    /// Whether the input exists and is not omitted.
    bool has_input(std::size_t index) const { return index < inputs.size() && !inputs[index].empty(); }
    /// The name of the first output that is not omitted.
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

/// Whether a Cast is to float or double.
inline bool makes_reals(const node& cast) {
    const std::int64_t to = cast.get<std::int64_t>("to", 0);
    return to == 1 || to == 11;
}

/// A graph input or output.
struct value {
    std::string name;
    extents dims;
    bool integers = false;
};

/// Nodes are in topological order. Every value has one producer.
struct graph {
    std::vector<value> inputs;  ///< without those that have an initializer
    std::vector<value> outputs;
    std::map<std::string, array> constants;  ///< initializers and folded constants
    std::vector<node> nodes;
    std::map<std::string, extents> shapes;     ///< of every value, including constants
    std::vector<std::string> notes;            ///< for readers of the header, such as bound dimensions
    std::vector<std::filesystem::path> files;  ///< with external data, beside the model
    /// Of a model of 8-bit integers: how those of a value or of a constant stand for its real numbers. The nodes compute with
    /// the real numbers. Zero points are of signed integers.
    std::map<std::string, quantization> quantized;
    bool has_signed = false, has_unsigned = false;  ///< the integers of values that are computed, in the runtime
};

}  // namespace ctnn_import
