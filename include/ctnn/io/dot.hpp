// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network as a drawing of Graphviz.

#include <ctnn/io/summary.hpp>
#include <ctnn/io/type_name.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/graph.hpp>
#include <ctnn/layer/graph/node_source.hpp>
#include <ctnn/layer/graph/sum.hpp>
#include <ctnn/name.hpp>
#include <ctnn/network.hpp>

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ctnn::io {

namespace detail {

/// Writes boxes and arrows. A layer adds the boxes it consists of, and is then known by its last one.
class dot_drawing {
  public:
    explicit dot_drawing(std::ostream& stream) : stream_(stream) {
        stream_ << "digraph network {\n  node [shape=box, fontname=\"sans-serif\"];\n";
    }

    /// A box with these lines, and an arrow from each of the others with the shape of what it gives.
    std::size_t box(const std::vector<std::string>& lines, const std::vector<std::size_t>& sources) {
        stream_ << "  n" << count_ << " [label=\"";
        for (std::size_t i = 0; i < lines.size(); ++i) stream_ << (i > 0 ? "\\n" : "") << escaped(lines[i]);
        stream_ << "\"];\n";
        for (const std::size_t source : sources)
            stream_ << "  n" << source << " -> n" << count_ << " [label=\"" << shapes_[source] << "\"];\n";
        shapes_.emplace_back();
        return count_++;
    }
    void gives(std::size_t box, const std::string& shape) { shapes_[box] = shape; }
    void end() { stream_ << "}\n"; }

  private:
    static std::string escaped(const std::string& text) {
        std::string result;
        for (const char c : text) {
            if (c == '"' || c == '\\') result += '\\';
            result += c;
        }
        return result;
    }

    std::ostream& stream_;
    std::size_t count_ = 0;
    std::vector<std::string> shapes_;
};

/// The names of the values of a graph, and their boxes.
using dot_values = std::vector<std::pair<std::string, std::size_t>>;

inline std::size_t box_of(const dot_values& values, const std::string& name) {
    std::size_t result = values.front().second;  // the input, or one of the tensors that it joins
    for (const auto& [known, box] : values)
        if (known == name) result = box;
    return result;
}

/// What a node takes.
template <class Source>
struct dot_sources;
template <name Name>
struct dot_sources<from<Name>> {
    static std::vector<std::size_t> boxes(const dot_values& values) { return {box_of(values, Name.text)}; }
    static constexpr const char* how = "";
};
template <template <class...> class Combination, class... Parts>
struct dot_sources<Combination<Parts...>> {
    static std::vector<std::size_t> boxes(const dot_values& values) {
        std::vector<std::size_t> result;
        const auto add = [&]<class Part>(std::type_identity<Part>) {
            if constexpr (requires { dot_sources<Part>::boxes(values); })
                for (const std::size_t box : dot_sources<Part>::boxes(values)) result.push_back(box);
        };
        (add(std::type_identity<Parts>{}), ...);
        return result;
    }
};

template <class T, class Layer, class Spec>
std::size_t draw_layer(dot_drawing& drawing, std::size_t from, std::type_identity<Spec>);

/// The boxes of a chain of layers, one after another.
template <class T, class Chain, class... Specs>
std::size_t draw_chain(dot_drawing& drawing, std::size_t box, std::type_identity<branch<Specs...>>) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        ((box = draw_layer<T, typename Chain::template layer<Index>>(drawing, box, std::type_identity<Specs>{})), ...);
    }
    (std::index_sequence_for<Specs...>{});
    return box;
}

/// A layer that has no parts.
template <class T, class Layer>
std::size_t draw_box(dot_drawing& drawing, const std::string& name, const std::vector<std::size_t>& sources) {
    std::vector<std::string> lines{name};
    constexpr std::size_t parameters = std::is_empty_v<Layer> ? 0 : sizeof(Layer) / sizeof(T);
    if (parameters > 0) lines.push_back(with_commas(parameters) + (parameters == 1 ? " parameter" : " parameters"));
    const std::size_t box = drawing.box(lines, sources);
    drawing.gives(box, output_text<typename Layer::output_shape>());
    return box;
}

