// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Where the gradients of a graph's values are in memory during the backward pass, by liveness.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/graph_memory.hpp>
#include <ctnn/layer/graph/graph_wiring.hpp>
#include <ctnn/layer/graph/memory_plan.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// The scratch memory of the backward pass. Its steps are: the gradients of the outputs arrive; the nodes, from the last
/// to the first; dL/dx is complete.
template <class T, std::size_t Batch, bool InputGradient, class Wiring, class... Nodes>
struct gradient_memory {
    using layout = row_layout<Wiring>;
    static constexpr std::size_t values = Wiring::values, nodes = Wiring::nodes, inputs = Wiring::inputs;

    static constexpr bool needs(std::size_t value) { return Wiring::template needs_gradient<InputGradient>(value); }
    template <std::size_t Node>
    static constexpr bool passes_on = [] {
        bool result = false;
        for (std::size_t i = Wiring::numbers.start[Node]; i < Wiring::numbers.start[Node + 1]; ++i)
            result = result || needs(Wiring::numbers.source[i]);
        return result;
    }();

    /// Whether dL/d(value) is a part of dL/dy, and nothing is added to it.
    static constexpr bool is_upstream(std::size_t value) {
        return layout::template writes_in_place<Batch> && value >= inputs && Wiring::times_output(value) == 1 &&
               Wiring::uses(value, 0) == 0;
    }
    static constexpr bool is_downstream(std::size_t value) {
        return layout::template reads_in_place<Batch> && value < inputs;
    }
    static constexpr std::size_t step_of(std::size_t node) { return nodes - node; }

    /// The first step that contributes to the gradient of a value.
    static constexpr std::size_t first_step(std::size_t value) {
        if (Wiring::times_output(value) > 0 || Wiring::uses(value, 0) == 0) return 0;
        return step_of(Wiring::last_use(value));
    }
    template <std::size_t Index>
    static constexpr std::size_t scratch_of_chain() {
        using node = typename nth<Index, Nodes...>::type;
        if constexpr (node::is_alias || node::chain::count == 0)
            return 0;
        else
            return node::chain::template plan<Batch, passes_on<Index>>.scratch_size;
    }
    template <class Node>
    static constexpr std::size_t scratch_of_combination() {
        if constexpr (Node::combine::reads_outputs)
            return Node::combine::scratch_size;
        else
            return 0;
    }

    /// The buffers: the gradients of the values; then, for each node, a term that is added to one, the gradient of what
    /// it combines, and the scratch memory of its chain and of its combination.
    static constexpr std::size_t count = values + 4 * nodes;
    struct buffers {
        buffer all[count];
    };
    static constexpr buffers needed = []<std::size_t... Index>(std::index_sequence<Index...>) {
        constexpr std::size_t combined[]{
            (Nodes::combines && Nodes::chain::count > 0 ? Nodes::combine::output_shape::size : 0)...};
        constexpr std::size_t below[]{scratch_of_chain<Index>()...};
        constexpr std::size_t combining[]{scratch_of_combination<Nodes>()...};
        constexpr bool passes[]{passes_on<Index>...};
        buffers result{};
        for (std::size_t i = 0; i < values; ++i) {
            const bool has_place = Wiring::root(i) == i && needs(i) && !is_upstream(i) && !is_downstream(i);
            result.all[i] = {has_place ? Batch * Wiring::numbers.size[i] : 0, first_step(i),
                             i < inputs ? nodes + 1 : step_of(i - inputs)};
        }
        for (std::size_t i = 0; i < nodes; ++i) {
            const std::size_t step = step_of(i);
            std::size_t term = 0;
            for (std::size_t k = 0; k < Wiring::numbers.start[i + 1] - Wiring::numbers.start[i]; ++k) {
                const std::size_t value = Wiring::source(i, k), size = Wiring::numbers.size[value];
                if (!Wiring::is_alias[i] && needs(value) && !Wiring::is_first_term(i, k))
                    term = size > term ? size : term;
            }
            result.all[values + i] = {Batch * term, step, step};
            result.all[values + nodes + i] = {passes[i] ? Batch * combined[i] : 0, step, step};
            result.all[values + 2 * nodes + i] = {below[i], step, step};
            result.all[values + 3 * nodes + i] = {passes[i] ? combining[i] : 0, step, step};
        }
        return result;
    }
    (std::index_sequence_for<Nodes...>{});
    static constexpr auto plan = plan_memory<T>(needed.all);

    static constexpr T* of_value(std::size_t root, T* dx, T* scratch) {
        if (is_downstream(root)) return dx + layout::input_offset(root);
        return scratch + plan.place[root];
    }
    template <std::size_t Node>
    static constexpr const T* of_node(const T* dy, const T* scratch) {
        constexpr std::size_t root = inputs + Node;
        if constexpr (is_upstream(root))
            return dy + layout::output_offset(Wiring::output_of(root));
        else
            return scratch + plan.place[root];
    }
    /// Where a node writes what it contributes to the gradient of a source: there, if it is the first to do so.
    template <std::size_t Node, std::size_t Source>
    static constexpr T* term(T* dx, T* scratch) {
        if constexpr (Wiring::is_first_term(Node, Source))
            return of_value(Wiring::source(Node, Source), dx, scratch);
        else
            return scratch + plan.place[values + Node];
    }
    template <std::size_t Node>
    static constexpr T* combined(T* scratch) {
        return scratch + plan.place[values + nodes + Node];
    }
    template <std::size_t Node>
    static constexpr T* below(T* scratch) {
        return scratch + plan.place[values + 2 * nodes + Node];
    }
    template <std::size_t Node>
    static constexpr T* combine_scratch(T* scratch) {
        return scratch + plan.place[values + 3 * nodes + Node];
    }

    /// The gradients of the outputs, added up where several outputs are one value. An input that nothing takes has 0.
    static constexpr void start(const T* dy, T* dx, T* scratch) {
        for (std::size_t i = 0; i < inputs; ++i)
            if (needs(i) && Wiring::times_output(i) == 0 && Wiring::uses(i, 0) == 0)
                for (std::size_t row = 0; row < Batch; ++row)
                    for (std::size_t k = 0; k < Wiring::numbers.size[i]; ++k)
                        of_value(i, dx, scratch)[row * Wiring::numbers.size[i] + k] = T{};
        bool has_term[values]{};
        for (std::size_t i = 0; i < Wiring::outputs; ++i) {
            const std::size_t root = Wiring::root(Wiring::output[i]), size = Wiring::numbers.size[root];
            if (!needs(root) || is_upstream(root)) continue;
            T* const sum = of_value(root, dx, scratch);
            const T* const from = dy + layout::output_offset(i);
            if (has_term[root]) {
                for (std::size_t row = 0; row < Batch; ++row)
                    for (std::size_t k = 0; k < size; ++k) sum[row * size + k] += from[row * layout::output_row + k];
            } else {
                copy_rows(from, layout::output_row, sum, size, Batch, size);
            }
            has_term[root] = true;
        }
    }
    static constexpr void finish(T* dx, const T* scratch) {
        if constexpr (InputGradient && !layout::template reads_in_place<Batch>)
            for (std::size_t i = 0; i < inputs; ++i)
                copy_rows(scratch + plan.place[i], Wiring::numbers.size[i], dx + layout::input_offset(i),
                          layout::input_row, Batch, Wiring::numbers.size[i]);
    }
};

}  // namespace CTNN_NAMESPACE::detail
