// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The table of a network: layers, output shapes, parameters, multiply-accumulates, bytes.

#include <ctnn/io/error.hpp>
#include <ctnn/io/shape_text.hpp>
#include <ctnn/io/type_name.hpp>
#include <ctnn/layer/graph/graph.hpp>
#include <ctnn/name.hpp>
#include <ctnn/network.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

namespace ctnn::io {

namespace detail {

/// `1,234,567`.
inline std::string with_commas(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, 1, ',');
    return text;
}

class summary_table {
  public:
    summary_table() {
        add("Layer", "Output shape", "Parameters", "MACs", "Bytes");
        rule('=');
    }

    void add(const std::string& layer, const std::string& shape, const std::string& parameters,
             const std::string& multiply_accumulates, const std::string& bytes) {
        std::string line = layer;
        // A name that is too long has a separate line.
        if (line.size() >= shape_column) {
            text_ += line + '\n';
            line.clear();
        }
        line.resize(shape_column, ' ');
        line += shape;
        std::size_t right = shape_column + 15;
        for (const std::string& number : {parameters, multiply_accumulates, bytes}) {
            right += 12;
            // At least one blank, even if a column is too narrow.
            line.append((std::max)(right, line.size() + number.size() + 1) - line.size() - number.size(), ' ');
            line += number;
        }
        text_ += line.erase(line.find_last_not_of(' ') + 1) + '\n';
    }

    void add(const std::string& layer, const std::string& shape, std::size_t parameters,
             std::uint64_t multiply_accumulates, std::size_t bytes) {
        add(layer, shape, with_commas(parameters), with_commas(multiply_accumulates), with_commas(bytes));
    }

    void rule(char line) { text_ += std::string(shape_column + 15 + 3 * 12, line) + '\n'; }

    const std::string& text() const { return text_; }

  private:
    static constexpr std::size_t shape_column = 28;
    std::string text_;
};

/// The name of a type without the namespace.
template <class Type>
std::string short_name() {
    std::string name = type_name<Type>();
    replace_all(name, "ctnn::", "");
    return name;
}
template <class Shape>
std::string output_text() {
    return shape_text(extents_of(ctnn::detail::plain_shape<Shape>{}));
}

template <class T, class Layer, class... Parts>
void add_layer(summary_table& table, const std::string& indent, std::type_identity<graph<Parts...>>);
template <class T, class Layer, class Spec>
void add_layer(summary_table& table, const std::string& indent, std::type_identity<Spec>) {
    constexpr std::size_t bytes = std::is_empty_v<Layer> ? 0 : sizeof(Layer);
    table.add(indent + short_name<Spec>(), output_text<typename Layer::output_shape>(), bytes / sizeof(T),
              Layer::multiply_accumulates, bytes);
}
/// A node of a graph has a line for what it takes, and one for each of its layers.
template <class T, class Node, name Name, class Source, class... Specs>
void add_node(summary_table& table, const std::string& indent, std::type_identity<node<Name, Source, Specs...>>) {
    using chain = typename Node::chain;
    table.add(joined(indent, Name.text, ": ", short_name<Source>()),
              output_text<typename Node::combine::output_shape>(), 0, Node::combine::multiply_accumulates, 0);
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (add_layer<T, typename chain::template layer<Index>>(table, indent + "  ", std::type_identity<Specs>{}), ...);
    }
    (std::index_sequence_for<Specs...>{});
}
template <class T, class Node, name... Names>
void add_node(summary_table&, const std::string&, std::type_identity<outputs<Names...>>) {}

template <class T, class Layer, class... Parts>
void add_layer(summary_table& table, const std::string& indent, std::type_identity<graph<Parts...>>) {
    table.add(indent + "graph", output_text<typename Layer::output_shape>(), "", "", "");
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (add_node<T, typename Layer::template node_at<(Index < Layer::branch_count ? Index : 0)>>(
             table, indent + "  ", std::type_identity<Parts>{}),
         ...);
    }
    (std::index_sequence_for<Parts...>{});
}

template <class T, class Input, class... Specs>
std::string summary_text(const network<T, Input, Specs...>*) {
    using net = network<T, Input, Specs...>;
    summary_table table;
    table.add(short_name<Input>(), output_text<typename net::input_shape>(), 0, 0, 0);
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (add_layer<T, layer_t<Index, net>>(table, "", std::type_identity<Specs>{}), ...);
    }
    (std::index_sequence_for<Specs...>{});
    table.rule('-');
    table.add(joined("Total (", type_name<T>(), ")"), "", net::parameter_count, net::multiply_accumulates,
              net::parameter_bytes);
    return table.text();
}

/// A network of integers: those of a layer with all that it computes with.
template <template <class...> class Quantized, class T, class Input, class... Specs, class... Choices>
requires requires {
    typename Quantized<network<T, Input, Specs...>, Choices...>::quantized_layers;
}
std::string summary_text(const Quantized<network<T, Input, Specs...>, Choices...>*) {
    using net = network<T, Input, Specs...>;
    using integers = Quantized<net, Choices...>;
    summary_table table;
    table.add(short_name<Input>(), output_text<typename net::input_shape>(), 0, 0, 0);
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        const auto add_one = [&]<class Layer, class Integers, class Spec>(
                                 std::type_identity<Layer>, std::type_identity<Integers>, std::type_identity<Spec>) {
            constexpr bool is_combined = requires {
                typename Integers::combination;
            };
            table.add(short_name<Spec>() + (Integers::is_integer ? ""
                                            : is_combined        ? ", partly in float"
                                                                 : ", in float"),
                      output_text<typename Layer::output_shape>(),
                      std::is_empty_v<Layer> ? 0 : sizeof(Layer) / sizeof(T), Layer::multiply_accumulates,
                      std::is_empty_v<Integers> ? 0 : sizeof(Integers));
        };
        (add_one(std::type_identity<layer_t<Index, net>>{},
                 std::type_identity<typename integers::quantized_layers::template layer<Index>>{},
                 std::type_identity<Specs>{}),
         ...);
    }
    (std::index_sequence_for<Specs...>{});
    table.rule('-');
    table.add("Total (8-bit integers)", "", net::parameter_count, net::multiply_accumulates, sizeof(integers));
    return table.text();
}

}  // namespace detail

/// Writes a table of the network type `Net`, one line per layer, those in the nodes of a graph included, and a total. MACs are multiply-accumulates for one
/// sample.
///
/// The same values are available as constants: `Net::parameter_count`, `Net::multiply_accumulates`,
/// `Net::parameter_bytes`.
///
/// Of a network of integers (`ctnn/quantize.hpp`) the bytes are those of integers and factors, and layers that run in float are
/// named; the total has what the layers share, too.
///
/// *Example*: `ctnn::io::summary<digits_net>(std::cout);`
template <class Net>
void summary(std::ostream& stream) {
    stream << detail::summary_text(static_cast<const Net*>(nullptr));
}

/// The same for a network object.
template <class Net>
void summary(const Net&, std::ostream& stream) {
    summary<Net>(stream);
}

}  // namespace ctnn::io
