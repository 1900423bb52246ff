// SPDX-License-Identifier: BSL-1.0
#include "weights_file.hpp"

#include "read.hpp"
#include "refusal.hpp"
#include "tensor_data.hpp"

#include <ctnn/io/error.hpp>
#include <ctnn/io/safetensors_header.hpp>

#include <nlohmann/json.hpp>

#include <cstring>

namespace ctnn_import {

namespace {

/// The checks of the library: no name twice, and tensors that cover the data without holes and overlaps.
void require_whole_header(const std::string& text, std::uint64_t data_bytes) {
    try {
        const std::filesystem::path nameless;
        ctnn::io::detail::safetensors_header_reader(nameless, text).read(data_bytes);
    } catch (const ctnn::io::error& e) {
        throw refusal(std::string(e.what()).substr(2));  // the colon behind the name of the file
    }
}

}  // namespace

std::map<std::string, array> read_safetensors(const std::filesystem::path& file) {
    using nlohmann::json;
    const std::string bytes = whole_file(file);
    std::uint64_t length = 0;
    if (bytes.size() < 8) throw refusal("the file is too short to be a safetensors file");
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > bytes.size() - 8) throw refusal("the header ends behind the file");
    const std::string text = bytes.substr(8, length);
    require_whole_header(text, bytes.size() - 8 - length);
    const json header = json::parse(text);
    const std::uint64_t data = 8 + length;
    // The types, with the number that ONNX has for each.
    const std::map<std::string, int> types{{"F64", onnx::TensorProto::DOUBLE},  {"F32", onnx::TensorProto::FLOAT},
                                           {"F16", onnx::TensorProto::FLOAT16}, {"BF16", onnx::TensorProto::BFLOAT16},
                                           {"I64", onnx::TensorProto::INT64},   {"I32", onnx::TensorProto::INT32},
                                           {"I16", onnx::TensorProto::INT16},   {"I8", onnx::TensorProto::INT8},
                                           {"U8", onnx::TensorProto::UINT8},    {"BOOL", onnx::TensorProto::BOOL}};
    std::map<std::string, array> tensors;
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") continue;
        const std::string what = "tensor " + ctnn::io::detail::in_quotes(name);
        if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
            !entry.contains("data_offsets") || !entry["dtype"].is_string() || !entry["shape"].is_array() ||
            !entry["data_offsets"].is_array() || entry["data_offsets"].size() != 2)
            throw refusal(what + ": its entry is damaged");
        const auto type = types.find(entry["dtype"].get<std::string>());
        if (type == types.end())
            throw refusal(what + ": its type " + ctnn::io::detail::printable(entry["dtype"].get<std::string>(), 20) +
                          " is not known");
        onnx::TensorProto tensor;
        tensor.set_data_type(type->second);
        for (const json& extent : entry["shape"]) {
            if (!extent.is_number_unsigned() || extent.get<std::uint64_t>() > 1u << 26)
                throw refusal(what + ": its shape is damaged");
            tensor.add_dims(extent.get<std::int64_t>());
        }
        const json &begin = entry["data_offsets"][0], &end = entry["data_offsets"][1];
        if (!begin.is_number_unsigned() || !end.is_number_unsigned()) throw refusal(what + ": its place is damaged");
        const auto from = begin.get<std::uint64_t>(), to = end.get<std::uint64_t>();
        if (from > to || to > bytes.size() - data) throw refusal(what + ": its data ends behind the file");
        tensor.set_raw_data(bytes.substr(data + from, to - from));
        tensors.emplace(name, array_of(tensor, {}, what));
    }
    return tensors;
}

}  // namespace ctnn_import
