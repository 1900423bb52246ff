// SPDX-License-Identifier: BSL-1.0
#include "read/weights_file.hpp"

#include "read/read.hpp"
#include "read/tensor_data.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>
#include <ctnn/io/safetensors_header.hpp>

#include <cstring>
#include <vector>

namespace ctnn_import {

namespace {

/// The tensors, checked by ctnn: no duplicate names, and data without gaps or overlaps.
std::vector<ctnn::io::detail::safetensors_entry> entries_of(std::string_view header, std::uint64_t data_bytes) {
    try {
        const std::filesystem::path nameless;
        return ctnn::io::detail::safetensors_header_reader(nameless, header).read(data_bytes);
    } catch (const ctnn::io::error& e) {
        throw refusal(std::string(e.what()).substr(2));  // removes the colon that follows the file name
    }
}

}  // namespace

std::map<std::string, array> parse_safetensors(std::string_view bytes) {
    std::uint64_t length = 0;
    if (bytes.size() < 8) throw refusal("the file is too short to be a safetensors file");
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > bytes.size() - 8) throw refusal("the header extends beyond the end of the file");
    const std::string_view data = bytes.substr(8 + length);
    // The safetensors dtypes and their ONNX data types.
    const std::map<std::string, int> types{{"F64", onnx::TensorProto::DOUBLE},  {"F32", onnx::TensorProto::FLOAT},
                                           {"F16", onnx::TensorProto::FLOAT16}, {"BF16", onnx::TensorProto::BFLOAT16},
                                           {"I64", onnx::TensorProto::INT64},   {"I32", onnx::TensorProto::INT32},
                                           {"I16", onnx::TensorProto::INT16},   {"I8", onnx::TensorProto::INT8},
                                           {"U8", onnx::TensorProto::UINT8},    {"BOOL", onnx::TensorProto::BOOL}};
    std::map<std::string, array> tensors;
    for (const auto& entry : entries_of(bytes.substr(8, length), data.size())) {
        const std::string what = "tensor " + ctnn::io::detail::in_quotes(entry.name);
        const auto type = types.find(entry.dtype);
        if (type == types.end())
            throw refusal(what + ": its type " + ctnn::io::detail::printable(entry.dtype, 20) + " is not known");
        extents dims;
        for (const std::uintmax_t extent : entry.shape) {
            if (extent > 1u << 26) throw refusal(what + ": an extent is above 2^26");
            dims.push_back(static_cast<std::int64_t>(extent));
        }
        tensors.emplace(entry.name,
                        array_of_bytes(data.substr(entry.begin, entry.end - entry.begin), type->second, dims, what));
    }
    return tensors;
}

std::map<std::string, array> read_safetensors(const std::filesystem::path& file) {
    return parse_safetensors(whole_file(file));
}

}  // namespace ctnn_import
