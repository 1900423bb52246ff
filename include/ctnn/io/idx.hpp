// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads images and labels in the IDX format of MNIST, plain or gzip.

#include <ctnn/io/compiled.hpp>
#include <ctnn/io/dataset.hpp>
#include <ctnn/io/error.hpp>
#include <ctnn/io/shape_text.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace ctnn::io {

/// How the bytes of an IDX file are converted.
struct idx_options {
    /// The byte that becomes 1: a floating-point data set holds `byte / white`. Other types hold the bytes unchanged.
    double white = 255;
};

namespace detail {

/// An input file of unsigned bytes and its label file, sample by sample.
class idx_reader {
  public:
    idx_reader(const std::filesystem::path& input_path, const std::filesystem::path& label_path,
               const std::vector<std::uintmax_t>& input_extents, std::size_t class_count);
    ~idx_reader();
    idx_reader(const idx_reader&) = delete;
    idx_reader& operator=(const idx_reader&) = delete;

    /// Reads the next sample; false after the last, where both files have to end.
    bool next(std::uint8_t* input, std::uint8_t& label);

  private:
    struct files;
    std::unique_ptr<files> files_;
};

}  // namespace detail

/// Reads inputs from one IDX file and their labels from another, each plain or gzip.
///
/// `Dataset` has `class_labels` as its target. Images of 28 x 28 bytes fit the input shapes `shape<28, 28>`,
/// `shape<1, 28, 28>` and the flat `shape<784>`.
///
/// *Cost*: memory grows with the data that is actually present, never with what a header claims.
/// *Errors*: `io::error` with the byte offset for a file that cannot be opened or decompressed, a wrong magic number,
/// element type or shape, different counts of inputs and labels, a label that is not a class, a file that is too short
/// or too long.
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

    detail::idx_reader reader(input_path, label_path, detail::extents_of(typename Dataset::input_shape{}),
                              Dataset::class_count);
    Dataset result;
    std::vector<std::uint8_t> bytes(Dataset::input_shape::size);
    std::vector<value_type> input(bytes.size());
    std::uint8_t label = 0;
    while (reader.next(bytes.data(), label)) {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if constexpr (std::floating_point<value_type>)
                input[i] = static_cast<value_type>(bytes[i]) / static_cast<value_type>(options.white);
            else
                input[i] = bytes[i];
        }
        result.add(input.data(), &label);
    }
    return result;
}

}  // namespace ctnn::io

#if !defined(CTNN_IO_COMPILED)
#include <ctnn/io/source/idx.hpp>
#endif
