// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Ranges of a network from two of them: those that contain both, and what both contain.

#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/recurrent/gru.hpp>
#include <ctnn/layer/recurrent/lstm.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/ranges.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

namespace detail {

/// `f(range, other)` for every range of a network, and the same of another one.
struct each_range {
    template <class Layer, class F>
    static constexpr void of_branches(inner_ranges<Layer>&, const inner_ranges<Layer>&, const F&) {}
    template <class T, class InputShape, class Combine, class... Chains, class F>
    static constexpr void of_branches(inner_ranges<branches_layer<T, InputShape, Combine, Chains...>>& to,
                                      const inner_ranges<branches_layer<T, InputShape, Combine, Chains...>>& from,
                                      const F& f) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (of_chain(boost::hana::at_c<Index>(to.branches), boost::hana::at_c<Index>(from.branches), f), ...);
        }
        (std::make_index_sequence<sizeof...(Chains)>{});
    }
    template <class T, class InputShape, std::size_t Units, class Time, class F>
    static constexpr void of_branches(inner_ranges<lstm_layer<T, InputShape, Units, Time>>& to,
                                      const inner_ranges<lstm_layer<T, InputShape, Units, Time>>& from, const F& f) {
        f(to.hidden, from.hidden);
        f(to.cell, from.cell);
    }
    template <class T, class InputShape, std::size_t Units, class Reset, class Time, class F>
    static constexpr void of_branches(inner_ranges<gru_layer<T, InputShape, Units, Reset, Time>>& to,
                                      const inner_ranges<gru_layer<T, InputShape, Units, Reset, Time>>& from,
                                      const F& f) {
        f(to.hidden, from.hidden);
    }
    template <class Chain, class F>
    static constexpr void of_chain(chain_ranges<Chain>& to, const chain_ranges<Chain>& from, const F& f) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (of_layer(boost::hana::at_c<Index>(to.layers), boost::hana::at_c<Index>(from.layers), f), ...);
        }
        (std::make_index_sequence<Chain::count>{});
    }
    template <class Layer, class F>
    static constexpr void of_layer(layer_ranges<Layer>& to, const layer_ranges<Layer>& from, const F& f) {
        f(to.linear, from.linear);
        f(to.output, from.output);
        of_branches(to.inner, from.inner, f);
    }
};

}  // namespace detail

/// The smallest ranges that contain both: those of two sets of samples, or of two halves of a box.
template <class Net>
constexpr ranges<Net> hull(const ranges<Net>& one, const ranges<Net>& other) {
    ranges<Net> result = one;
    const auto join = [](value_range& to, const value_range& from) {
        if (from.lower < to.lower) to.lower = from.lower;
        if (from.upper > to.upper) to.upper = from.upper;
    };
    join(result.input, other.input);
    detail::each_range::of_chain(result.chain, other.chain, join);
    return result;
}

/// What both contain. Of two proofs about the same box, it is one: no value of the box is outside.
template <class Net>
constexpr ranges<Net> intersection(const ranges<Net>& one, const ranges<Net>& other) {
    ranges<Net> result = one;
    const auto cut = [](value_range& to, const value_range& from) {
        if (from.lower > to.lower) to.lower = from.lower;
        if (from.upper < to.upper) to.upper = from.upper;
    };
    cut(result.input, other.input);
    detail::each_range::of_chain(result.chain, other.chain, cut);
    return result;
}

}  // namespace CTNN_NAMESPACE
