// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads a plain or gzip file byte by byte, for the readers of data sets.

#include <ctnn/io/error.hpp>

#include <zlib.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace ctnn::io::detail {

/// The bytes of a file, decompressed if it begins with the gzip magic number. It uses two blocks of 64 KiB, whatever
/// the file claims.
///
/// A gzip file may have several members, whose contents are concatenated (RFC 1952); nothing else may follow a member.
///
/// *Errors*: `io::error` when the file does not open, cannot be read, or is a corrupt or truncated gzip file.
class byte_source {
  public:
    explicit byte_source(std::filesystem::path path) : path_(std::move(path)), block_(new_block()) {
        file_.reset(std::fopen(path_.string().c_str(), "rb"));
        if (file_ == nullptr) {
            throw error(path_, {}, joined("a file that cannot be opened (", std::strerror(errno), ")"),
                        "a readable file");
        }
    }

    const std::filesystem::path& path() const { return path_; }

    /// The number of bytes consumed so far.
    std::uintmax_t offset() const { return before_ + next_; }

    /// The next byte, without consuming it; -1 at the end of the file.
    int peek() {
        if (next_ == filled_ && !fill()) return -1;
        return block_[next_];
    }

    /// Consumes the next byte and returns it; -1 at the end of the file.
    int get() {
        const int byte = peek();
        next_ += byte >= 0;
        return byte;
    }

  private:
    static constexpr std::size_t block_size = 65536;
    // Not a vector, which would be zeroed for each file.
    using block = std::unique_ptr<unsigned char[]>;
    static block new_block() { return std::make_unique_for_overwrite<unsigned char[]>(block_size); }

    struct closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    struct ender {
        void operator()(z_stream* stream) const {
            inflateEnd(stream);
            delete stream;
        }
    };

    [[noreturn]] void fail(std::string_view reason) const {
        throw error(path_, joined("byte ", before_ + filled_), joined("unreadable data (", printable(reason), ")"),
                    "a plain file or a complete gzip file");
    }

    bool fill() {
        if (ended_) return false;
        before_ += filled_;
        next_ = filled_ = 0;
        const bool first = packed_ == nullptr && before_ == 0;
        if (packed_ == nullptr) filled_ = read(block_);
        if (first && filled_ >= 2 && block_[0] == 0x1f && block_[1] == 0x8b) begin_unpacking();
        if (packed_ != nullptr) unpack();
        ended_ = filled_ == 0;
        return !ended_;
    }

    /// Reads a block and returns its number of bytes; fewer than a block only at the end of the file.
    std::size_t read(block& to) {
        const std::size_t count = std::fread(to.get(), 1, block_size, file_.get());
        if (std::ferror(file_.get())) fail(std::strerror(errno));
        return count;
    }

    void begin_unpacking() {
        std::unique_ptr<z_stream, ender> stream(new z_stream{});
        constexpr int gzip_alone = 15 + 16;
        if (inflateInit2(stream.get(), gzip_alone) != Z_OK) fail("no memory to decompress it");
        packed_ = std::move(stream);
        raw_ = std::exchange(block_, new_block());
        packed_->next_in = raw_.get();
        packed_->avail_in = static_cast<uInt>(std::exchange(filled_, 0));
        raw_end_ = packed_->avail_in;
    }

    /// Fills the block with the output of one `inflate` call; leaves it empty at the end of the file.
    void unpack() {
        z_stream& stream = *packed_;
        while (filled_ == 0) {
            if (stream.avail_in == 0) {
                stream.next_in = raw_.get();
                stream.avail_in = static_cast<uInt>(read(raw_));
                raw_end_ += stream.avail_in;
                if (stream.avail_in == 0 && is_inside_) fail("unexpected end of file");
                if (stream.avail_in == 0) return;
            }
            if (!is_inside_) begin_member();
            stream.next_out = block_.get();
            stream.avail_out = static_cast<uInt>(block_size);
            const int status = inflate(&stream, Z_NO_FLUSH);
            if (status != Z_OK && status != Z_STREAM_END) fail_to_unpack();
            filled_ = block_size - stream.avail_out;
            is_inside_ = status != Z_STREAM_END;
        }
    }

    void begin_member() {
        member_begin_ = raw_end_ - packed_->avail_in;
        inflateReset(packed_.get());
        is_inside_ = true;
    }

    [[noreturn]] void fail_to_unpack() const {
        // A member begins with two magic bytes; data without them is not a member.
        const bool is_none = member_begin_ > 0 && packed_->total_out == 0 && packed_->msg != nullptr &&
                             std::string_view(packed_->msg) == "incorrect header check";
        if (!is_none) fail(packed_->msg == nullptr ? "no memory to decompress it" : packed_->msg);
        throw error(path_, joined("byte ", member_begin_, " of the compressed file"),
                    "bytes that are not a gzip member", "the end of the file, or another member");
    }

    std::filesystem::path path_;
    std::unique_ptr<std::FILE, closer> file_;
    std::unique_ptr<z_stream, ender> packed_;  // in a gzip file
    block block_;
    block raw_;                   // of the compressed file
    std::uintmax_t raw_end_ = 0;  // bytes of the compressed file that were read
    std::uintmax_t member_begin_ = 0;
    std::uintmax_t before_ = 0;
    std::size_t next_ = 0;
    std::size_t filled_ = 0;
    bool is_inside_ = false;
    bool ended_ = false;
};

}  // namespace ctnn::io::detail
