// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The table of a network: layers, output shapes, parameters, multiply-accumulates, bytes.

#include <ctnn/io/error.hpp>
#include <ctnn/io/shape_text.hpp>
#include <ctnn/io/type_name.hpp>
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

template <class T, class Input, class... Specs>
std::string summary_text(const network<T, Input, Specs...>*) {
    using net = network<T, Input, Specs...>;
    const auto short_name = [](std::string name) {
        replace_all(name, "ctnn::", "");
        return name;
    };
    summary_table table;
    table.add(short_name(type_name<Input>()), shape_text(extents_of(typename net::input_shape{})), 0, 0, 0);
    const auto add_layer = [&]<class Spec, class Layer>(std::type_identity<Spec>, std::type_identity<Layer>) {
        constexpr std::size_t bytes = std::is_empty_v<Layer> ? 0 : sizeof(Layer);
        table.add(short_name(type_name<Spec>()), shape_text(extents_of(typename Layer::output_shape{})),
                  bytes / sizeof(T), Layer::multiply_accumulates, bytes);
    };
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (add_layer(std::type_identity<Specs>{}, std::type_identity<layer_t<Index, net>>{}), ...);
    }(std::index_sequence_for<Specs...>{});
    table.rule('-');
    table.add(joined("Total (", type_name<T>(), ")"), "", net::parameter_count, net::multiply_accumulates,
              net::parameter_bytes);
    return table.text();
}

}  // namespace detail

/// Writes a table of the network type `Net`, one line per layer and a total. MACs are multiply-accumulates for one
/// sample.
///
/// The same values are available as constants: `Net::parameter_count`, `Net::multiply_accumulates`,
/// `Net::parameter_bytes`.
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
