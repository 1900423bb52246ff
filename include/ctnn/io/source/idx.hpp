// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// IDX files: the code that is not a template.

#include <ctnn/io/byte_source.hpp>
#include <ctnn/io/idx.hpp>
#include <ctnn/io/shape_text.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ctnn::io::detail {

/// Header and elements of one IDX file of unsigned bytes.
class idx_file {
  public:
    explicit idx_file(const std::filesystem::path& path) : source_(path) {
        std::uint32_t magic = word("the magic number");
        if (magic >> 16 != 0) {
            throw error(path, "byte 0", joined("the magic number ", magic), "one that begins with two zero bytes");
        }
        if ((magic >> 8) != 0x08) {
            throw error(path, "byte 2", joined("the element type ", magic >> 8), "8 (unsigned bytes)");
        }
        for (std::uint32_t left = magic & 0xFF; left > 0; --left) extents_.push_back(word("an extent"));
        if (extents_.empty()) throw error(path, "byte 3", "no dimensions", "at least one");
    }

    std::uint32_t count() const { return extents_.front(); }

    /// The shape of one sample matches `wanted` if it is equal up to extents of 1, or if `wanted` is flat with the same
    /// number of elements.
    void require(const std::vector<std::uintmax_t>& wanted) const {
        const std::vector<std::uintmax_t> given(extents_.begin() + 1, extents_.end());
        const auto without_ones = [](std::vector<std::uintmax_t> extents) {
            std::erase(extents, 1u);
            return extents;
        };
        std::uintmax_t size = 1;
        for (const std::uintmax_t extent : wanted) size *= extent;
        std::uintmax_t elements = 1;
        for (const std::uintmax_t extent : given) {
            // Past the wanted size the product can only be wrong, and must not wrap around to become right.
            elements = elements > size ? elements : elements * extent;
        }
        const bool flat_fits = wanted.size() <= 1 && elements == size;
        if (!flat_fits && without_ones(given) != without_ones(wanted)) {
            throw error(source_.path(), "byte 4", joined("samples of shape ", printable(shape_text(given))),
                        joined("shape ", shape_text(wanted)));
        }
    }

    /// Consumes the next element and returns it.
    unsigned char element() {
        const int byte = source_.get();
        if (byte < 0) {
            throw error(source_.path(), joined("byte ", source_.offset()), "the end of the file",
                        joined(count_of(count(), "sample"), " as its header says"));
        }
        return static_cast<unsigned char>(byte);
    }

    void require_end() {
        if (source_.peek() >= 0) {
            throw error(source_.path(), joined("byte ", source_.offset()), "more data",
                        joined("the end of the file after ", count_of(count(), "sample")));
        }
    }

    std::uintmax_t offset() const { return source_.offset(); }

  private:
    std::uint32_t word(const char* what) {
        const std::uintmax_t begin = source_.offset();
        std::uint32_t value = 0;
        for (int i = 0; i < 4; ++i) {
            const int byte = source_.get();
            if (byte < 0) {
                throw error(source_.path(), joined("byte ", begin), "the end of the file",
                            joined("four bytes of ", what));
            }
            value = value << 8 | static_cast<std::uint32_t>(byte);
        }
        return value;
    }

    byte_source source_;
    std::vector<std::uint32_t> extents_;
};

struct idx_reader::files {
    idx_file inputs;
    idx_file labels;
    const std::filesystem::path& label_path;
    std::size_t input_size;
    std::size_t class_count;
    std::uint32_t left;
};

CTNN_IO_INLINE idx_reader::idx_reader(const std::filesystem::path& input_path, const std::filesystem::path& label_path,
                                      const std::vector<std::uintmax_t>& input_extents, std::size_t class_count) {
    std::size_t size = 1;
    for (const std::uintmax_t extent : input_extents) size *= static_cast<std::size_t>(extent);
    files_.reset(new files{idx_file(input_path), idx_file(label_path), label_path, size, class_count, 0});
    files_->inputs.require(input_extents);
    files_->labels.require({});
    files_->left = files_->inputs.count();
    if (files_->left == 0) throw error(input_path, "byte 4", "0 samples", "at least one");
    if (files_->left != files_->labels.count()) {
        throw error(label_path, "byte 4", count_of(files_->labels.count(), "label"),
                    joined(count_of(files_->left, "label"), ", one for each input"));
    }
}

CTNN_IO_INLINE idx_reader::~idx_reader() = default;

CTNN_IO_INLINE bool idx_reader::next(std::uint8_t* input, std::uint8_t& label) {
    if (files_->left == 0) {
        files_->inputs.require_end();
        files_->labels.require_end();
        return false;
    }
    --files_->left;
    for (std::size_t i = 0; i < files_->input_size; ++i) input[i] = files_->inputs.element();
    label = files_->labels.element();
    if (label >= files_->class_count) {
        throw error(files_->label_path, joined("byte ", files_->labels.offset() - 1), joined("the label ", label),
                    joined("a class from 0 to ", files_->class_count - 1));
    }
    return true;
}

}  // namespace ctnn::io::detail
