// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Files for the tests of ctnn/io: written, compressed, and damaged at every byte.

#include <ctnn/io/error.hpp>

#include <zlib.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace io_test {

inline void write_file(const std::string& path, const std::string& bytes) {
    // A new file each time: some file systems flush a file to disk immediately if it is truncated and rewritten.
    std::filesystem::remove(path);
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

inline std::string read_file(const std::string& path) {
    // In blocks: an iterator reads byte by byte, which is slow with sanitizers. Pipes have no size.
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

/// The bytes of a gzip file that holds `bytes`.
inline std::string packed(const std::string& bytes) {
    const std::string path = "packed.tmp";
    gzFile file = gzopen(path.c_str(), "wb");
    if (file == nullptr || gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())) < 0 ||
        gzclose(file) != Z_OK) {
        throw std::runtime_error("cannot pack");
    }
    return read_file(path);
}

/// What the library says about a file, or "" if it says nothing.
template <class Load>
std::string message_of(Load load) {
    try {
        load();
    } catch (const ctnn::io::error& e) { return e.what(); }
    return "";
}

/// How many damaged files were refused with `io::error`, and how many still loaded.
struct outcome {
    std::size_t refused = 0;
    std::size_t loaded = 0;
};

/// Writes every proper prefix of `bytes` to `path` and calls `load`, which throws or returns.
template <class Load>
outcome cut_everywhere(const std::string& path, const std::string& bytes, Load load) {
    outcome result;
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        write_file(path, bytes.substr(0, length));
        ++(message_of(load).empty() ? result.loaded : result.refused);
    }
    return result;
}

/// Replaces each of the first `count` bytes by every other value (or, past `all_values_before`, by some others) and
/// calls `load`.
template <class Load>
outcome damage_everywhere(const std::string& path, const std::string& bytes, std::size_t count,
                          std::size_t all_values_before, Load load) {
    outcome result;
    for (std::size_t position = 0; position < count; ++position) {
        for (int change = 1; change < 256; change += position < all_values_before ? 1 : 37) {
            std::string damaged = bytes;
            damaged[position] = static_cast<char>(static_cast<unsigned char>(bytes[position]) ^ change);
            write_file(path, damaged);
            ++(message_of(load).empty() ? result.loaded : result.refused);
        }
    }
    return result;
}

}  // namespace io_test
