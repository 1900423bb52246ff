// SPDX-License-Identifier: BSL-1.0
#include "read/newer_operators.hpp"

#include <algorithm>
#include <iterator>

namespace ctnn_import {

namespace {

using onnx::AttributeProto;

constexpr std::string_view not_known = "the importer does not know this operator";
constexpr newer_operator newer_operators[]{
    {"BitwiseAnd", 18, 2, 2, 1, not_known},
    {"BitwiseNot", 18, 1, 1, 1, not_known},
    {"BitwiseOr", 18, 2, 2, 1, not_known},
    {"BitwiseXor", 18, 2, 2, 1, not_known},
    {"CenterCropPad", 18, 2, 2, 1, not_known},
    {"Col2Im", 18, 3, 3, 1, not_known},
    {"GroupNormalization", 18, 3, 3, 1, ""},
    {"Mish", 18, 1, 1, 1, ""},
    {"DeformConv", 19, 3, 5, 1, "ctnn has no convolution with computed offsets"},
    {"AffineGrid", 20, 2, 2, 1, not_known},
    {"Gelu", 20, 1, 1, 1, ""},
    {"ImageDecoder", 20, 1, 1, 1, "it decodes a file; a network takes numbers"},
    {"RegexFullMatch", 20, 1, 1, 1, "it computes with strings"},
    {"StringConcat", 20, 2, 2, 1, "it computes with strings"},
    {"StringSplit", 20, 1, 1, 2, "it computes with strings"},
    {"Attention", 23, 3, 7, 4,
     "the importer reads attention as MatMul and Softmax alone, which exporters write for opset 22 and below"},
    {"RMSNormalization", 23, 2, 2, 1, ""},
    {"RotaryEmbedding", 23, 3, 4, 1,
     "the importer reads rotary embeddings as Mul and Add alone, which exporters write for opset 22 and below"},
    {"Swish", 24, 1, 1, 1, ""},
    {"TensorScatter", 24, 2, 3, 1, "a network keeps no cache of keys and values between calls"}};

constexpr added_attribute added_attributes[]{
    {"Reduce*", "noop_with_empty_axes", 18, AttributeProto::INT},
    {"Resize", "antialias", 18, AttributeProto::INT},
    {"Resize", "axes", 18, AttributeProto::INTS, "", false},
    {"Resize", "keep_aspect_ratio_policy", 18, AttributeProto::STRING, "stretch"},
    {"Split", "num_outputs", 18, AttributeProto::INT, "", false},
    {"LpPool", "ceil_mode", 18, AttributeProto::INT},
    {"LpPool", "dilations", 18, AttributeProto::INTS},
    {"GroupNormalization", "epsilon", 18, AttributeProto::FLOAT, "", false},
    {"GroupNormalization", "num_groups", 18, AttributeProto::INT, "", false, true},
    {"GroupNormalization", "stash_type", 21, AttributeProto::INT, "1"},
    {"Gelu", "approximate", 20, AttributeProto::STRING, "none"},
    {"RMSNormalization", "axis", 23, AttributeProto::INT, "", false},
    {"RMSNormalization", "epsilon", 23, AttributeProto::FLOAT, "", false},
    {"RMSNormalization", "stash_type", 23, AttributeProto::INT, "1"},
    {"Swish", "alpha", 24, AttributeProto::FLOAT, "", false},
    {"MaxPool", "storage_order", 8, AttributeProto::INT},
    {"MaxPool", "ceil_mode", 10, AttributeProto::INT},
    {"MaxPool", "dilations", 10, AttributeProto::INTS},
    {"AveragePool", "count_include_pad", 7, AttributeProto::INT},
    {"AveragePool", "ceil_mode", 10, AttributeProto::INT},
    {"AveragePool", "dilations", 19, AttributeProto::INTS},
    {"BatchNormalization", "training_mode", 14, AttributeProto::INT},
    {"Cast", "saturate", 19, AttributeProto::INT, "1"},
    {"Cast", "round_mode", 24, AttributeProto::STRING, "up"},
    {"CastLike", "saturate", 19, AttributeProto::INT, "1"},
    {"CastLike", "round_mode", 24, AttributeProto::STRING, "up"},
    {"DepthToSpace", "mode", 11, AttributeProto::STRING, "DCR"},
    {"QuantizeLinear", "saturate", 19, AttributeProto::INT, "1"},
    {"QuantizeLinear", "block_size", 21, AttributeProto::INT},
    {"QuantizeLinear", "output_dtype", 21, AttributeProto::INT},
    {"QuantizeLinear", "precision", 23, AttributeProto::INT},
    {"DequantizeLinear", "block_size", 21, AttributeProto::INT},
    {"DequantizeLinear", "output_dtype", 23, AttributeProto::INT},
    {"GRU", "layout", 14, AttributeProto::INT},
    {"LSTM", "layout", 14, AttributeProto::INT},
    {"RNN", "layout", 14, AttributeProto::INT},
    {"Reshape", "allowzero", 14, AttributeProto::INT},
    {"Shape", "start", 15, AttributeProto::INT},
};

constexpr moved_attribute moved_attributes[]{{"Reduce*", "axes", 18}, {"Pad", "", 18}, {"DFT", "axis", 20}};

bool is_meant(std::string_view name, const std::string& op) {
    return name.ends_with('*') ? op.starts_with(name.substr(0, name.size() - 1)) : op == name;
}

}  // namespace

const newer_operator* newer_operator_of(const std::string& op, std::int64_t opset) {
    const auto* const found =
        std::find_if(std::begin(newer_operators), std::end(newer_operators),
                     [&](const newer_operator& one) { return one.since <= opset && one.name == op; });
    return found == std::end(newer_operators) ? nullptr : found;
}

const added_attribute* addition_of(const std::string& op, const std::string& attribute_name) {
    const auto* const found =
        std::find_if(std::begin(added_attributes), std::end(added_attributes),
                     [&](const added_attribute& one) { return is_meant(one.op, op) && one.name == attribute_name; });
    return found == std::end(added_attributes) ? nullptr : found;
}

std::string required_of(const newer_operator& of) {
    const auto* const found =
        std::find_if(std::begin(added_attributes), std::end(added_attributes),
                     [&](const added_attribute& one) { return one.required && one.op == of.name; });
    return found == std::end(added_attributes) ? "" : std::string(found->name);
}

const moved_attribute* moved_to_input(const std::string& op, std::int64_t opset) {
    // ReduceSum moved its axes earlier than the others.
    const auto* const found = std::find_if(
        std::begin(moved_attributes), std::end(moved_attributes),
        [&](const moved_attribute& one) { return one.since <= opset && op != "ReduceSum" && is_meant(one.op, op); });
    return found == std::end(moved_attributes) ? nullptr : found;
}

}  // namespace ctnn_import
