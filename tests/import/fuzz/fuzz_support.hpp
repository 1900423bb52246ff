// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shared by the fuzzers: bytes are read or refused with one line of printable text, and nothing else happens.

#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fuzz {

inline void require_line(std::string_view said) {
    for (const char c : said)
        if (c < 0x20 || c > 0x7e) std::abort();
    if (said.empty()) std::abort();
}

template <class Read>
int reads_or_refuses(Read read) {
    try {
        read();
    } catch (const ctnn_import::refusal& error) { require_line(error.what()); } catch (const ctnn::io::error& error) {
        require_line(error.what());
    }
    return 0;
}

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

/// A file with these bytes in the working folder, for readers that take a path.
inline std::string file_of(std::string_view bytes, const char* name) {
    std::FILE* const file = std::fopen(name, "wb");
    if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() || std::fclose(file) != 0)
        std::abort();
    return name;
}

}  // namespace fuzz
