// SPDX-License-Identifier: BSL-1.0
#include "read/schema.hpp"

#include "read/newer_operators.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <onnx/defs/schema.h>

#include <algorithm>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;
using ctnn::io::detail::printable;
using onnx::AttributeProto;

bool says_the_default(const added_attribute& of, const AttributeProto& given) {
    if (!of.has_default || given.type() != of.type) return false;
    if (of.type == AttributeProto::STRING) return given.s() == of.text;
    if (of.type == AttributeProto::INT) return given.i() == (of.text == "1");
    return std::all_of(given.ints().begin(), given.ints().end(), [](std::int64_t number) { return number == 1; });
}

std::string version(const node& of) {
    return "opset " + std::to_string(of.opset);
}
std::string known_opsets() {
    return "the importer knows " + std::to_string(oldest_opset) + " to " + std::to_string(newest_opset);
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
                                 : "the model uses opset " + std::to_string(found) + "; " + known_opsets());
    return found;
}

void check_against_schema(node& of, const onnx::NodeProto& given) {
    const onnx::OpSchema* const schema =
        onnx::OpSchemaRegistry::Schema(of.op, static_cast<int>(std::min(of.opset, newest_of_library)), "");
    const newer_operator* const newer = schema == nullptr ? newer_operator_of(of.op, of.opset) : nullptr;
    if (schema == nullptr && newer == nullptr) of.refuse(version(of) + " has no such operator");
    if (newer != nullptr && !newer->reason.empty()) of.refuse(std::string(newer->reason));
    // Before opset 6 many operators had other attributes; those whose schema has not changed up to 6 are accepted.
    const onnx::OpSchema* const later = onnx::OpSchemaRegistry::Schema(of.op, static_cast<int>(oldest_opset), "");
    if (of.opset < oldest_opset && later != nullptr && later->since_version() > of.opset)
        of.refuse(version(of) + " gave it another meaning; " + known_opsets());
    if (schema != nullptr && schema->Deprecated()) of.refuse(version(of) + " has deprecated it");
    const moved_attribute* const moved = moved_to_input(of.op, of.opset);
    if (newer != nullptr)
        check_counts(of, newer->least_inputs, newer->most_inputs, 1, newer->most_outputs);
    else
        check_counts(of, schema->min_input(), schema->max_input() + (moved != nullptr), schema->min_output(),
                     schema->max_output());
    for (const auto& one : given.attribute()) {
        const added_attribute* const addition = addition_of(of.op, one.name());
        const bool gone = moved != nullptr && one.name() == moved->name;
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
    if (newer != nullptr)
        if (const std::string name = required_of(*newer); !name.empty() && !of.has(name))
            of.refuse("its attribute " + name + " is missing");
}

}  // namespace ctnn_import
