// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads images and labels in the IDX format of MNIST, plain or gzip.

#include <ctnn/io/byte_source.hpp>
#include <ctnn/io/dataset.hpp>
#include <ctnn/io/shape_text.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ctnn::io {

/// How the bytes of an IDX file become numbers.
struct idx_options {
    /// The byte that becomes 1: a floating-point data set holds `byte / white`. Other types hold the bytes as they are.
    double white = 255;
};

namespace detail {

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

    /// The shape of one sample fits `shape<Extents...>` when it is the same but for extents of 1, or when a flat shape
    /// with as many elements is wanted.
    template <class Shape>
    void require(Shape) const {
        const std::vector<std::uintmax_t> given(extents_.begin() + 1, extents_.end());
        const std::vector<std::uintmax_t> wanted = extents_of(Shape{});
        const auto without_ones = [](std::vector<std::uintmax_t> extents) {
            std::erase(extents, 1u);
            return extents;
        };
        std::uintmax_t elements = 1;
        for (const std::uintmax_t extent : given) {
            // Past the wanted size the product can only be wrong, and must not wrap around to become right.
            elements = elements > Shape::size ? elements : elements * extent;
        }
        const bool flat_fits = Shape::rank <= 1 && elements == Shape::size;
        if (!flat_fits && without_ones(given) != without_ones(wanted)) {
            throw error(source_.path(), "byte 4", joined("samples of shape ", printable(shape_text(given))),
                        joined("shape ", shape_text(wanted)));
        }
    }

    /// Takes the next element.
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

}  // namespace detail

/// Reads inputs from one IDX file and their labels from another, each plain or gzip.
///
/// `Dataset` has `class_labels` as its target. Images of 28 x 28 bytes fit the input shapes `shape<28, 28>`,
/// `shape<1, 28, 28>` and the flat `shape<784>`.
///
/// *Cost*: memory grows with the data that is really there, never with what a header claims.
/// *Errors*: `io::error` with the byte offset for a file that does not open or unpack, a wrong magic number, element
/// type or shape, counts of inputs and labels that differ, a label that is no class, a file that is too short or long.
/// *Source*: the format is described with the MNIST database (LeCun, Cortes, Burges, 1998).
///
/// *Example*:
/// ```cpp
/// using images = ctnn::io::dataset<float, ctnn::shape<784>, ctnn::io::class_labels<10>>;
/// const auto train = ctnn::io::load_idx<images>("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz");
/// ```
template <class Dataset>
Dataset load_idx(const std::filesystem::path& input_path, const std::filesystem::path& label_path,
                 const idx_options& options = {}) {
    using value_type = typename Dataset::value_type;
    static_assert(Dataset::class_count > 0, "ctnn::io::load_idx: the target of the data set is class_labels<Count>");
    static_assert(std::floating_point<value_type> || std::same_as<value_type, std::uint8_t>,
                  "ctnn::io::load_idx: the data set holds float, double or std::uint8_t");

    detail::idx_file inputs(input_path);
    detail::idx_file labels(label_path);
    inputs.require(typename Dataset::input_shape{});
    labels.require(shape<>{});
    if (inputs.count() == 0) throw error(input_path, "byte 4", "0 samples", "at least one");
    if (inputs.count() != labels.count()) {
        throw error(label_path, "byte 4", detail::count_of(labels.count(), "label"),
                    detail::joined(detail::count_of(inputs.count(), "label"), ", one for each input"));
    }
    Dataset result;
    std::vector<value_type> input(Dataset::input_shape::size);
    for (std::uint32_t sample = 0; sample < inputs.count(); ++sample) {
        for (value_type& value : input) {
            if constexpr (std::floating_point<value_type>) {
                value = static_cast<value_type>(inputs.element()) / static_cast<value_type>(options.white);
            } else {
                value = inputs.element();
            }
        }
        const std::uint8_t label = labels.element();
        if (label >= Dataset::class_count) {
            throw error(label_path, detail::joined("byte ", labels.offset() - 1), detail::joined("the label ", label),
                        detail::joined("a class from 0 to ", Dataset::class_count - 1));
        }
        result.add(input.data(), &label);
    }
    inputs.require_end();
    labels.require_end();
    return result;
}

}  // namespace ctnn::io
