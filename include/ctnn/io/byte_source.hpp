// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads a plain or gzip file byte by byte, for the readers of data sets.

#include <ctnn/io/error.hpp>

#include <zlib.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>

namespace ctnn::io::detail {

/// The bytes of a file, unpacked when it begins as gzip does. It holds one block of 64 KiB, whatever the file claims.
///
/// *Errors*: `io::error` when the file does not open, cannot be read, or is a damaged or cut gzip file.
class byte_source {
  public:
    explicit byte_source(std::filesystem::path path) : path_(std::move(path)) {
        errno = 0;
        file_.reset(gzopen(path_.c_str(), "rb"));
        if (file_ == nullptr) {
            const std::string reason = errno == 0 ? "no memory to open it" : std::strerror(errno);
            throw error(path_, {}, joined("a file that does not open (", reason, ")"), "a readable file");
        }
    }

    const std::filesystem::path& path() const { return path_; }

    /// How many bytes were taken so far.
    std::uintmax_t offset() const { return before_ + next_; }

    /// The next byte, which stays; -1 at the end of the file.
    int peek() {
        if (next_ == filled_ && !fill()) return -1;
        return block_[next_];
    }

    /// The next byte, which is taken; -1 at the end of the file.
    int get() {
        const int byte = peek();
        next_ += byte >= 0;
        return byte;
    }

  private:
    bool fill() {
        if (ended_) return false;
        errno = 0;
        const int count = gzread(file_.get(), block_, sizeof block_);
        int status = Z_OK;
        const char* const message = gzerror(file_.get(), &status);
        // A gzip file that stops too early gives its bytes first, and Z_BUF_ERROR with the last of them.
        if (count < 0 || status == Z_BUF_ERROR) {
            const std::string reason = status == Z_ERRNO ? std::strerror(errno) : message;
            throw error(path_, joined("byte ", before_ + filled_), joined("unreadable data (", printable(reason), ")"),
                        "a plain file or a whole gzip file");
        }
        before_ += filled_;
        next_ = 0;
        filled_ = static_cast<std::size_t>(count);
        ended_ = count == 0;
        return !ended_;
    }

    struct closer {
        void operator()(gzFile file) const { gzclose_r(file); }
    };

    std::filesystem::path path_;
    std::unique_ptr<std::remove_pointer_t<gzFile>, closer> file_;
    std::uintmax_t before_ = 0;
    std::size_t next_ = 0;
    std::size_t filled_ = 0;
    bool ended_ = false;
    unsigned char block_[65536];
};

}  // namespace ctnn::io::detail
