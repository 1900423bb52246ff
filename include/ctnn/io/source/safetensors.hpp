// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Safetensors files: the code that is not a template.

#include <ctnn/io/safetensors.hpp>
#include <ctnn/io/safetensors_header.hpp>
#include <ctnn/io/shape_text.hpp>
#include <ctnn/io/whole_file.hpp>
#include <ctnn/math/lane.hpp>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace ctnn::io::detail {

static_assert(std::endian::native == std::endian::little,
              "ctnn::io: safetensors files are little-endian, and this code copies them as they are");

/// An open safetensors file whose header length fits its size.
class safetensors_file {
  public:
    explicit safetensors_file(const std::filesystem::path& path) : path_(path) {
        std::error_code status;
        size_ = std::filesystem::file_size(path, status);
        if (status) {
            throw error(path, {}, joined("a file that cannot be opened (", status.message(), ")"), "a readable file");
        }
        errno = 0;
        stream_.open(path, std::ios::binary);
        if (!stream_) {
            throw error(path, {}, joined("a file that cannot be opened (", std::strerror(errno), ")"),
                        "a readable file");
        }
        if (size_ < 8) {
            throw error(path, {}, count_of(size_, "byte"), "eight bytes that give the length of the header");
        }
        std::uint64_t length = 0;
        read(&length, sizeof length);
        // The format forbids longer ones, so that no reader has to parse them.
        constexpr std::uint64_t longest_header = 100'000'000;
        if (length > longest_header || length > size_ - 8) {
            throw error(path, "byte 0", joined("a header length of ", length),
                        joined("at most ", std::min<std::uintmax_t>(longest_header, size_ - 8)));
        }
        header_.resize(static_cast<std::size_t>(length));
        read(header_.data(), header_.size());
    }

    const std::string& header() const { return header_; }
    std::uintmax_t data_bytes() const { return size_ - 8 - header_.size(); }

    void read(void* to, std::size_t bytes) {
        if (!stream_.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes))) {
            throw error(path_, {}, "a file that ends early or cannot be read", count_of(size_, "byte"));
        }
    }

  private:
    const std::filesystem::path& path_;
    std::uintmax_t size_ = 0;
    std::ifstream stream_;
    std::string header_;
};

CTNN_IO_INLINE void safetensors_tensors::add(std::string name, const char* dtype, std::size_t number_bytes,
                                             std::vector<std::uintmax_t> extents, const void* from, void* to) {
    std::size_t bytes = number_bytes;
    for (const std::uintmax_t extent : extents) bytes *= static_cast<std::size_t>(extent);
    tensors_.push_back({std::move(name), dtype, std::move(extents), bytes, from, to});
}

CTNN_IO_INLINE void require_integers(const std::filesystem::path& path, const char* name, const float* values,
                                     std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        if (!(values[i] > 0) || !math::is_finite(values[i])) {
            char text[32];
            const auto end = std::to_chars(text, text + sizeof text, values[i]).ptr;
            throw error(path, joined("tensor ", in_quotes(name), ", element ", i), std::string(text, end),
                        "a scale that is positive and finite");
        }
}
CTNN_IO_INLINE void require_integers(const std::filesystem::path& path, const char* name, const std::int32_t* values,
                                     std::size_t count) {
    const bool is_zero_point = std::string_view(name).ends_with(".zero_point");
    const std::int32_t least = is_zero_point ? -128 : -(1 << 30) + 1, most = is_zero_point ? 127 : (1 << 30) - 1;
    for (std::size_t i = 0; i < count; ++i)
        if (values[i] < least || values[i] > most)
            throw error(path, joined("tensor ", in_quotes(name), ", element ", i), std::to_string(values[i]),
                        joined(is_zero_point ? "a zero point from " : "a bias from ", least, " to ", most));
}

CTNN_IO_INLINE void safetensors_tensors::save(const std::filesystem::path& path) const {
    std::vector<safetensors_entry> entries;
    std::uintmax_t offset = 0;
    for (const tensor& each : tensors_) {
        entries.push_back({each.name, each.dtype, each.extents, offset, offset + each.bytes});
        offset += each.bytes;
    }
    const std::string header = safetensors_header_text(entries);
    const std::uint64_t length = header.size();
    std::string content(reinterpret_cast<const char*>(&length), sizeof length);
    content += header;
    for (const tensor& each : tensors_) content.append(static_cast<const char*>(each.from), each.bytes);
    write_whole_file(path, content);
}

CTNN_IO_INLINE void safetensors_tensors::load(const std::filesystem::path& path, std::string_view check_value) const {
    safetensors_file file(path);
    const safetensors_header_reader header(path, file.header());
    const auto entries = header.read(file.data_bytes());
    if (!check_value.empty()) header.require_check_value(check_value);

    const auto position = [](const std::string& name) { return joined("tensor ", in_quotes(name)); };
    for (const safetensors_entry& entry : entries) {
        const auto same_name = [&](const tensor& each) { return each.name == entry.name; };
        if (std::none_of(tensors_.begin(), tensors_.end(), same_name)) {
            const std::string names =
                tensors_.empty() ? "" : joined(", ", tensors_.front().name, " to ", tensors_.back().name);
            throw error(path, position(entry.name), "a tensor that the network does not have",
                        joined(count_of(tensors_.size(), "tensor"), names));
        }
    }
    std::vector<std::size_t> begins;
    for (const tensor& each : tensors_) {
        const auto same_name = [&](const safetensors_entry& entry) { return each.name == entry.name; };
        const auto found = std::find_if(entries.begin(), entries.end(), same_name);
        const std::string dtype_and_shape = joined(each.dtype, " of shape ", shape_text(each.extents));
        if (found == entries.end()) throw error(path, position(each.name), "no such tensor", dtype_and_shape);
        if (found->dtype != each.dtype || found->shape != each.extents) {
            throw error(path, position(each.name),
                        printable(joined(found->dtype, " of shape ", shape_text(found->shape))), dtype_and_shape);
        }
        if (found->end - found->begin != each.bytes) {
            throw error(path, position(each.name), count_of(found->end - found->begin, "byte"),
                        count_of(each.bytes, "byte"));
        }
        begins.push_back(static_cast<std::size_t>(found->begin));
    }

    std::vector<char> data(static_cast<std::size_t>(file.data_bytes()));
    file.read(data.data(), data.size());
    // Nothing can fail from here on.
    for (std::size_t i = 0; i < tensors_.size(); ++i)
        std::memcpy(tensors_[i].to, data.data() + begins[i], tensors_[i].bytes);
}

}  // namespace ctnn::io::detail
