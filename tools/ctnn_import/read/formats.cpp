// SPDX-License-Identifier: BSL-1.0
#include "read/formats.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string_view>

namespace ctnn_import {

namespace {

constexpr std::string_view pytorch =
    "it is a PyTorch file, which the importer does not read: export the model to ONNX (torch.onnx.export), or save "
    "its "
    "state_dict as safetensors for --into";
constexpr std::string_view archive =
    "it is a zip archive, as PyTorch and NumPy write, which the importer does not read";

struct known_end {
    std::string_view end, says;
};
constexpr known_end ends[]{{".pt", pytorch}, {".pth", pytorch}};

}  // namespace

std::string foreign_format(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    char read[8] = {};
    if (!std::filesystem::is_regular_file(file) || !stream) return {};
    stream.read(read, sizeof read);
    std::string end = file.extension().string();
    std::transform(end.begin(), end.end(), end.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const known_end& one : ends)
        if (one.end == end) return std::string(one.says);
    const std::string_view begin(read, static_cast<std::size_t>(stream.gcount()));
    if (begin.starts_with("PK\x03\x04")) return std::string(archive);
    return {};
}

}  // namespace ctnn_import
