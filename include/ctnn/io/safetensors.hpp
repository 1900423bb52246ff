// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Saves the parameters of a network as a safetensors file, and loads them.

#include <ctnn/io/compiled.hpp>
#include <ctnn/io/error.hpp>
#include <ctnn/io/shape_text.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameter_names.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ctnn::io {

namespace detail {

/// The tensors of a network: their description in a file, and where their elements are in memory.
class safetensors_tensors {
  public:
    /// `to` is null if the network is only read. Elements have 4 or 8 bytes and are in row-major order.
    void add(std::size_t layer, const char* name, std::size_t number_bytes, std::vector<std::uintmax_t> extents,
             const void* from, void* to);
    void save(const std::filesystem::path& path) const;
    void load(const std::filesystem::path& path, std::string_view check_value) const;

  private:
    struct tensor {
        std::string name;
        const char* dtype;
        std::vector<std::uintmax_t> extents;
        std::size_t bytes;
        const void* from;
        void* to;
    };

    std::vector<tensor> tensors_;
};

template <class Net>
safetensors_tensors tensors_of(Net& net) {
    safetensors_tensors result;
    for_each_parameter(net, [&](auto layer, const char* name, auto& values) {
        using tensor_type = std::remove_cvref_t<decltype(values)>;
        using number = typename tensor_type::value_type;
        static_assert(std::same_as<number, float> || std::same_as<number, double>,
                      "ctnn::io: safetensors are written and read for float and double");
        void* to = nullptr;
        if constexpr (!std::is_const_v<Net>) to = values.data();
        result.add(decltype(layer)::value, name, sizeof(number), extents_of(typename tensor_type::shape_type{}),
                   values.data(), to);
    });
    return result;
}

}  // namespace detail

/// Writes all parameters of a network, as `0.weights`, `0.bias`, `1.weights` ..., in their own type (F32 or F64). An
/// existing file is replaced completely or not at all.
///
/// *Errors*: `io::error` when the file cannot be written.
/// *Source*: the safetensors format, github.com/huggingface/safetensors.
///
/// *Example*: `ctnn::io::save_safetensors(net, "digits.safetensors");`
template <class T, class Input, class... Specs>
void save_safetensors(const network<T, Input, Specs...>& net, const std::filesystem::path& path) {
    detail::tensors_of(net).save(path);
}

/// Replaces all parameters of a network by those in a safetensors file, bit for bit (NaN and infinity included, as the
/// format allows).
///
/// The file holds exactly the network's tensors, in any order and with any `__metadata__`; weights have the shape
/// (inputs, outputs), and elements the network's value type. Nothing is converted.
///
/// With a `check_value` the file must be the one that `ctnn-import` wrote together with the header that has the same
/// value: weights of another import are rejected even if their shapes fit, and so are weights without a value, such as
/// those of `save_safetensors`.
///
/// *Errors*: `io::error` that names the tensor or byte for a file that cannot be opened, a header that is too long, not
/// JSON, or has a duplicate name, a tensor that is missing, unknown, of another type or shape, offsets that leave
/// holes, overlap or do not fit the file. The network is then unchanged.
///
/// *Example*: `ctnn::io::load_safetensors(net, "digits.safetensors");`
template <class T, class Input, class... Specs>
void load_safetensors(network<T, Input, Specs...>& net, const std::filesystem::path& path,
                      std::string_view check_value = {}) {
    detail::tensors_of(net).load(path, check_value);
}

}  // namespace ctnn::io

#if !defined(CTNN_IO_COMPILED)
#include <ctnn/io/source/safetensors.hpp>
#endif
