// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Bakes networks, tensors and samples into a C++ header of constants.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/io/compiled.hpp>
#include <ctnn/io/error.hpp>
#include <ctnn/io/literal.hpp>
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
class header_file {
  public:
    /// `name` is the namespace of the constants, such as `digits` or `my::digits`.
    header_file(std::filesystem::path path, std::string name) : path_(std::move(path)), name_(std::move(name)) {
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
        const std::string indent(6 + type.size() + 17, ' ');
        std::string text =
            detail::joined("using ", type, " = ctnn::network<", type_name<T>(), ", ", type_name<Input>());
        (text.append(",\n").append(indent).append(detail::with_nodes_in_lines(nameable<Specs>(), indent)), ...);
        text += detail::joined(">;\n\ninline constexpr ", type, ' ', name, "{.layers = {");
        const char* separator = "\n";
        const auto add_layer = [&](auto index, const auto& parameters) {
            const std::string layer_type = detail::joined("ctnn::layer_t<", index(), ", ", type, '>');
            text.append(std::exchange(separator, ",\n"))
                .append(layer(layer_type, std::to_string(index()), 4, parameters));
        };
        net_type::chain_type::for_each(add_layer, net.layers);
        body_ += detail::joined(text, "}};\n\n", facts<net_type>(name), answers(name, net));
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

    template <class Spec>
    static std::string nameable() {
        const std::string name = type_name<Spec>();
        for (const char* hidden : {"anonymous", "lambda", "unnamed"}) {
            if (name.find(hidden) != name.npos)
                throw std::invalid_argument(
                    detail::joined("ctnn::io::header_file: another file cannot name the type ", name));
        }
        return name;
    }

    /// A layer whose type is named `type`, a composite one with its layers; `path` is its position in the network.
    template <class Layer>
    std::string layer(const std::string& type, const std::string& path, std::size_t indent,
                      const Layer& parameters) const {
        const std::string begin(indent, ' ');
        std::string text = begin + type;
        const char* separator = "\n";
        if constexpr (is_composite<Layer>) {
            text += "{{.branches = {";
            Layer::for_each_chain(
                [&](auto branch, auto chain, const auto& storage) {
                    const std::string chain_type = detail::joined(type, "::chain_at<", branch(), '>');
                    text += detail::joined(std::exchange(separator, ",\n"), begin, "    ", chain_type, "::storage{");
                    const char* between = "\n";
                    decltype(chain)::type::for_each(
                        [&](auto index, const auto& inside) {
                            text += std::exchange(between, ",\n") +
                                    layer(detail::joined(chain_type, "::layer<", index(), '>'),
                                          detail::joined(path, '.', ctnn::detail::branch_label<Layer, branch()>, '.',
                                                         index()),
                                          indent + 8, inside);
                        },
                        storage);
                    text += '}';
                },
                parameters);
            return text += "}}}";
        } else {
            // The members of a base class are in braces of their own, and only they can be named.
            const std::string_view own = has_initial_state<Layer> ? "initial_state" : "";
            text += own.empty() ? "{" : "{{";
            const auto add_member = [&](const char* member, const auto& values) {
                const std::string what = detail::joined("tensor \"", path, '.', member, '"');
                text += detail::joined(own == member ? "}" : "", std::exchange(separator, ",\n"), begin, "    ",
                                       own == member ? "" : detail::joined('.', member, " = "), '{',
                                       list(values, what, indent + 8), '}');
            };
            for_each_named_member(add_member, parameters);
            return text += '}';
        }
    }

    /// Values in lines of at most 112 columns, each line indented; a single short line stays inline.
    template <class Values>
    std::string list(const Values& values, const std::string& what, std::size_t indent) const {
        const std::string new_line = detail::joined('\n', std::string(indent, ' '));
        std::string result;
        std::size_t column = indent - 1;
        bool one_line = true;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if constexpr (std::floating_point<std::remove_cvref_t<decltype(values[i])>>) {
                const bool is_nan = math::is_nan(values[i]);
                if (is_nan || (!math::is_finite(values[i]) && !what.ends_with(".splits\"")))
                    throw error(path_, detail::joined(what, ", element ", i), is_nan ? "nan" : "infinity",
                                "a finite number");
            }
            const std::string number = detail::literal(values[i]) + ',';
            if (column + 1 + number.size() > 112) {
                result += new_line;
                column = indent;
                one_line = false;
            } else if (i > 0) {
                result += ' ';
                ++column;
            }
            result += number;
            column += number.size();
        }
        result.pop_back();
        return one_line && result.size() < 60 ? result : new_line + result;
    }

    template <class T, class Values>
    std::string constant(const std::string& name, const std::string& shape_name, const Values& values,
                         const std::string& what) const {
        const std::string number = std::same_as<T, unsigned char> ? "std::uint8_t" : type_name<T>();
        return detail::joined("inline constexpr ctnn::tensor<", number, ", ", shape_name, "> ", name, '{',
                              list(values, what, 4), "};\n\n");
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

    std::filesystem::path path_;
    std::string name_;
    std::vector<std::string> declared_;
    std::string includes_;
    std::string body_;
};

}  // namespace ctnn::io

#if !defined(CTNN_IO_COMPILED)
#include <ctnn/io/source/header_file.hpp>
#endif
