// SPDX-License-Identifier: BSL-1.0
#include "read/tflite_model.hpp"

#include "graph/operator_call.hpp"
#include "read/tensor_data.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <utility>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;

constexpr std::size_t longest_name = 120;

struct type_of_tflite {
    tflite_type type;
    const char* name;
    int onnx;
};
constexpr type_of_tflite types[]{{tflite_type::float32, "FLOAT32", onnx::TensorProto::FLOAT},
                                 {tflite_type::float16, "FLOAT16", onnx::TensorProto::FLOAT16},
                                 {tflite_type::int32, "INT32", onnx::TensorProto::INT32},
                                 {tflite_type::uint8, "UINT8", onnx::TensorProto::UINT8},
                                 {tflite_type::int64, "INT64", onnx::TensorProto::INT64},
                                 {tflite_type::boolean, "BOOL", onnx::TensorProto::BOOL},
                                 {tflite_type::int16, "INT16", onnx::TensorProto::INT16},
                                 {tflite_type::int8, "INT8", onnx::TensorProto::INT8},
                                 {tflite_type::float64, "FLOAT64", onnx::TensorProto::DOUBLE},
                                 {tflite_type::bfloat16, "BFLOAT16", onnx::TensorProto::BFLOAT16}};

constexpr std::pair<int, const char*> unread_types[]{{5, "STRING"},  {8, "COMPLEX64"}, {11, "COMPLEX128"},
                                                     {12, "UINT64"}, {13, "RESOURCE"}, {14, "VARIANT"},
                                                     {15, "UINT32"}, {16, "UINT16"},   {17, "INT4"}};

array decoded(const tflite_tensor& of) {
    for (const auto& [type, name, onnx] : types)
        if (type == of.type) return array_of_bytes(of.data, onnx, of.dims, "a constant");
    throw refusal("it holds " + text_of(of.type) + ", which the importer does not read");
}

}  // namespace

std::string text_of(tflite_type type) {
    for (const auto& [known, name, onnx] : types)
        if (known == type) return name;
    for (const auto& [number, name] : unread_types)
        if (number == static_cast<int>(type)) return name;
    return "type " + std::to_string(static_cast<int>(type));
}

std::string tflite_model::about(std::int32_t tensor) const {
    return "tensor " + std::to_string(tensor) + " (" +
           in_quotes(tensors[static_cast<std::size_t>(tensor)].name.substr(0, longest_name)) + ")";
}

std::string tflite_model::about(const tflite_operator& one) const {
    const std::string_view name = tensors[static_cast<std::size_t>(one.outputs.at(0))].name.substr(0, longest_name);
    return "operator " + std::to_string(&one - operators.data()) + " (" + one.type + ", " + in_quotes(name) + ")";
}

array integers_of(const tflite_tensor& of) {
    array result = decoded(of);
    if (!result.holds_integers()) throw refusal("it holds " + text_of(of.type) + ", and no integers");
    return result;
}

quantization signed_quantization(const tflite_tensor& of) {
    quantization result = of.quantized;
    if (of.type == tflite_type::uint8)
        for (std::int64_t& zero : result.zero_points) zero -= 128;
    return result;
}

array elements_of(const tflite_tensor& of) {
    array given = decoded(of);
    if (!given.holds_integers() || !of.quantized.exists()) return given;
    array result{of.dims, std::vector<double>(given.size())};
    const quantization& how = of.quantized;
    const bool several = how.scales.size() > 1;
    const auto inner = static_cast<std::size_t>(several ? count(of.dims, how.axis + 1, of.dims.size()) : 1);
    for (std::size_t i = 0; i < given.size(); ++i) {
        const std::size_t which = several ? i / inner % how.scales.size() : 0;
        result.reals()[i] = how.scales[which] * static_cast<double>(given.integers()[i] - how.zero_points[which]);
    }
    return result;
}

}  // namespace ctnn_import
