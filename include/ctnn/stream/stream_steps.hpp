// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Chains of layers, run a time step or a block of them at a time: the implementation of `stream` and `block_stream`.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/view.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/dropout.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/shape/permute.hpp>
#include <ctnn/layer/shape/rearrangement.hpp>
#include <ctnn/name.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/stream/layer_step.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Stands for the layer that cannot process one time step at a time, if all can.
struct no_layer {};

namespace detail {

/// Two states; one that is empty takes no memory.
template <class Here, class Rest>
struct both_states {
    Here here{};
    Rest rest{};

    friend constexpr bool operator==(const both_states&, const both_states&) = default;
};
template <class Here, class Rest>
using joined_states = std::conditional_t<std::is_empty_v<Here>, Rest,
                                         std::conditional_t<std::is_empty_v<Rest>, Here, both_states<Here, Rest>>>;
template <class Here, class Rest, class Joined>
constexpr Here& here_of(Joined& state, Here& nothing) {
    if constexpr (std::is_empty_v<Here>)
        return nothing;
    else if constexpr (std::is_empty_v<Rest>)
        return state;
    else
        return state.here;
}
template <class Here, class Rest, class Joined>
constexpr Rest& rest_of(Joined& state, Rest& nothing) {
    if constexpr (std::is_empty_v<Rest>)
        return nothing;
    else if constexpr (std::is_empty_v<Here>)
        return state;
    else
        return state.rest;
}

/// The layers of a chain from `Index` on, run `Steps` time steps at a time.
template <class Chain, std::size_t Index, std::size_t Axis, std::size_t Steps = 1, bool IsEnd = Index == Chain::count>
struct stream_from {
    static constexpr bool possible = true;
    static constexpr std::size_t refused = Chain::count;
    using refused_layer = no_layer;
    static constexpr std::size_t outputs = step_size<typename Chain::output_shape, Axis>;
    static constexpr std::size_t end_axis = Axis, recurrent_layers = 0;
    using state_type = no_state;

    template <class Storage, class T>
    static constexpr void advance(const Storage&, const T* x, T* y, state_type&, std::size_t) {
        activate<identity, Steps, outputs>(x, y);
    }
};
template <class Chain, std::size_t Index, std::size_t Axis, std::size_t Steps>
struct stream_from<Chain, Index, Axis, Steps, false> {
    using layer = typename Chain::template layer<Index>;
    using step = stream_step<layer, Axis, Steps>;
    using activation = typename layer::activation;
    using T = typename Chain::value_type;
    static constexpr std::size_t inputs = step_size<typename layer::input_shape, Axis>,
                                 width = step_size<typename layer::output_shape, step::next_axis>;
    /// An activation of entire rows has to find one in a step.
    static constexpr bool is_elementwise = elementwise_activation<activation, T>,
                          activates = is_elementwise || step::next_axis != 1 || is_graph_step<step>;
    using rest = stream_from<Chain, Index + 1, step::next_axis, Steps>;

    /// Sequences have two dimensions in either layout, and a list of symbols has one.
    static constexpr bool has_time =
        Axis == no_time_axis || layer::input_shape::rank == 2 || takes_symbols_of<layer> || is_graph_step<step>;
    static constexpr bool fits = step::possible && activates && has_time;
    static constexpr bool possible = fits && rest::possible;
    static constexpr std::size_t refused = fits ? rest::refused : Index;
    using refused_layer = std::conditional_t<fits, typename rest::refused_layer, layer>;
    static constexpr std::size_t outputs = rest::outputs, end_axis = rest::end_axis;
    static constexpr std::size_t recurrent_layers = rest::recurrent_layers + (recurrent_members_of<layer> > 0 ? 1 : 0);
    /// The steps of recurrent layers wait for each other; a processor overlaps those of two such layers, step by step.
    static constexpr bool goes_by_steps = Steps > 1 && recurrent_members_of<layer> > 0 && recurrent_layers > 1;
    using by_steps = stream_from<Chain, Index, Axis, 1>;
    using here_type = typename step::state_type;
    using rest_type = typename rest::state_type;
    template <bool ByStep, class>
    struct state_of {
        using type = joined_states<here_type, rest_type>;
    };
    template <class OneByOne>
    struct state_of<true, OneByOne> {
        using type = typename OneByOne::state_type;
    };
    using state_type = typename state_of<goes_by_steps, by_steps>::type;

    template <class Storage>
    static constexpr void advance(const Storage& layers, const T* x, T* y, state_type& state, std::size_t count) {
        if constexpr (goes_by_steps) {
            step_by_step<inputs, outputs, Steps>(
                x, y, count, [&](const T* in, T* out) { by_steps::advance(layers, in, out, state, 1); });
        } else {
            here_type no_here{};
            rest_type no_rest{};
            here_type& here = here_of<here_type, rest_type>(state, no_here);
            rest_type& after = rest_of<here_type, rest_type>(state, no_rest);
            if constexpr (Index + 1 == Chain::count) {
                write(layers, x, y, here, count);
            } else {
                alignas(Steps > 1 ? 64 : alignof(T)) T out[Steps * width];
                write(layers, x, out, here, count);
                rest::advance(layers, static_cast<const T*>(out), y, after, count);
            }
        }
    }

