// SPDX-License-Identifier: BSL-1.0
// The parameters of a network as a safetensors file, under the names that ctnn expects.
#include "write/write.hpp"

#include "refusal.hpp"

#include <ctnn/io/safetensors_header.hpp>

#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>
#include <cstring>

namespace ctnn_import {

namespace {

struct entry {
    std::string name;
    const parameter* tensor;
};

/// "0.weights", or in branches "2.1.0.weights": layer, branch (of a graph, the name of the node), layer in the branch.
void collect(const chain& layers, const std::string& path, std::vector<entry>& all) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string place = path + std::to_string(i);
        for (const parameter& one : layers[i].parameters) all.push_back({place + "." + one.name, &one});
        for (std::size_t b = 0; b < layers[i].branches.size(); ++b)
            collect(layers[i].branches[b],
                    place + "." + (layers[i].sources.empty() ? std::to_string(b) : layers[i].sources[b].name) + ".",
                    all);
    }
}

}  // namespace

std::string safetensors_bytes(const network& model, bool double_precision) {
    static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");
    std::vector<entry> all;
    collect(model.layers, "", all);
    nlohmann::ordered_json header;
    header["__metadata__"] = {
        {ctnn::io::detail::safetensors_header_reader::check_value_name, check_value(model, double_precision)}};
    std::string data;
    for (const auto& [name, tensor] : all) {
        const std::size_t begin = data.size();
        for (const double number : tensor->values) {
            const auto rounded = static_cast<float>(number);
            // Thresholds of trees may be infinite.
            if (!std::isfinite(double_precision ? number : double{rounded}) && !name.ends_with(".splits"))
                throw refusal("tensor " + name + ": a value is not finite");
            const auto* const bytes =
                double_precision ? reinterpret_cast<const char*>(&number) : reinterpret_cast<const char*>(&rounded);
            data.append(bytes, double_precision ? sizeof number : sizeof rounded);
        }
        header[name] = {{"dtype", double_precision ? "F64" : "F32"},
                        {"shape", tensor->dims},
                        {"data_offsets", {begin, data.size()}}};
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::uint64_t length = text.size();
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, sizeof length);
    return file + text + data;
}

}  // namespace ctnn_import
