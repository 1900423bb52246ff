// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A graph, run a time step or a block of them at a time.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/graph_layer.hpp>
#include <ctnn/layer/graph/graph_memory.hpp>
#include <ctnn/layer/graph/graph_wiring.hpp>
#include <ctnn/layer/graph/memory_plan.hpp>
#include <ctnn/name.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/stream/stream_steps.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// The elements of one time step of each input.
template <class InputShape, std::size_t Axis>
struct input_steps {
    static constexpr std::size_t sizes[1]{step_size<InputShape, Axis>};
};
template <class... Parts, std::size_t Axis>
struct input_steps<joined_shape<Parts...>, Axis> {
    static constexpr std::size_t sizes[sizeof...(Parts)]{step_size<typename Parts::shape_type, Axis>...};
};

/// The steps of the nodes, each along the time dimension of what it takes: that of the graph's inputs is `Axis`.
template <std::size_t Axis, std::size_t Steps, class Wiring, class InputShape, class... Nodes>
struct graph_steps {
    static constexpr std::size_t inputs = Wiring::inputs, nodes = sizeof...(Nodes);
    template <std::size_t Node>
    using node_at = typename nth<Node, Nodes...>::type;

    template <std::size_t Value>
    static constexpr std::size_t find_axis() {
        if constexpr (Value < inputs)
            return Axis;
        else
            return steps<Value - inputs>::end_axis;
    }
    template <std::size_t Value>
    static constexpr std::size_t axis_of = find_axis<Value>();
    template <std::size_t Node>
    using steps = stream_from<typename node_at<Node>::chain, 0, axis_of<node_at<Node>::sources[0]>, Steps>;

    /// What a node combines has one time dimension, along which steps can be combined.
    template <std::size_t Node>
    static constexpr bool is_possible() {
        using node = node_at<Node>;
        constexpr std::size_t axis = axis_of<node::sources[0]>;
        constexpr bool agree = []<std::size_t... Source>(std::index_sequence<Source...>) {
            return (... && (axis_of<node::sources[Source]> == axis));
        }
        (std::make_index_sequence<node::source_count>{});
        if constexpr (!agree || !steps<Node>::possible)
            return false;
        else if constexpr (node::combines)
            return node::combine::template streams_along<axis>;
        else
            return true;
    }
    template <std::size_t... Node>
    static constexpr bool are_possible(std::index_sequence<Node...>) {
        return (... && is_possible<Node>()) && (... && (axis_of<Wiring::output[0]> == axis_of_output<Node>()));
    }
    template <std::size_t Node>
    static constexpr std::size_t axis_of_output() {
        return axis_of<Wiring::output[Node < Wiring::outputs ? Node : 0]>;
    }

    static constexpr bool is_graph_step = true;
    static constexpr bool possible = are_possible(std::make_index_sequence<nodes>{});
    static constexpr std::size_t next_axis = axis_of<Wiring::output[0]>;

    template <class>
    struct all;
    template <std::size_t... Node>
    struct all<std::index_sequence<Node...>> {
        template <std::size_t First>
        using states = states_of<First, steps<Node>...>;
        /// Step sizes of the values, and the last node that takes each; that of an output is past the end.
        struct value_table {
            std::size_t of[Wiring::values], last_use[Wiring::values], of_inputs, of_outputs;
        };
        static constexpr value_table sizes = [] {
            value_table result{};
            for (std::size_t i = 0; i < inputs; ++i) {
                result.of[i] = input_steps<InputShape, Axis>::sizes[i];
                result.of_inputs += result.of[i];
            }
            const auto add = [&](std::size_t node, std::size_t size, const std::size_t* sources, std::size_t count) {
                result.of[inputs + node] = size;
                for (std::size_t i = 0; i < count; ++i) result.last_use[sources[i]] = inputs + node;
            };
            (add(Node, steps<Node>::outputs, node_at<Node>::sources, node_at<Node>::source_count), ...);
            for (const std::size_t value : Wiring::output) {
                result.last_use[value] = Wiring::values;
                result.of_outputs += result.of[value];
            }
            return result;
        }();
    };
    using of_nodes = all<std::make_index_sequence<nodes>>;
    using state_type = typename of_nodes::template states<0>::type;

    /// Where a value is: in x, in y, or in memory, and at which offset. Several inputs or outputs follow each other.
    struct place_table {
        std::size_t of[Wiring::values], in_memory;
        bool is_input[Wiring::values], is_output[Wiring::values];
    };
    template <class T>
    static constexpr place_table places = [] {
        constexpr auto& sizes = of_nodes::sizes;
        place_table result{};
        std::size_t start = 0;
        for (std::size_t value = 0; value < inputs; start += Steps * sizes.of[value++]) {
            result.is_input[value] = true;
            result.of[value] = start;
        }
        start = 0;
        for (const std::size_t value : Wiring::output) {
            if (value >= inputs) {
                result.is_output[value] = true;
                result.of[value] = start;
            }
            start += Steps * sizes.of[value];
        }
        buffer buffers[Wiring::values]{};
        for (std::size_t value = inputs; value < Wiring::values; ++value)
            if (!result.is_output[value]) buffers[value] = {Steps * sizes.of[value], value, sizes.last_use[value]};
        const auto plan = plan_memory<T>(buffers);
        for (std::size_t value = inputs; value < Wiring::values; ++value)
            if (!result.is_output[value]) result.of[value] = plan.place[value];
        result.in_memory = plan.size;
        return result;
    }();

