// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Where the values of a graph are in memory, and their gradients.

#include <ctnn/chain/allocate.hpp>
#include <ctnn/chain/layer_list.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/graph_wiring.hpp>
#include <ctnn/layer/graph/memory_plan.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// Copies part of each row of a batch: `size` elements.
template <class T>
constexpr void copy_rows(const T* from, std::size_t from_stride, T* to, std::size_t to_stride, std::size_t rows,
                         std::size_t size) {
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < size; ++i) to[row * to_stride + i] = from[row * from_stride + i];
}

/// Offsets of the inputs and of the outputs of a graph in a row. In a batch of several rows, a part of each row is not
/// contiguous: it is copied.
template <class Wiring>
struct row_layout {
    static constexpr std::size_t input_offset(std::size_t input) {
        std::size_t result = 0;
        for (std::size_t i = 0; i < input; ++i) result += Wiring::numbers.size[i];
        return result;
    }
    static constexpr std::size_t output_offset(std::size_t output) {
        std::size_t result = 0;
        for (std::size_t i = 0; i < output; ++i) result += Wiring::numbers.size[Wiring::output[i]];
        return result;
    }
    static constexpr std::size_t input_row = input_offset(Wiring::inputs), output_row = output_offset(Wiring::outputs);

    template <std::size_t Batch>
    static constexpr bool reads_in_place = Batch == 1 || Wiring::inputs == 1;
    template <std::size_t Batch>
    static constexpr bool writes_in_place = Batch == 1 || Wiring::outputs == 1;
};

/// The forward pass: values that are not the caller's have their places in a workspace, by liveness.
template <class T, std::size_t Batch, class Wiring, class... Nodes>
struct inference_memory {
    using layout = row_layout<Wiring>;
    static constexpr std::size_t values = Wiring::values, nodes = Wiring::nodes, inputs = Wiring::inputs;

    /// Whether a root is written to the caller's outputs at once.
    static constexpr bool is_written(std::size_t value) {
        return layout::template writes_in_place<Batch> && value >= inputs && Wiring::times_output(value) == 1;
    }
    static constexpr bool is_read(std::size_t value) {
        return layout::template reads_in_place<Batch> && value < inputs;
    }

    /// The workspace of a node's chain.
    template <std::size_t Index>
    static constexpr std::size_t size_inside() {
        using node = typename nth<Index, Nodes...>::type;
        if constexpr (node::is_alias)
            return 0;
        else
            return node::chain::template workspace_size<Batch, !Wiring::template leaves_activation<Index>>;
    }

    /// The buffers: those of the values, then what nodes combine, then the workspaces of their chains.
    static constexpr std::size_t count = values + 2 * nodes;
    struct buffers {
        buffer all[count];
    };
    static constexpr buffers needed = []<std::size_t... Index>(std::index_sequence<Index...>) {
        constexpr std::size_t combined[nodes]{
            (Nodes::combines && Nodes::chain::count > 0 ? Nodes::combine::output_shape::size : 0)...};
        constexpr std::size_t inside[nodes]{size_inside<Index>()...};
        buffers result{};
        for (std::size_t i = 0; i < values; ++i) {
            const bool has_place = Wiring::root(i) == i && !is_written(i) && !is_read(i);
            result.all[i] = {has_place ? Batch * Wiring::numbers.size[i] : 0, i < inputs ? 0 : i - inputs,
                             Wiring::last_use(i)};
        }
        for (std::size_t i = 0; i < nodes; ++i) {
            result.all[values + i] = {Batch * combined[i], i, i};
            result.all[values + nodes + i] = {inside[i], i, i};
        }
        return result;
    }
    (std::index_sequence_for<Nodes...>{});
    static constexpr auto plan = plan_memory<T>(needed.all);

    /// The largest total size of what is needed in one step: no plan is smaller.
    static constexpr std::size_t largest_cut = [] {
        std::size_t largest = 0;
        for (std::size_t step = 0; step <= nodes; ++step) {
            std::size_t cut = 0;
            for (const buffer& each : needed.all) cut += each.first <= step && step <= each.last ? each.size : 0;
            largest = cut > largest ? cut : largest;
        }
        return largest;
    }();

    /// What a call would otherwise count again: which roots are written to the outputs, and the offset of each in its array.
    struct places {
        bool is_written[values];
        std::size_t offset[values];
    };
    static constexpr places found = [] {
        places result{};
        for (std::size_t i = 0; i < values; ++i) {
            result.is_written[i] = is_written(i);
            result.offset[i] = is_read(i)      ? layout::input_offset(i)
                               : is_written(i) ? layout::output_offset(Wiring::output_of(i))
                                               : plan.place[i];
        }
        return result;
    }();

