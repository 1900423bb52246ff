// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A graph bound to its input: its forward and backward pass.

#include <ctnn/capped.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/layer_list.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/graph_gradients.hpp>
#include <ctnn/layer/graph/graph_memory.hpp>
#include <ctnn/layer/graph/graph_wiring.hpp>
#include <ctnn/name.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// `graph`, bound to its input. `Wiring` has the numbers of the values, `Nodes` are `bound_node`.
template <class T, class InputShape, class OutputShape, class Activation, class Wiring, class... Nodes>
struct graph_layer : detail::branch_storage<typename detail::stored<
                         boost::hana::tuple<>,
                         detail::stored_if<Nodes::chain::has_parameters, typename Nodes::chain::storage>...>::type> {
    using input_shape = InputShape;
    using output_shape = OutputShape;
    using activation = Activation;
    using wiring = Wiring;
    template <std::size_t Batch>
    using inference = detail::inference_memory<T, Batch, Wiring, Nodes...>;
    template <std::size_t Batch>
    using training = detail::training_memory<T, Batch, Wiring, Nodes...>;
    template <std::size_t Batch, bool InputGradient>
    using gradients = detail::gradient_memory<T, Batch, InputGradient, Wiring, Nodes...>;
    static constexpr bool is_composite = true;
    static constexpr bool has_statistics = (... || Nodes::chain::has_statistics);
    static constexpr std::size_t least_batch = (... || (Nodes::chain::least_batch > 1)) ? 2 : 1;
    static constexpr bool draws_random_numbers = (... || Nodes::chain::draws_random_numbers);
    static constexpr std::uint64_t multiply_accumulates = detail::capped_sum<std::uint64_t>(
        {Nodes::combine::multiply_accumulates..., Nodes::chain::multiply_accumulates...});

    static constexpr std::size_t branch_count = sizeof...(Nodes);
    template <std::size_t Index>
    using node_at = typename detail::nth<Index, Nodes...>::type;
    template <std::size_t Index>
    using chain_at = typename node_at<Index>::chain;
    /// The name of a node, in those of its parameters.
    template <std::size_t Index>
    static constexpr const char* branch_name = node_at<Index>::text.text;

    /// The number of the node with a name, or `branch_count`.
    template <name Name>
    static constexpr std::size_t number_of = detail::index_of_name<Name, Nodes...>;

    /// The parameters of a node; an empty constant if it has none.
    template <std::size_t Index, class Layer>
    static constexpr auto& storage_of(Layer& layer) {
        if constexpr (chain_at<Index>::has_parameters)
            return boost::hana::at_c<slot<Index>>(layer.branches);
        else
            return nothing_stored<chain_at<Index>>;
    }
    /// Calls `f(hana::size_c<node>, std::type_identity<chain>, its storage, that of the other layers...)` for each node
    /// that has parameters.
    template <class F, class... Layers>
    CTNN_INLINE static constexpr void for_each_chain(F&& f, Layers&... layers) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
            (visit<Index>(f, layers...), ...);
        }
        (indices{});
    }
    friend constexpr bool operator==(const graph_layer& left, const graph_layer& right) {
        bool equal = true;
        for_each_chain([&](auto, auto chain, const auto& one,
                           const auto& other) { equal = equal && decltype(chain)::type::equal(one, other); },
                       left, right);
        return equal;
    }

    // --- Inference

    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = inference<Batch>::plan.size;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* workspace) const {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            inference<Batch>::gather(x, workspace);
            (forward_node<Index, Batch>(x, y, workspace), ...);
            inference<Batch>::scatter(x, y, static_cast<const T*>(workspace));
        }
        (indices{});
    }

    // --- Training

    template <std::size_t Batch>
    static constexpr std::size_t kept_size = training<Batch>::plan.size;
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = gradients<Batch, InputGradient>::plan.size;

    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context& context) const {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            training<Batch>::gather(x, kept);
            (forward_training_node<Index, Batch>(x, kept, context), ...);
            training<Batch>::scatter(x, y, static_cast<const T*>(kept));
        }
        (indices{});
    }

    /// dL/d(value) is the sum over what takes the value: outputs in their order, then nodes from the last to the first.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch, graph_layer& gradient) const {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            gradients<Batch, InputGradient>::start(dy, dx, scratch);
            (backward_node<sizeof...(Nodes) - 1 - Index, Batch, InputGradient>(x, dy, dx, kept, scratch, gradient),
             ...);
            gradients<Batch, InputGradient>::finish(dx, static_cast<const T*>(scratch));
        }
        (indices{});
    }
    template <std::size_t Batch>
    static constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch) {
        graph_layer nothing{};
        nothing.template backward<Batch, true>(x, dy, dx, kept, scratch, nothing);
    }

  private:
    using indices = std::index_sequence_for<Nodes...>;
    template <std::size_t Index>
    static constexpr std::size_t slot = detail::count_before(Index, {Nodes::chain::has_parameters...});
    template <std::size_t Index, class F, class... Layers>
    CTNN_INLINE static constexpr void visit(F& f, Layers&... layers) {
        if constexpr (chain_at<Index>::has_parameters)
            f(boost::hana::size_c<Index>, std::type_identity<chain_at<Index>>{},
              boost::hana::at_c<slot<Index>>(layers.branches)...);
    }
    template <class Chain>
    static constexpr typename Chain::storage nothing_stored{};

    /// Combines the values that a node takes; `at` gives the address of each.
    template <std::size_t Index, std::size_t Batch, class At>
    static constexpr void combine(T* to, const At& at) {
        using combination = typename node_at<Index>::combine;
        [&]<std::size_t... Source>(std::index_sequence<Source...>) {
            if constexpr (combination::writes_at_once) {
                const T* const outputs[]{at(Wiring::source(Index, Source))...};
                combination::template write<Batch>(outputs, to);
            } else {
                (combination::template write<Source, Batch>(at(Wiring::source(Index, Source)), to), ...);
            }
        }
        (std::make_index_sequence<node_at<Index>::source_count>{});
    }

    template <std::size_t Index, std::size_t Batch>
    constexpr void forward_node(const T* x, [[maybe_unused]] T* y, [[maybe_unused]] T* workspace) const {
        using node = node_at<Index>;
        using memory = inference<Batch>;
        if constexpr (!node::is_alias) {
            T* const to = memory::template output<Index>(y, workspace);
            const auto at = [=](std::size_t value) { return memory::value(value, x, y, workspace); };
            const T* from = nullptr;
            if constexpr (node::combines) {
                T* const combined = node::chain::count > 0 ? memory::template combined<Index>(workspace) : to;
                combine<Index, Batch>(combined, at);
                from = combined;
            } else {
                from = at(Wiring::source(Index, 0));
            }
            if constexpr (node::chain::count > 0)
                node::chain::template forward<Batch, !Wiring::template leaves_activation<Index>>(
                    storage_of<Index>(*this), from, to, memory::template inside<Index>(workspace));
        }
    }

    template <std::size_t Index, std::size_t Batch>
    constexpr void forward_training_node(const T* x, T* kept, training_context& context) const {
        using node = node_at<Index>;
        using memory = training<Batch>;
        if constexpr (!node::is_alias) {
            const auto at = [=](std::size_t value) { return memory::value(value, x, kept); };
            if constexpr (node::combines) combine<Index, Batch>(memory::template combined<Index>(kept), at);
            if constexpr (node::chain::count > 0)
                node::chain::template forward_training<Batch, !Wiring::template leaves_activation<Index>>(
                    storage_of<Index>(*this), memory::template taken<Index>(x, kept),
                    memory::template inside<Index>(kept), context);
        }
    }

    template <std::size_t Index, std::size_t Batch, bool InputGradient>
    constexpr void backward_node(const T* x, const T* dy, T* dx, T* kept, T* scratch, graph_layer& gradient) const {
        using node = node_at<Index>;
        using chain = typename node::chain;
        using memory = training<Batch>;
        using places = gradients<Batch, InputGradient>;
        constexpr bool passes_on = places::template passes_on<Index>;
        if constexpr (!node::is_alias && Wiring::template needs_gradient<InputGradient>(Wiring::inputs + Index)) {
            const T* upstream = places::template of_node<Index>(dy, scratch);
            if constexpr (chain::count > 0) {
                T* const below = places::template below<Index>(scratch);
                T* const start = below + chain::template plan<Batch, passes_on>.dy[chain::count - 1];
                for (std::size_t i = 0; i < Batch * chain::output_shape::size; ++i) start[i] = upstream[i];
                T* const to = node::combines ? places::template combined<Index>(scratch)
                                             : places::template term<Index, 0>(dx, scratch);
                constexpr bool activated = !Wiring::template leaves_activation<Index>;
                const T* const taken = memory::template taken<Index>(x, kept);
                T* const inside = memory::template inside<Index>(kept);
                if constexpr (chain::has_parameters)
                    chain::template backward<Batch, passes_on, activated>(storage_of<Index>(*this), taken, to, inside,
                                                                          below, storage_of<Index>(gradient));
                else
                    chain::template backward<Batch, passes_on, activated>(storage_of<Index>(*this), taken, to, inside,
                                                                          below, [](auto&&...) {});
                upstream = to;
            }
            if constexpr (passes_on) [&]<std::size_t... Source>(std::index_sequence<Source...>) {
                    (backward_source<Index, Source, Batch, InputGradient>(x, upstream, dx, kept, scratch), ...);
                }
            (std::make_index_sequence<node::source_count>{});
        }
    }

    /// Adds to the gradient of a value what one node that takes it contributes.
    template <std::size_t Index, std::size_t Source, std::size_t Batch, bool InputGradient>
    static constexpr void backward_source(const T* x, const T* upstream, T* dx, const T* kept, T* scratch) {
        using node = node_at<Index>;
        using combination = typename node::combine;
        using places = gradients<Batch, InputGradient>;
        constexpr std::size_t value = Wiring::source(Index, Source);
        if constexpr (Wiring::template needs_gradient<InputGradient>(value)) {
            T* const term = places::template term<Index, Source>(dx, scratch);
            if constexpr (combination::reads_outputs) {
                [&]<std::size_t... Other>(std::index_sequence<Other...>) {
                    const T* const outputs[]{training<Batch>::value(Wiring::source(Index, Other), x, kept)...};
                    combination::template read<Source, Batch>(upstream, outputs, term,
                                                              places::template combine_scratch<Index>(scratch));
                }
                (std::make_index_sequence<node::source_count>{});
            } else if constexpr (node::combines) {
                combination::template read<Source, Batch>(upstream, term);
            }
            if constexpr (!Wiring::is_first_term(Index, Source)) {
                T* const sum = places::of_value(value, dx, scratch);
                for (std::size_t i = 0; i < Batch * Wiring::numbers.size[value]; ++i) sum[i] += term[i];
            }
        }
    }
};

}  // namespace CTNN_NAMESPACE
