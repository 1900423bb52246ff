// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Saves the parameters of a network as a safetensors file, and loads them.

#include <ctnn/io/error.hpp>
#include <ctnn/io/safetensors_header.hpp>
#include <ctnn/io/shape_text.hpp>
#include <ctnn/io/whole_file.hpp>
#include <ctnn/network.hpp>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

namespace ctnn::io {

namespace detail {

static_assert(std::endian::native == std::endian::little,
              "ctnn::io: safetensors files are little-endian, and this code copies them as they are");

/// What a network expects of one tensor in the file, and where its numbers are in memory.
template <class T>
struct safetensors_slot {
    safetensors_entry entry;
    T* data;
};

template <class Net>
auto safetensors_slots(Net& net) {
    using T = std::conditional_t<std::is_const_v<Net>, const typename Net::value_type, typename Net::value_type>;
    std::vector<safetensors_slot<T>> slots;
    std::uintmax_t offset = 0;
    for_each_parameter(net, [&](auto layer, const char* name, auto& values) {
        using tensor_type = std::remove_cvref_t<decltype(values)>;
        using number = typename tensor_type::value_type;
        static_assert(std::same_as<number, float> || std::same_as<number, double>,
                      "ctnn::io: safetensors are written and read for float and double");
        const std::uintmax_t end = offset + sizeof(number) * tensor_type::size();
        slots.push_back({{joined(std::size_t{decltype(layer)::value}, ".", name), sizeof(number) == 4 ? "F32" : "F64",
                          extents_of(typename tensor_type::shape_type{}), offset, end},
                         values.data()});
        offset = end;
    });
    return slots;
}

/// An open safetensors file whose header length fits into it.
class safetensors_file {
  public:
    explicit safetensors_file(const std::filesystem::path& path) : path_(path) {
        std::error_code status;
        size_ = std::filesystem::file_size(path, status);
        if (status) {
            throw error(path, {}, joined("a file that does not open (", status.message(), ")"), "a readable file");
        }
        errno = 0;
        stream_.open(path, std::ios::binary);
        if (!stream_) {
            throw error(path, {}, joined("a file that does not open (", std::strerror(errno), ")"), "a readable file");
        }
        if (size_ < 8) {
            throw error(path, {}, count_of(size_, "byte"), "eight bytes that give the length of the header");
        }
        std::uint64_t length = 0;
        read(&length, sizeof length);
        // The format allows no longer ones, so that nobody has to parse them.
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
            throw error(path_, {}, "a file that ends or fails while it is read", count_of(size_, "byte"));
        }
    }

  private:
    const std::filesystem::path& path_;
    std::uintmax_t size_ = 0;
    std::ifstream stream_;
    std::string header_;
};

}  // namespace detail

/// Writes all parameters of a network, as `0.weights`, `0.bias`, `1.weights` ..., in their own type (F32 or F64). A
/// file of that name is replaced, wholly or not at all.
///
/// *Errors*: `io::error` when the file cannot be written.
/// *Source*: the safetensors format, github.com/huggingface/safetensors.
///
/// *Example*: `ctnn::io::save_safetensors(net, "digits.safetensors");`
template <class T, class Input, class... Specs>
void save_safetensors(const network<T, Input, Specs...>& net, const std::filesystem::path& path) {
    const auto slots = detail::safetensors_slots(net);
    std::vector<detail::safetensors_entry> entries;
    for (const auto& slot : slots) entries.push_back(slot.entry);
    const std::string header = detail::safetensors_header_text(entries);
    const std::uint64_t length = header.size();
    std::string content(reinterpret_cast<const char*>(&length), sizeof length);
    content += header;
    for (const auto& slot : slots) {
        const auto bytes = static_cast<std::size_t>(slot.entry.end - slot.entry.begin);
        content.append(reinterpret_cast<const char*>(slot.data), bytes);
    }
    detail::write_whole_file(path, content);
}

/// Replaces all parameters of a network by those in a safetensors file, bit by bit (nan and infinity too, as the format
/// has it).
///
/// The file holds exactly the network's tensors, in any order and with any `__metadata__`; weights are of shape
/// (inputs, outputs), and numbers of the network's own type. Nothing is converted.
///
/// With a `check_value` the file is the one that `ctnn-import` wrote together with the header that has the same value:
/// weights of another import are refused although their shapes fit, and so are weights without a value, such as those
/// of `save_safetensors`.
///
/// *Errors*: `io::error` that names the tensor or byte for a file that does not open, a header that is too long, no
/// JSON, or has a name twice, a tensor that is missing, unknown, of another type or shape, offsets that leave holes,
/// overlap or do not fit the file. The network is then unchanged.
///
/// *Example*: `ctnn::io::load_safetensors(net, "digits.safetensors");`
template <class T, class Input, class... Specs>
void load_safetensors(network<T, Input, Specs...>& net, const std::filesystem::path& path,
                      std::string_view check_value = {}) {
    detail::safetensors_file file(path);
    const detail::safetensors_header_reader header(path, file.header());
    const auto entries = header.read(file.data_bytes());
    if (!check_value.empty()) header.require_check_value(check_value);
    const auto slots = detail::safetensors_slots(net);

    const auto position = [](const std::string& name) { return detail::joined("tensor ", detail::in_quotes(name)); };
    for (const auto& entry : entries) {
        const auto same_name = [&](const auto& slot) { return slot.entry.name == entry.name; };
        if (std::none_of(slots.begin(), slots.end(), same_name)) {
            throw error(path, position(entry.name), "a tensor that the network does not have",
                        detail::joined(detail::count_of(slots.size(), "tensor"), ", ", slots.front().entry.name, " to ",
                                       slots.back().entry.name));
        }
    }
    std::vector<std::size_t> begins;
    for (const auto& slot : slots) {
        const auto same_name = [&](const auto& entry) { return slot.entry.name == entry.name; };
        const auto found = std::find_if(entries.begin(), entries.end(), same_name);
        const std::string dtype_and_shape =
            detail::joined(slot.entry.dtype, " of shape ", detail::shape_text(slot.entry.shape));
        if (found == entries.end()) throw error(path, position(slot.entry.name), "no such tensor", dtype_and_shape);
        if (found->dtype != slot.entry.dtype || found->shape != slot.entry.shape) {
            throw error(path, position(slot.entry.name),
                        detail::printable(detail::joined(found->dtype, " of shape ", detail::shape_text(found->shape))),
                        dtype_and_shape);
        }
        if (found->end - found->begin != slot.entry.end - slot.entry.begin) {
            throw error(path, position(slot.entry.name), detail::count_of(found->end - found->begin, "byte"),
                        detail::count_of(slot.entry.end - slot.entry.begin, "byte"));
        }
        begins.push_back(static_cast<std::size_t>(found->begin));
    }

    std::vector<char> data(static_cast<std::size_t>(file.data_bytes()));
    file.read(data.data(), data.size());
    // Nothing can fail from here on.
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto bytes = static_cast<std::size_t>(slots[i].entry.end - slots[i].entry.begin);
        std::memcpy(slots[i].data, data.data() + begins[i], bytes);
    }
}

}  // namespace ctnn::io
