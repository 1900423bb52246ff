// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Networks, their parameters and lists of numbers as C++ writes them.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/io/error.hpp>
#include <ctnn/io/literal.hpp>
#include <ctnn/io/type_name.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameter_names.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/at.hpp>

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ctnn::io::detail {

/// What `header_file` writes; `target` is the file, for messages.
struct header_text {
    std::filesystem::path target;

    template <class Spec>
    static std::string nameable() {
        const std::string name = type_name<Spec>();
        for (const char* hidden : {"anonymous", "lambda", "unnamed"}) {
            if (name.find(hidden) != name.npos)
                throw std::invalid_argument(joined("ctnn::io::header_file: another file cannot name the type ", name));
        }
        return name;
    }

    /// `using name = ctnn::network<...>;`
    template <class T, class Input, class... Specs>
    static std::string alias(const std::string& name, const network<T, Input, Specs...>*) {
        const std::string indent(6 + name.size() + 17, ' ');
        std::string text = joined("using ", name, " = ctnn::network<", type_name<T>(), ", ", type_name<Input>());
        (text.append(",\n").append(indent).append(with_nodes_in_lines(nameable<Specs>(), indent)), ...);
        return text + ">;\n";
    }

    /// A part of the parameters of a network of integers; `type` names its type where C++ needs it, `path` the part in messages.
    template <class Part>
    std::string integers(const std::string& type, const std::string& path, std::size_t indent, const Part& part) const {
        if constexpr (requires { part.zero_point; }) {
            const tensor<float, shape<1>> scale{part.scale};
            return joined('{', list(scale, joined("tensor \"", path, ".scale\""), indent), ", ", part.zero_point, '}');
        } else if constexpr (std::is_arithmetic_v<Part>) {
            return literal(part);
        } else if constexpr (requires { typename Part::shape_type; }) {
            return joined('{', list(part, joined("tensor \"", path, '"'), indent + 4), '}');
        } else {
            std::string text = type + '{';
            std::string separator;
            const std::string next = ",\n" + std::string(indent + 4, ' ');
            Part::members(part, [&]<class... Rest>(const char* member, const Rest&... rest) {
                text += std::exchange(separator, next) + '.' + member + " = ";
                text += member_text(type, member, path, indent + 4, rest...);
            });
            return text += '}';
        }
    }
    /// A member of a part at `path`. Messages have the names of `for_each_parameter`: without those of layers and matrices.
    template <class Part>
    std::string member_text(const std::string& type, const std::string& member, const std::string& path,
                            std::size_t indent, const Part& part) const {
        if constexpr (requires { typename Part::input_shape; }) {
            if constexpr (std::is_empty_v<Part>)
                return "{}";
            else
                return layer(is_composite<Part> ? joined("decltype(", type, "::", member, ')') : "", path, indent, part)
                    .substr(indent);
        } else if constexpr (
            requires { typename Part::shape_type; } || requires { part.zero_point; }) {
            return integers("", path.empty() ? member : joined(path, '.', member), indent, part);
        } else {
            return integers("", path, indent, part);
        }
    }
    /// Layers, or branches: a tuple of parts whose types are `type::each<index>`.
    template <template <class...> class Tuple, class... Parts>
    std::string member_text(const std::string& type, const std::string&, const std::string& path, std::size_t indent,
                            const char* each, const Tuple<Parts...>& parts) const {
        const std::string begin = '\n' + std::string(indent, ' '), prefix = path.empty() ? "" : path + '.';
        std::string text = "{";
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            ((text += joined(Index > 0 ? "," : "", begin,
                             integers(joined(type, "::", each, '<', Index, '>'), joined(prefix, Index), indent,
                                      boost::hana::at_c<Index>(parts)))),
             ...);
        }
        (std::index_sequence_for<Parts...>{});
        return text += '}';
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
                    const std::string chain_type = joined(type, "::chain_at<", branch(), '>');
                    text += joined(std::exchange(separator, ",\n"), begin, "    ", chain_type, "::storage{");
                    const char* between = "\n";
                    decltype(chain)::type::for_each(
                        [&](auto index, const auto& inside) {
                            text += std::exchange(between, ",\n") +
                                    layer(joined(chain_type, "::layer<", index(), '>'),
                                          joined(path, '.', ctnn::detail::branch_label<Layer, branch()>, '.', index()),
                                          indent + 8, inside);
                        },
                        storage);
                    text += '}';
                },
                parameters);
            return text += "}}}";
        } else if constexpr (requires { typename Layer::plain_layer; }) {
            const typename Layer::plain_layer& base = parameters;
            return joined(text, '{', layer("", path, indent, base).substr(indent), '}');
        } else {
            // The members of a base class are in braces of their own, and only they can be named.
            const std::string_view own = has_initial_state<Layer> ? "initial_state" : "";
            text += own.empty() ? "{" : "{{";
            const auto add_member = [&](const char* member, const auto& values) {
                const std::string what = joined("tensor \"", path, '.', member, '"');
                text +=
                    joined(own == member ? "}" : "", std::exchange(separator, ",\n"), begin, "    ",
                           own == member ? "" : joined('.', member, " = "), '{', list(values, what, indent + 8), '}');
            };
            for_each_named_member(add_member, parameters);
            return text += '}';
        }
    }

    /// Values in lines of at most 112 columns, each line indented; a single short line stays inline.
    template <class Values>
    std::string list(const Values& values, const std::string& what, std::size_t indent) const {
        const std::string new_line = joined('\n', std::string(indent, ' '));
        std::string result;
        std::size_t column = indent - 1;
        bool one_line = true;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if constexpr (std::floating_point<std::remove_cvref_t<decltype(values[i])>>) {
                const bool is_nan = math::is_nan(values[i]);
                if (is_nan || (!math::is_finite(values[i]) && !what.ends_with(".splits\"")))
                    throw error(target, joined(what, ", element ", i), is_nan ? "nan" : "infinity", "a finite number");
            }
            const std::string number = literal(values[i]) + ',';
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
        return constant(name, std::same_as<T, unsigned char> ? "std::uint8_t" : type_name<T>(), shape_name, values,
                        what);
    }
    template <class Values>
    std::string constant(const std::string& name, const std::string& number, const std::string& shape_name,
                         const Values& values, const std::string& what) const {
        return joined("inline constexpr ctnn::tensor<", number, ", ", shape_name, "> ", name, '{',
                      list(values, what, 4), "};\n\n");
    }
};

}  // namespace ctnn::io::detail