  private:
    template <class Storage>
    CTNN_INLINE static constexpr void write(const Storage& layers, const T* x, T* y, here_type& state,
                                            std::size_t count) {
        const T* from = x;
        if constexpr (!is_copied_step<step>) {
            step::advance(Chain::template at<Index>(layers), x, y, state, count);
            from = y;
        }
        constexpr bool activated = is_graph_step<step> || std::is_same_v<activation, identity>;
        if constexpr (is_copied_step<step> || !activated) {
            if constexpr (Steps == 1)
                activate<activation, 1, width>(from, y);
            else if constexpr (is_elementwise)
                activate_shared<activation, Steps, width>(from, y);
            else
                step_by_step<width, width, Steps>(from, y, count,
                                                  [](const T* in, T* out) { activate<activation, 1, width>(in, out); });
        }
        if constexpr (contracts_layers) end_layer<Steps * width>(y);
    }
};

/// The states of the branches, or nodes, from `Index` on.
template <std::size_t Index, class... Steps>
struct states_of {
    using here_type = typename nth<Index, Steps...>::type::state_type;
    using rest_type = typename states_of<Index + 1, Steps...>::type;
    using type = joined_states<here_type, rest_type>;
};
template <std::size_t Index, class... Steps>
requires(Index == sizeof...(Steps)) struct states_of<Index, Steps...> {
    using type = no_state;
};

/// Parallel branches: each yields a vector of the same time step, or a block of them, which is combined as a vector is.
template <class Combine, std::size_t Steps, class... Branches>
struct branch_steps {
    static constexpr std::size_t next_axis = nth<0, Branches...>::type::end_axis;
    static constexpr bool possible =
        (... && (Branches::possible && Branches::end_axis == next_axis)) && Combine::template streams_along<next_axis>;
    using combine = typename Combine::template of_steps<shape<Steps * Branches::outputs>...>;

    template <std::size_t Index>
    using branch_at = typename nth<Index, Branches...>::type;
    template <std::size_t Index>
    using states = states_of<Index, Branches...>;
    using state_type = typename states<0>::type;

    template <std::size_t Index = 0, class Layer, class T, class State>
    static constexpr void advance(const Layer& layer, const T* x, T* y, State& state, std::size_t count) {
        if constexpr (Index < sizeof...(Branches)) {
            using here_type = typename states<Index>::here_type;
            using rest_type = typename states<Index>::rest_type;
            here_type no_here{};
            rest_type no_rest{};
            T part[Steps * branch_at<Index>::outputs];
            branch_at<Index>::advance(Layer::template storage_of<Index>(layer), x, part,
                                      here_of<here_type, rest_type>(state, no_here), count);
            combine::template write<Index, 1>(static_cast<const T*>(part), y);
            advance<Index + 1>(layer, x, y, rest_of<here_type, rest_type>(state, no_rest), count);
        }
    }
};

template <class T, class InputShape, class Combine, class... Chains, std::size_t Axis, std::size_t Steps>
requires(Axis != no_time_axis) struct stream_step<branches_layer<T, InputShape, Combine, Chains...>, Axis, Steps>
    : branch_steps<Combine, Steps, stream_from<Chains, 0, Axis, Steps>...> {
};

/// Time is the second dimension of channels-first data, which convolution takes, and the first of time-first data,
/// which all others take: the first layer that depends on time determines which, traced back through the permutations
/// before it.
template <class Chain, std::size_t Index = 0>
constexpr std::size_t time_axis_of();

template <class Layer>
struct layer_time_axis {
    static constexpr std::size_t value = [] {
        if constexpr (requires { Layer::time_axis; })
            return Layer::time_axis;
        else
            return unknown_time_axis;
    }();
};
template <class T, class InputShape, class Combine, class... Chains>
struct layer_time_axis<branches_layer<T, InputShape, Combine, Chains...>> {
    static constexpr std::size_t value = [] {
        std::size_t first = unknown_time_axis;
        for (const std::size_t axis : {time_axis_of<Chains>()...})
            if (first == unknown_time_axis) first = axis;
        return first;
    }();
};

/// Whether a layer transposes between time first and channels first.
template <class Layer>
inline constexpr bool swaps_time = false;
template <class T, class InputShape>
inline constexpr bool swaps_time<rearrangement_layer<T, permutation<InputShape, 1, 0>>> = true;

template <class Chain, std::size_t Index>
constexpr std::size_t time_axis_of() {
    if constexpr (Index == Chain::count) {
        return unknown_time_axis;
    } else if constexpr (swaps_time<typename Chain::template layer<Index>>) {
        constexpr std::size_t behind = time_axis_of<Chain, Index + 1>();
        return behind < 2 ? 1 - behind : behind;
    } else if constexpr (layer_time_axis<typename Chain::template layer<Index>>::value != unknown_time_axis) {
        return layer_time_axis<typename Chain::template layer<Index>>::value;
    } else {
        return time_axis_of<Chain, Index + 1>();
    }
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