/// Branches: each is drawn, and a box combines them.
template <class T, class Layer, class... Branches>
std::size_t draw_branches(dot_drawing& drawing, std::size_t from, const std::string& how,
                          std::type_identity<ctnn::detail::branch_list<Branches...>>) {
    std::vector<std::size_t> ends;
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (ends.push_back(
             draw_chain<T, typename Layer::template chain_at<Index>>(drawing, from, std::type_identity<Branches>{})),
         ...);
    }
    (std::index_sequence_for<Branches...>{});
    const std::size_t box = drawing.box({how}, ends);
    drawing.gives(box, output_text<typename Layer::output_shape>());
    return box;
}

template <class T, class Node, name Name, class Source, class... Specs>
void draw_node(dot_drawing& drawing, dot_values& values, std::type_identity<node<Name, Source, Specs...>>) {
    std::vector<std::size_t> sources = dot_sources<Source>::boxes(values);
    std::size_t box = sources.front();
    if (sources.size() > 1) {
        const std::string how = short_name<Source>();
        box = drawing.box({how.substr(0, how.find('<'))}, sources);
        drawing.gives(box, output_text<typename Node::combine::output_shape>());
    }
    box = draw_chain<T, typename Node::chain>(drawing, box, std::type_identity<branch<Specs...>>{});
    values.emplace_back(Name.text, box);
}
template <class T, class Node, name... Names>
void draw_node(dot_drawing& drawing, dot_values& values, std::type_identity<outputs<Names...>>) {
    std::size_t box = values.back().second;
    if constexpr (sizeof...(Names) > 1)
        box = drawing.box({"outputs"}, {box_of(values, Names.text)...});
    else
        ((box = box_of(values, Names.text)), ...);
    values.emplace_back("", box);
}

template <class T, class Layer, class... Parts>
std::size_t draw_graph(dot_drawing& drawing, std::size_t from, std::type_identity<graph<Parts...>>) {
    dot_values values{{"input", from}};
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (draw_node<T, typename Layer::template node_at<(Index < Layer::branch_count ? Index : 0)>>(
             drawing, values, std::type_identity<Parts>{}),
         ...);
    }
    (std::index_sequence_for<Parts...>{});
    drawing.gives(values.back().second, output_text<typename Layer::output_shape>());
    return values.back().second;
}

template <class Spec>
inline constexpr bool is_graph = false;
template <class... Parts>
inline constexpr bool is_graph<graph<Parts...>> = true;

template <class T, class Layer, class Spec>
std::size_t draw_layer(dot_drawing& drawing, std::size_t from, std::type_identity<Spec> spec) {
    const std::string name = short_name<Spec>();
    if constexpr (is_graph<Spec>)
        return draw_graph<T, Layer>(drawing, from, spec);
    else if constexpr (requires {
                           typename Layer::template chain_at<0>;
                           typename Spec::branches;
                       })
        return draw_branches<T, Layer>(drawing, from, name.substr(0, name.find('<')),
                                       std::type_identity<typename Spec::branches>{});
    else
        return draw_box<T, Layer>(drawing, name, {from});
}

template <class T, class Input, class... Specs>
void draw_network(std::ostream& stream, const network<T, Input, Specs...>*) {
    using net = network<T, Input, Specs...>;
    dot_drawing drawing(stream);
    std::size_t box = drawing.box({short_name<Input>()}, {});
    drawing.gives(box, output_text<typename net::input_shape>());
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        ((box = draw_layer<T, layer_t<Index, net>>(drawing, box, std::type_identity<Specs>{})), ...);
    }
    (std::index_sequence_for<Specs...>{});
    drawing.end();
}

}  // namespace detail

/// Writes the network type `Net` in the language of Graphviz: a box for each layer with its parameters, arrows with
/// shapes. Branches and graphs have their real edges. `dot -Tsvg` draws it.
///
/// *Example*: `std::ofstream file("net.dot"); ctnn::io::dot<digits_net>(file);`
template <class Net>
void dot(std::ostream& stream) {
    detail::draw_network(stream, static_cast<const Net*>(nullptr));
}

}  // namespace ctnn::io
