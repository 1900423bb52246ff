// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Between which numbers the values of a network lie, layer by layer: what a quantisation is chosen for.

#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/recurrent/gru.hpp>
#include <ctnn/layer/recurrent/lstm.hpp>
#include <ctnn/network.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <boost/hana/tuple.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

template <class Chain>
struct chain_ranges;

namespace detail {
template <class Layer>
struct inner_ranges {
    friend constexpr bool operator==(const inner_ranges&, const inner_ranges&) = default;
};
template <class T, class InputShape, class Combine, class... Chains>
struct inner_ranges<branches_layer<T, InputShape, Combine, Chains...>> {
    boost::hana::tuple<chain_ranges<Chains>...> branches;
};
/// Of recurrent layers, what they carry from step to step, after every one.
template <class T, class InputShape, std::size_t Units, class Time>
struct inner_ranges<lstm_layer<T, InputShape, Units, Time>> {
    value_range hidden, cell;

    friend constexpr bool operator==(const inner_ranges&, const inner_ranges&) = default;
};
template <class T, class InputShape, std::size_t Units, class Reset, class Time>
struct inner_ranges<gru_layer<T, InputShape, Units, Reset, Time>> {
    value_range hidden;

    friend constexpr bool operator==(const inner_ranges&, const inner_ranges&) = default;
};
}  // namespace detail

/// The range of what a layer computes, before and after its activation. Both contain 0.
template <class Layer>
struct layer_ranges {
    value_range linear, output;
    /// Those of the layers in its branches, or of its state.
    [[no_unique_address]] detail::inner_ranges<Layer> inner;
};

/// Those of every layer of a chain.
template <class T, class InputShape, class... Layers>
struct chain_ranges<chain<T, InputShape, Layers...>> {
    boost::hana::tuple<layer_ranges<Layers>...> layers;
};

/// The ranges of the inputs and of every layer of a network.
template <class Net>
struct ranges {
    value_range input;
    chain_ranges<typename Net::chain_type> chain;
};

}  // namespace CTNN_NAMESPACE
