// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Writes a file wholly or not at all.

#include <ctnn/io/error.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <system_error>

namespace ctnn::io::detail {

/// Replaces what `path` names by `content`: written to a new file beside it, then renamed, so that a reader sees the
/// old file or the new one, and a failure leaves the old one.
///
/// *Errors*: `io::error` when the file cannot be made, written or renamed.
inline void write_whole_file(const std::filesystem::path& path, std::string_view content) {
    const auto fail = [&](const std::string& reason) {
        throw error(path, {}, joined("a file that cannot be written (", reason, ")"), "a writable path");
    };
    std::filesystem::path beside = path;
    beside += joined(".", std::random_device{}(), ".tmp");

    // The mode x refuses a file that exists.
    std::FILE* const file = std::fopen(beside.c_str(), "wbx");
    if (file == nullptr) fail(std::strerror(errno));
    const bool written = std::fwrite(content.data(), 1, content.size(), file) == content.size();
    const std::string reason = std::strerror(errno);
    const bool closed = std::fclose(file) == 0;
    std::error_code status;
    if (!written || !closed) {
        const std::string closing = std::strerror(errno);
        std::filesystem::remove(beside, status);
        fail(written ? closing : reason);
    }
    std::filesystem::rename(beside, path, status);
    if (status) {
        std::error_code ignored;
        std::filesystem::remove(beside, ignored);
        fail(status.message());
    }
}

}  // namespace ctnn::io::detail
