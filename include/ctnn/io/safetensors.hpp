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
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ctnn::io {

namespace detail {

/// The format's name of a type of numbers.
template <class Number>
inline constexpr const char* dtype_of = nullptr;
template <>
inline constexpr const char* dtype_of<float> = "F32";
template <>
inline constexpr const char* dtype_of<double> = "F64";
template <>
inline constexpr const char* dtype_of<std::int32_t> = "I32";
template <>
inline constexpr const char* dtype_of<std::int8_t> = "I8";
template <>
inline constexpr const char* dtype_of<std::uint64_t> = "U64";

/// The tensors of a network: their description in a file, and where their elements are in memory.
class safetensors_tensors {
  public:
    /// The elements from `first` on, in row-major order; constant ones are only read.
    template <class Number>
    void add(std::string name, Number* first, std::vector<std::uintmax_t> extents) {
        using number = std::remove_const_t<Number>;
        static_assert(dtype_of<number> != nullptr, "the format has this type of numbers");
        void* to = nullptr;
        if constexpr (!std::is_const_v<Number>) to = first;
        add(std::move(name), dtype_of<number>, sizeof(number), std::move(extents), first, to);
    }
    void save(const std::filesystem::path& path) const;
    void load(const std::filesystem::path& path, std::string_view check_value) const;

  private:
    void add(std::string name, const char* dtype, std::size_t number_bytes, std::vector<std::uintmax_t> extents,
             const void* from, void* to);

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

/// Adds the tensors of a network, with a prefix before their names.
template <class Net>
void add_network(safetensors_tensors& to, const std::string& prefix, Net& net) {
    for_each_parameter(net, [&](auto layer, const char* name, auto& values) {
        using tensor_type = std::remove_cvref_t<decltype(values)>;
        using number = typename tensor_type::value_type;
        static_assert(std::same_as<number, float> || std::same_as<number, double>,
                      "ctnn::io: safetensors are written and read for float and double");
        to.add(joined(prefix, decltype(layer)::value, ".", name), values.data(),
               extents_of(typename tensor_type::shape_type{}));
    });
}
template <class Net>
safetensors_tensors tensors_of(Net& net) {
    safetensors_tensors result;
    add_network(result, "", net);
    return result;
}

/// Those of the parameters of a network of integers, as `for_each_parameter` names them. Scales and zero points have no extents.
template <class Parameters>
safetensors_tensors integers_of(Parameters& parameters) {
    safetensors_tensors result;
    for_each_parameter(parameters, [&](const char* name, auto& values) {
        using type = std::remove_cvref_t<decltype(values)>;
        if constexpr (requires { typename type::shape_type; })
            result.add(name, values.data(), extents_of(typename type::shape_type{}));
        else
            result.add(name, &values, {});
    });
    return result;
}

/// Refuses what no quantised network can have.
///
/// *Errors*: `io::error` for a scale that is not positive and finite, a zero point that is not from -128 to 127, a bias of 2^30 or
/// more in size.
void require_integers(const std::filesystem::path& path, const char* name, const float* values, std::size_t count);
void require_integers(const std::filesystem::path& path, const char* name, const std::int32_t* values,
                      std::size_t count);

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

/// Writes the parameters of a network of 8-bit integers: weights as I8, biases and zero points as I32, scales as F32, by the
/// names of `for_each_parameter` (`ctnn/quantize.hpp`), such as `0.weights`, `0.scales` and `0.output.zero_point`.
///
/// *Errors*: `io::error` when the file cannot be written.
/// *Example*: `save_safetensors(q_type::choose(net, ranges), "digits.safetensors");`
template <class Parameters>
requires requires {
    typename Parameters::quantized_type;
}
void save_safetensors(const Parameters& parameters, const std::filesystem::path& path) {
    detail::integers_of(parameters).save(path);
}

/// Replaces the parameters of a network of 8-bit integers by those in a safetensors file; `q_type::from(parameters)` is the
/// network.
///
/// *Errors*: `io::error` as for a network of real numbers, and for a scale that is not positive and finite, a zero point that is
/// not from -128 to 127, or a bias of 2^30 or more in size. The parameters are then unchanged.
/// *Example*: `q_type::parameters p{}; load_safetensors(p, "digits.safetensors"); const q_type q = q_type::from(p);`
template <class Parameters>
requires requires {
    typename Parameters::quantized_type;
}
void load_safetensors(Parameters& parameters, const std::filesystem::path& path) {
    const auto loaded = std::make_unique<Parameters>(parameters);
    detail::integers_of(*loaded).load(path, {});
    const Parameters& seen = *loaded;
    for_each_parameter(seen, [&](const char* name, const auto& values) {
        using type = std::remove_cvref_t<decltype(values)>;
        const std::string_view what = name;
        if constexpr (std::is_arithmetic_v<type>)
            detail::require_integers(path, name, &values, 1);
        else if constexpr (std::same_as<typename type::value_type, std::int32_t>)
            detail::require_integers(path, name, values.data(), values.size());
        else if constexpr (std::same_as<typename type::value_type, float>)
            if (what.ends_with("scales")) detail::require_integers(path, name, values.data(), values.size());
    });
    parameters = *loaded;
}

}  // namespace ctnn::io

#if !defined(CTNN_IO_COMPILED)
#include <ctnn/io/source/safetensors.hpp>
#endif
