// SPDX-License-Identifier: BSL-1.0
#include "read/schema.hpp"

#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <onnx/defs/schema.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;
using ctnn::io::detail::printable;
using onnx::AttributeProto;

/// An operator added by opset 18, which the ONNX library does not have yet.
struct operator_of_18 {
    std::string_view name;
    int least_inputs, most_inputs;
};
constexpr operator_of_18 new_operators[]{{"BitwiseAnd", 2, 2},         {"BitwiseNot", 1, 1}, {"BitwiseOr", 2, 2},
                                         {"BitwiseXor", 2, 2},         {"Col2Im", 3, 3},     {"CenterCropPad", 2, 2},
                                         {"GroupNormalization", 3, 3}, {"Mish", 1, 1}};

/// An attribute that an opset added, and its default, which is the behaviour of earlier opsets without it. For opsets
/// before 18 only operators that the importer supports are listed.
struct added_attribute {
    std::string_view op;  ///< "Reduce*" matches every operator with this prefix
    std::string_view name;
    std::int64_t since;
    AttributeProto::AttributeType type;
    std::string_view text = "";  ///< the default of a STRING; "1" for an INT whose default is 1
    bool has_default = true;     ///< 0 for an INT without text, 1 for each axis for INTS
    bool required = false;
};
constexpr added_attribute additions[]{
    {"Reduce*", "noop_with_empty_axes", 18, AttributeProto::INT},
    {"Resize", "antialias", 18, AttributeProto::INT},
    {"Resize", "axes", 18, AttributeProto::INTS, "", false},
    {"Resize", "keep_aspect_ratio_policy", 18, AttributeProto::STRING, "stretch"},
    {"Split", "num_outputs", 18, AttributeProto::INT, "", false},
    {"LpPool", "ceil_mode", 18, AttributeProto::INT},
    {"LpPool", "dilations", 18, AttributeProto::INTS},
    {"CenterCropPad", "axes", 18, AttributeProto::INTS, "", false},
    {"Col2Im", "dilations", 18, AttributeProto::INTS, "", false},
    {"Col2Im", "pads", 18, AttributeProto::INTS, "", false},
    {"Col2Im", "strides", 18, AttributeProto::INTS, "", false},
    {"GroupNormalization", "epsilon", 18, AttributeProto::FLOAT, "", false},
    {"GroupNormalization", "num_groups", 18, AttributeProto::INT, "", false, true},
    {"GroupNormalization", "stash_type", 21, AttributeProto::INT, "1"},
    {"MaxPool", "storage_order", 8, AttributeProto::INT},
    {"MaxPool", "ceil_mode", 10, AttributeProto::INT},
    {"MaxPool", "dilations", 10, AttributeProto::INTS},
    {"AveragePool", "count_include_pad", 7, AttributeProto::INT},
    {"AveragePool", "ceil_mode", 10, AttributeProto::INT},
    {"AveragePool", "dilations", 19, AttributeProto::INTS},
    {"BatchNormalization", "training_mode", 14, AttributeProto::INT},
    {"Cast", "saturate", 19, AttributeProto::INT, "1"},
    {"Cast", "round_mode", 24, AttributeProto::STRING, "up"},
    {"DepthToSpace", "mode", 11, AttributeProto::STRING, "DCR"},
    {"GRU", "layout", 14, AttributeProto::INT},
    {"LSTM", "layout", 14, AttributeProto::INT},
    {"RNN", "layout", 14, AttributeProto::INT},
    {"Reshape", "allowzero", 14, AttributeProto::INT},
    {"Shape", "start", 15, AttributeProto::INT},
};

const added_attribute* addition_of(const std::string& op, const std::string& attribute_name) {
    const auto found = std::find_if(std::begin(additions), std::end(additions), [&](const added_attribute& one) {
        const bool same = one.op.ends_with('*') ? op.starts_with(one.op.substr(0, one.op.size() - 1)) : op == one.op;
        return same && one.name == attribute_name;
    });
    return found == std::end(additions) ? nullptr : &*found;
}

bool says_the_default(const added_attribute& of, const AttributeProto& given) {
    if (!of.has_default || given.type() != of.type) return false;
    if (of.type == AttributeProto::STRING) return given.s() == of.text;
    if (of.type == AttributeProto::INT) return given.i() == (of.text == "1");
    return std::all_of(given.ints().begin(), given.ints().end(), [](std::int64_t number) { return number == 1; });
}

