// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sums and concatenations of branches of integers, run a time step at a time.

#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/quantize/layer/branches.hpp>
#include <ctnn/quantize/stream/integer_step.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/stream/stream_steps.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// Each branch yields a vector of the same time step; these are combined as those of whole sequences are.
template <class Combine, class Quantized, class... Branches>
struct integer_branch_steps {
    static constexpr std::size_t next_axis = nth<0, Branches...>::type::end_axis, count = sizeof...(Branches);
    static constexpr bool possible =
        (... && (Branches::possible && Branches::end_axis == next_axis)) && Combine::template streams_along<next_axis>;
    template <std::size_t Index>
    using states = states_of<Index, Branches...>;
    using state_type = typename states<0>::type;

    static constexpr void advance(const Quantized& layer, const std::int8_t* x, std::int8_t* y, state_type& state) {
        std::int8_t results[(std::size_t{0} + ... + Branches::outputs)];
        const std::int8_t* parts[count]{};
        run<0>(layer, x, results, parts, state);
        combine(layer, parts, y);
    }

  private:
    using parts_type = const std::int8_t* const[count];

    static constexpr void combine(const Quantized& layer, parts_type& parts, std::int8_t* y) {
        layer.combined.template combine_steps<shape<Branches::outputs>...>(parts, y);
    }
    template <std::size_t Index, class State>
    static constexpr void run(const Quantized& layer, const std::int8_t* x, std::int8_t* results,
                              const std::int8_t* (&parts)[count], State& state) {
        if constexpr (Index < count) {
            using branch = typename nth<Index, Branches...>::type;
            using here_type = typename states<Index>::here_type;
            using rest_type = typename states<Index>::rest_type;
            here_type no_here{};
            rest_type no_rest{};
            branch::advance(boost::hana::at_c<Index>(layer.branches), x, results,
                            here_of<here_type, rest_type>(state, no_here));
            parts[Index] = results;
            run<Index + 1>(layer, x, results + branch::outputs, parts, rest_of<here_type, rest_type>(state, no_rest));
        }
    }
};

template <class T, class InputShape, class Combine, class... Chains, class Arithmetic, std::size_t Axis>
requires(
    Axis != no_time_axis &&
    quantized_layer<branches_layer<T, InputShape, Combine, Chains...>, Arithmetic>::
        is_integer) struct integer_step<branches_layer<T, InputShape, Combine, Chains...>,
                                        quantized_layer<branches_layer<T, InputShape, Combine, Chains...>, Arithmetic>,
                                        Axis>
    : integer_branch_steps<Combine, quantized_layer<branches_layer<T, InputShape, Combine, Chains...>, Arithmetic>,
                           integer_steps<quantized_chain<Chains, Arithmetic, false>, 0, Axis>...> {
};

}  // namespace CTNN_NAMESPACE::detail