    template <class Layer, class T>
    static constexpr void advance(const Layer& layer, const T* x, T* y, state_type& state, std::size_t count) {
        constexpr auto& table = places<T>;
        alignas(Steps > 1 ? 64 : alignof(T)) T memory[table.in_memory > 0 ? table.in_memory : 1];
        advance_node<0>(layer, x, y, memory, state, count);
        std::size_t start = 0;
        for (const std::size_t value : Wiring::output) {
            const std::size_t size = Steps * of_nodes::sizes.of[value];
            if (!table.is_output[value])
                for (std::size_t i = 0; i < size; ++i) y[start + i] = x[table.of[value] + i];
            start += size;
        }
    }

  private:
    template <std::size_t Value, class T>
    CTNN_INLINE static constexpr const T* at(const T* x, const T* y, const T* memory) {
        constexpr auto& table = places<T>;
        return (table.is_input[Value] ? x : table.is_output[Value] ? y : memory) + table.of[Value];
    }
    template <std::size_t Node, class Layer, class T, class State>
    static constexpr void advance_node(const Layer& layer, const T* x, T* y, T* memory, State& state,
                                       std::size_t count) {
        if constexpr (Node < nodes) {
            using node = node_at<Node>;
            using states = typename of_nodes::template states<Node>;
            using here_type = typename states::here_type;
            using rest_type = typename states::rest_type;
            constexpr auto& table = places<T>;
            here_type no_here{};
            rest_type no_rest{};
            T* const to = (table.is_output[inputs + Node] ? y : memory) + table.of[inputs + Node];
            const auto& storage = Layer::template storage_of<Node>(layer);
            here_type& here = here_of<here_type, rest_type>(state, no_here);
            if constexpr (!node::combines) {
                steps<Node>::advance(storage, at<node::sources[0]>(x, static_cast<const T*>(y), memory), to, here,
                                     count);
            } else if constexpr (node::chain::count == 0) {
                combine<Node>(x, static_cast<const T*>(y), memory, to);
                if constexpr (contracts_layers) end_layer<Steps * of_nodes::sizes.of[inputs + Node]>(to);
            } else {
                constexpr std::size_t size = combined_steps<Node>::output_shape::size;
                alignas(Steps > 1 ? 64 : alignof(T)) T combined[size];
                combine<Node>(x, static_cast<const T*>(y), memory, combined);
                if constexpr (contracts_layers) end_layer<size>(combined);
                steps<Node>::advance(storage, static_cast<const T*>(combined), to, here, count);
            }
            advance_node<Node + 1>(layer, x, y, memory, rest_of<here_type, rest_type>(state, no_rest), count);
        }
    }

    template <std::size_t Node, class Index = std::make_index_sequence<node_at<Node>::source_count>>
    struct combination_of_steps;
    template <std::size_t Node, std::size_t... Source>
    struct combination_of_steps<Node, std::index_sequence<Source...>> {
        using type = typename node_at<Node>::combine::template of_steps<
            shape<Steps * of_nodes::sizes.of[node_at<Node>::sources[Source]]>...>;
    };
    template <std::size_t Node>
    using combined_steps = typename combination_of_steps<Node>::type;

    template <std::size_t Node, class T>
    static constexpr void combine(const T* x, const T* y, const T* memory, T* combined) {
        using node = node_at<Node>;
        [&]<std::size_t... Source>(std::index_sequence<Source...>) {
            if constexpr (combined_steps<Node>::writes_at_once) {
                const T* const outputs[]{at<node::sources[Source]>(x, y, memory)...};
                combined_steps<Node>::template write<1>(outputs, combined);
            } else {
                (combined_steps<Node>::template write<Source, 1>(at<node::sources[Source]>(x, y, memory), combined),
                 ...);
            }
        }
        (std::make_index_sequence<node::source_count>{});
    }
};

template <class T, class InputShape, class OutputShape, class Activation, class Wiring, class... Nodes,
          std::size_t Axis, std::size_t Steps>
requires(
    Axis !=
    no_time_axis) struct stream_step<graph_layer<T, InputShape, OutputShape, Activation, Wiring, Nodes...>, Axis, Steps>
    : graph_steps<Axis, Steps, Wiring, InputShape, Nodes...> {
};

/// The time dimension of a graph's inputs: that of the first node which takes one and knows.
template <class T, class InputShape, class OutputShape, class Activation, class Wiring, class... Nodes>
struct layer_time_axis<graph_layer<T, InputShape, OutputShape, Activation, Wiring, Nodes...>> {
    static constexpr std::size_t value = [] {
        constexpr std::size_t nodes = sizeof...(Nodes), sources[nodes]{Nodes::sources[0]...},
                              axes[nodes]{time_axis_of<typename Nodes::chain>()...};
        for (std::size_t i = 0; i < nodes; ++i)
            if (sources[i] < Wiring::inputs && axes[i] != unknown_time_axis) return axes[i];
        for (std::size_t i = 0; i < nodes; ++i)
            if (axes[i] != unknown_time_axis) return axes[i];
        return unknown_time_axis;
    }();
};

}  // namespace CTNN_NAMESPACE::detail