std::string version(const node& of) {
    return "opset " + std::to_string(of.opset);
}

void check_counts(const node& of, int least_inputs, int most_inputs, int least_outputs, int most_outputs) {
    const auto inputs = static_cast<int>(of.inputs.size()), outputs = static_cast<int>(of.outputs.size());
    if (inputs < least_inputs || inputs > most_inputs) of.refuse("it has " + std::to_string(inputs) + " inputs");
    if (outputs < least_outputs || outputs > most_outputs) of.refuse("it has " + std::to_string(outputs) + " outputs");
}

}  // namespace

std::int64_t opset_of(const onnx::ModelProto& model) {
    std::int64_t found = 0;
    for (const auto& import : model.opset_import()) {
        if (!import.domain().empty() && import.domain() != "ai.onnx") continue;
        if (found != 0 && found != import.version())
            throw refusal("the model imports two versions of the ONNX operators, " + std::to_string(found) + " and " +
                          std::to_string(import.version()));
        found = import.version();
    }
    if (found < 1 || found > newest_opset)
        throw refusal(found == 0 ? "the model imports no ONNX operators"
                                 : "the model uses opset " + std::to_string(found) + "; the importer knows 6 to 18");
    return found;
}

void check_against_schema(node& of, const onnx::NodeProto& given) {
    const onnx::OpSchema* const schema =
        onnx::OpSchemaRegistry::Schema(of.op, static_cast<int>(std::min(of.opset, newest_of_library)), "");
    const bool newer = of.opset > newest_of_library;
    const auto* const added = std::find_if(std::begin(new_operators), std::end(new_operators),
                                           [&](const operator_of_18& one) { return newer && one.name == of.op; });
    const bool is_new = added != std::end(new_operators);
    if (schema == nullptr && !is_new) of.refuse(version(of) + " has no such operator");
    // Before opset 6 many operators had other attributes; those whose schema has not changed up to 6 are accepted.
    const onnx::OpSchema* const later = onnx::OpSchemaRegistry::Schema(of.op, static_cast<int>(oldest_opset), "");
    if (of.opset < oldest_opset && later != nullptr && later->since_version() > of.opset)
        of.refuse(version(of) + " gave it another meaning; the importer knows 6 to 18");
    if (schema != nullptr && schema->Deprecated()) of.refuse(version(of) + " has deprecated it");
    // Opset 18 made axes an input of existing operators.
    const bool more_inputs = newer && of.op != "ReduceSum" && (of.op.starts_with("Reduce") || of.op == "Pad");
    if (is_new)
        check_counts(of, added->least_inputs, added->most_inputs, 1, 1);
    else
        check_counts(of, schema->min_input(), schema->max_input() + more_inputs, schema->min_output(),
                     schema->max_output());
    for (const auto& one : given.attribute()) {
        const added_attribute* const addition = addition_of(of.op, one.name());
        const bool gone = more_inputs && one.name() == "axes";
        AttributeProto::AttributeType type = AttributeProto::UNDEFINED;
        if (schema != nullptr && !gone)
            if (const auto known = schema->attributes().find(one.name()); known != schema->attributes().end())
                type = static_cast<AttributeProto::AttributeType>(known->second.type);
        if (type == AttributeProto::UNDEFINED && addition != nullptr && addition->since <= of.opset)
            type = addition->type;
        if (type == AttributeProto::UNDEFINED) {
            if (addition == nullptr || !says_the_default(*addition, one))
                of.refuse("in " + version(of) + " the operator has no attribute " + in_quotes(one.name()));
            of.attributes.erase(one.name());
        } else if (type != one.type()) {
            of.refuse("its attribute " + printable(one.name()) + " has another type");
        }
    }
    if (schema != nullptr)
        for (const auto& [name, known] : schema->attributes())
            if (known.required && !of.has(name)) of.refuse("its attribute " + name + " is missing");
    for (const added_attribute& one : additions)
        if (is_new && one.required && one.op == of.op && !of.has(std::string(one.name)))
            of.refuse("its attribute " + std::string(one.name) + " is missing");
}

}  // namespace ctnn_import