    static constexpr const T* value(std::size_t root, const T* x, const T* y, const T* workspace) {
        return (is_read(root) ? x : found.is_written[root] ? y : workspace) + found.offset[root];
    }
    template <std::size_t Node>
    static constexpr T* output(T* y, T* workspace) {
        constexpr std::size_t root = inputs + Node;
        if constexpr (is_written(root))
            return y + layout::output_offset(Wiring::output_of(root));
        else
            return workspace + plan.place[root];
    }
    template <std::size_t Node>
    static constexpr T* combined(T* workspace) {
        return workspace + plan.place[values + Node];
    }

    template <std::size_t Node>
    static constexpr T* inside(T* workspace) {
        return workspace + plan.place[values + nodes + Node];
    }

    static constexpr void gather(const T* x, T* workspace) {
        if constexpr (!layout::template reads_in_place<Batch>)
            for (std::size_t i = 0; i < inputs; ++i)
                copy_rows(x + layout::input_offset(i), layout::input_row, workspace + plan.place[i],
                          Wiring::numbers.size[i], Batch, Wiring::numbers.size[i]);
    }
    static constexpr void scatter(const T* x, T* y, const T* workspace) {
        for (std::size_t i = 0; i < Wiring::outputs; ++i) {
            const std::size_t root = Wiring::root(Wiring::output[i]), size = Wiring::numbers.size[root];
            if (!found.is_written[root])
                copy_rows(value(root, x, y, workspace), size, y + layout::output_offset(i), layout::output_row, Batch,
                          size);
        }
    }
};

/// What the forward pass of training keeps: every value.
template <class T, std::size_t Batch, class Wiring, class... Nodes>
struct training_memory {
    using layout = row_layout<Wiring>;
    static constexpr std::size_t inputs = Wiring::inputs, nodes = Wiring::nodes;

    struct places {
        std::size_t value[Wiring::values], combined[nodes], inside[nodes], size;
    };
    template <std::size_t Index>
    static constexpr std::size_t place_of_output() {
        using node = typename nth<Index, Nodes...>::type;
        if constexpr (node::chain::count > 0 && !node::is_alias)
            return node::chain::template output<Batch, !Wiring::template leaves_activation<Index>>;
        else
            return 0;
    }
    template <class Node>
    static constexpr std::size_t kept_by = Node::chain::template plan<Batch>.kept_size;

    static constexpr places plan = []<std::size_t... Index>(std::index_sequence<Index...>) {
        constexpr bool combines[]{Nodes::combines...}, has_chain[]{(Nodes::chain::count > 0)...};
        constexpr std::size_t combined[]{Nodes::combine::output_shape::size...};
        places result{};
        for (std::size_t i = 0; i < inputs; ++i)
            result.value[i] = layout::template reads_in_place<Batch>
                                  ? layout::input_offset(i)
                                  : allocate<T>(result.size, Batch * Wiring::numbers.size[i]);
        const std::size_t kept[]{(Nodes::is_alias ? 0 : kept_by<Nodes>)...};
        const std::size_t outputs[]{place_of_output<Index>()...};
        for (std::size_t i = 0; i < nodes; ++i) {
            if (combines[i]) result.combined[i] = allocate<T>(result.size, Batch * combined[i]);
            result.inside[i] = allocate<T>(result.size, kept[i]);
            result.value[inputs + i] = has_chain[i] ? result.inside[i] + outputs[i] : result.combined[i];
        }
        return result;
    }
    (std::index_sequence_for<Nodes...>{});

    static constexpr const T* value(std::size_t root, const T* x, const T* kept) {
        return (root < inputs && layout::template reads_in_place<Batch> ? x : kept) + plan.value[root];
    }
    template <std::size_t Node>
    static constexpr T* combined(T* kept) {
        return kept + plan.combined[Node];
    }
    template <std::size_t Node>
    static constexpr T* inside(T* kept) {
        return kept + plan.inside[Node];
    }
    /// What the chain of a node takes.
    template <std::size_t Node>
    static constexpr const T* taken(const T* x, const T* kept) {
        if constexpr (nth<Node, Nodes...>::type::combines)
            return kept + plan.combined[Node];
        else
            return value(Wiring::source(Node, 0), x, kept);
    }

    static constexpr void gather(const T* x, T* kept) {
        if constexpr (!layout::template reads_in_place<Batch>)
            for (std::size_t i = 0; i < inputs; ++i)
                copy_rows(x + layout::input_offset(i), layout::input_row, kept + plan.value[i], Wiring::numbers.size[i],
                          Batch, Wiring::numbers.size[i]);
    }
    static constexpr void scatter(const T* x, T* y, const T* kept) {
        for (std::size_t i = 0; i < Wiring::outputs; ++i) {
            const std::size_t root = Wiring::root(Wiring::output[i]), size = Wiring::numbers.size[root];
            copy_rows(value(root, x, kept), size, y + layout::output_offset(i), layout::output_row, Batch, size);
        }
    }
};

}  // namespace CTNN_NAMESPACE::detail
