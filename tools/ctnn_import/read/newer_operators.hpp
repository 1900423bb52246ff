// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the opsets after that of the ONNX library changed: operators, inputs and attributes, by the published changelog.

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace ctnn_import {

/// An operator that the ONNX library does not have yet.
struct newer_operator {
    std::string_view name;
    std::int64_t since;
    int least_inputs, most_inputs, most_outputs;
    std::string_view reason;  ///< why it is refused; empty if the importer reads it
};
/// Null if no opset up to this one added such an operator.
const newer_operator* newer_operator_of(const std::string& op, std::int64_t opset);

/// An attribute that an opset added, and its default, which is the behaviour of earlier opsets without it. For opsets
/// that the ONNX library has, only operators that the importer reads are listed.
struct added_attribute {
    std::string_view op;  ///< "Reduce*" matches every operator with this prefix
    std::string_view name;
    std::int64_t since;
    onnx::AttributeProto::AttributeType type;
    std::string_view text = "";  ///< the default of a STRING; "1" for an INT whose default is 1
    bool has_default = true;     ///< 0 for an INT without text, 1 for each axis for INTS
    bool required = false;
};
const added_attribute* addition_of(const std::string& op, const std::string& attribute_name);
/// The name of a required attribute of a newer operator; empty if it has none.
std::string required_of(const newer_operator& of);

/// An attribute that became the last input of its operator.
struct moved_attribute {
    std::string_view op;  ///< as above
    std::string_view name;
    std::int64_t since;
};
/// Null if this opset has not moved one.
const moved_attribute* moved_to_input(const std::string& op, std::int64_t opset);

}  // namespace ctnn_import
