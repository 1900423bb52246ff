// SPDX-License-Identifier: BSL-1.0
#pragma once
// The files that write.py keeps: records of a line with a name and a number of bytes, and the bytes.
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

inline std::string whole_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + " cannot be opened");
    return {std::istreambuf_iterator<char>(file), {}};
}
inline std::vector<std::pair<std::string, std::string>> records_of(const std::string& path) {
    const std::string all = whole_text(path);
    std::vector<std::pair<std::string, std::string>> result;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t space = all.find(' ', at), line = all.find('\n', at);
        const std::size_t size = std::stoul(all.substr(space, line - space));
        result.emplace_back(all.substr(at, space - at), all.substr(line + 1, size));
        at = line + 1 + size;
    }
    return result;
}
