// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Bakes networks, tensors and samples into a C++ header of constants.

#include <ctnn/io/compiled.hpp>
#include <ctnn/io/header_text.hpp>
#include <ctnn/io/type_name.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameter_names.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/random.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/verify/certificate.hpp>

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ctnn::io {

namespace detail {

inline bool is_identifier(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view all = "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return !text.empty() && digits.find(text.front()) == digits.npos && text.find_first_not_of(all) == text.npos;
}

/// What is wrong with the name of a constant: `is a keyword of C++`; "" if nothing.
std::string objection_to_name(std::string_view name);

/// The same for a namespace such as `digits` or `my::digits`: `"class" is a keyword of C++`.
std::string objection_to_namespace(std::string_view name);

}  // namespace detail

/// A C++ header of constants, composed in memory and saved at once.
///
/// The header needs the library's core, not its I/O part; its constants equal the originals bit for bit.
///
/// *Errors*: `std::invalid_argument` for names that are not C++ identifiers, are keywords, are reserved (`a__b`, `_A`,
/// `std`), are needed by the header (`ctnn`) or are in it already, and for empty samples or certificates.
///
/// *Example*:
/// ```cpp
/// ctnn::io::header_file header("digits.hpp", "digits");
/// header.add("model", net);
/// header.add("held_out_inputs", held_out.inputs());
/// header.add("held_out_labels", held_out.labels());
/// header.save();
/// ```
/// and in the program that includes it:
/// ```cpp
/// static_assert(ctnn::accuracy(digits::model, digits::held_out_inputs, digits::held_out_labels) >= 0.95);
/// ```
class header_file : detail::header_text {
  public:
    /// `name` is the namespace of the constants, such as `digits` or `my::digits`.
    header_file(std::filesystem::path path, std::string name) : header_text{std::move(path)}, name_(std::move(name)) {
        require(detail::objection_to_namespace(name_));
    }

    /// Another file that the header includes, for user-defined activations and layers: `"my_activation.hpp"`.
    void include(const std::string& file);

    /// A constant network `name` of type `name_type`, with asserted facts: its numbers of parameters, bytes and
    /// multiply-accumulates, and its output for one input. Networks of more than 20,000 multiply-accumulates exceed the
    /// default limits of constant evaluation; for them `name_answers()` is left for the user to assert or to call.
    ///
    /// *Errors*: `io::error` that names the tensor and the element for a parameter that is not finite; thresholds of trees
    /// (`splits`) may be infinite.
    template <class T, class Input, class... Specs>
    void add(const std::string& name, const network<T, Input, Specs...>& net) {
        using net_type = network<T, Input, Specs...>;
        const std::vector<std::string> names{name, name + "_type", name + "_check_input", name + "_check_output",
                                             name + "_answers"};
        require_new(names);
        const std::string type = name + "_type";
        std::string text = alias(type, &net) + detail::joined("\ninline constexpr ", type, ' ', name, "{.layers = {");
        const char* separator = "\n";
        const auto add_layer = [&](auto index, const auto& parameters) {
            const std::string layer_type = detail::joined("ctnn::layer_t<", index(), ", ", type, '>');
            text.append(std::exchange(separator, ",\n"))
                .append(layer(layer_type, std::to_string(index()), 4, parameters));
        };
        net_type::chain_type::for_each(add_layer, net.layers);
        body_ += detail::joined(text, "}};\n\n", facts<net_type>(name), answers(name, net));
        if (text.find("ctnn::fake_quantized<") != text.npos) include_once("#include <ctnn/quantize.hpp>\n");
        declared_.insert(declared_.end(), names.begin(), names.end());
    }

    /// A constant network of 8-bit integers `name` of type `name_type`, for the network of real numbers `name_real_type`, from its
    /// parameters, with asserted facts as above: its integers for one input. The header then includes `ctnn/quantize.hpp`.
    ///
    /// *Example*: `header.add("integers", q_type::choose(net, calibrate(net, samples)));` for a `quantized<...>` named `q_type`.
    template <class Parameters>
    requires requires { typename Parameters::quantized_type; }
    void add(const std::string& name, const Parameters& parameters) {
        using q_type = typename Parameters::quantized_type;
        const std::vector<std::string> names{name,
                                             name + "_type",
                                             name + "_real_type",
                                             name + "_check_input",
                                             name + "_check_output",
                                             name + "_answers"};
        require_new(names);
        const std::string type = name + "_type", real = name + "_real_type";
        body_ += alias(real, static_cast<const typename q_type::real_network*>(nullptr));
        body_ +=
            detail::joined("using ", type, " = ctnn::quantized<", real, choices_of(static_cast<const q_type*>(nullptr)),
                           ">;\n\ninline constexpr ", type, ' ', name, " = ", type,
                           "::from({.input = ", integers("", "input", 4, parameters.input), ",\n    .layers = ",
                           integers(type + "::quantized_layers::parameters", "", 4, parameters.layers), "});\n\n");
        body_ += detail::joined("static_assert(sizeof(", name, ") == ", sizeof(q_type), ");\nstatic_assert(", type,
                                "::multiply_accumulates == ", q_type::multiply_accumulates, ");\n\n");
        body_ += integer_answers(name, q_type::from(parameters));
        include_once("#include <ctnn/quantize.hpp>\n");
        declared_.insert(declared_.end(), names.begin(), names.end());
    }

    /// A constant tensor.
    template <class T, std::size_t... Extents>
    void add(const std::string& name, const tensor<T, shape<Extents...>>& values) {
        require_new({name});
        body_ += constant<T>(name, type_name<shape<Extents...>>(), values, name);
        declared_.push_back(name);
    }

    /// Samples, as a constant tensor whose first extent counts them.
    template <class T, std::size_t... Extents>
    void add(const std::string& name, const samples<T, shape<Extents...>>& values) {
        require_new({name});
        if (values.count == 0)
            throw std::invalid_argument(detail::joined("ctnn::io::header_file: there are no samples in ", name));
        std::string shape_name = detail::joined("ctnn::shape<", values.count);
        (shape_name.append(", ").append(std::to_string(Extents)), ...);
        const span<T> numbers{values.data, values.count * shape<Extents...>::size};
        body_ += constant<T>(name, shape_name += '>', numbers, name);
        declared_.push_back(name);
    }

    /// The certificate of a proof; the header then includes `ctnn/verify.hpp`.
    void add(const std::string& name, const certificate_view& cuts);

    /// The whole header.
    std::string text() const;

    /// Writes the header, completely or not at all.
    ///
    /// *Errors*: `io::error` when the file cannot be written.
    void save() const;

  private:
    template <class T>
    struct span {
        const T* first;
        std::size_t count;
        std::size_t size() const { return count; }
        const T& operator[](std::size_t index) const { return first[index]; }
    };

    /// Throws if there is an objection.
    static void require(const std::string& objection);
    void require_new(const std::vector<std::string>& names) const;

    /// The integers for one input, as an assertion where the default limits of constant evaluation allow it.
    template <class Quantized>
    std::string integer_answers(const std::string& name, const Quantized& q) const {
        tensor<std::int8_t, typename Quantized::input_shape> input;
        random_engine engine{1};
        for (std::int8_t& value : input)
            value = static_cast<std::int8_t>(static_cast<int>(draw_below(engine, 256)) - 128);
        const auto output = q(input);
        const std::string in = name + "_check_input", out = name + "_check_output",
                          number = std::same_as<typename Quantized::element_type, std::int8_t> ? "std::int8_t"
                                                                                               : "std::int32_t";
        std::string text =
            detail::joined(constant(in, "std::int8_t", type_name<typename Quantized::input_shape>(), input, in),
                           constant(out, number, type_name<typename Quantized::output_shape>(), output, out),
                           "constexpr bool ", name, "_answers() {\n    return ", name, '(', in, ") == ", out, ";\n}\n");
        // Those of layers that run in float may differ where multiply-adds are fused.
        if (Quantized::multiply_accumulates <= 20000 && Quantized::quantized_layers::is_integer)
            text += detail::joined("static_assert(", name, "_answers(), \"", name,
                                   " no longer computes the recorded outputs\");\n");
        return text += '\n';
    }

    /// The template arguments of `quantized<Net, ...>` but the first.
    template <template <class...> class Quantized, class Net, class... Choices>
    static std::string choices_of(const Quantized<Net, Choices...>*) {
        std::string text;
        (text.append(", ").append(type_name<Choices>()), ...);
        return text;
    }

    template <class Net>
    static std::string facts(const std::string& name) {
        const std::size_t bytes = Net::parameter_bytes;
        const auto assertion = [&](const char* fact, std::uint64_t value) {
            return detail::joined("static_assert(", name, "_type::", fact, " == ", value, ");\n");
        };
        return detail::joined(assertion("parameter_count", Net::parameter_count), assertion("parameter_bytes", bytes),
                              "static_assert(sizeof(", name, ") == ", bytes, ");\n",
                              assertion("multiply_accumulates", Net::multiply_accumulates), '\n');
    }

    /// One input and its output. Inputs are multiples of 1/16 from -1 to 1: their literals are short and the sums
    /// small.
    template <class Net>
    std::string answers(const std::string& name, const Net& net) const {
        using T = typename Net::value_type;
        tensor<T, typename Net::input_shape> input;
        random_engine engine{1};
        for (T& value : input) value = static_cast<T>(static_cast<int>(draw_below(engine, 33)) - 16) / 16;
        const std::string in = name + "_check_input";
        const std::string out = name + "_check_output";
        const std::string tolerance = sizeof(T) == 4 ? "1e-4f" : "1e-10";
        std::string text = detail::joined(
            constant<T>(in, type_name<typename Net::input_shape>(), input, in),
            constant<T>(out, type_name<typename Net::output_shape>(), net(input), out),
            "// The outputs may differ where multiply-adds are fused, hence the tolerance.\n"
            "constexpr bool ",
            name, "_answers() {\n    return ctnn::near(", name, '(', in, "), ", out, ", ", tolerance, ");\n}\n");
        if (Net::multiply_accumulates <= 20000)
            text += detail::joined("static_assert(", name, "_answers(), \"", name,
                                   " no longer computes the recorded outputs\");\n");
        return text += '\n';
    }

    /// A line that the header has once.
    void include_once(std::string_view line);

    std::string name_;
    std::vector<std::string> declared_;
    std::string includes_;
    std::string body_;
};

}  // namespace ctnn::io

#if !defined(CTNN_IO_COMPILED)
#include <ctnn/io/source/header_file.hpp>
#endif
