// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The ranges of a network's values over samples.

#include <ctnn/activation/activate.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/recurrent/gru.hpp>
#include <ctnn/layer/recurrent/lstm.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/network.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/samples.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

namespace detail {

template <class T>
constexpr void widen(value_range& range, const T* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = static_cast<float>(values[i]);
        if (value < range.lower) range.lower = value;
        if (value > range.upper) range.upper = value;
    }
}

template <class Chain, class T>
constexpr void observe_chain(const typename Chain::storage& layers, const T* x, chain_ranges<Chain>& seen);

template <class Layer, class T>
constexpr void observe_branches(const Layer&, const T*, inner_ranges<Layer>&) {}
template <class T, class InputShape, std::size_t Units, class Time>
constexpr void observe_branches(const lstm_layer<T, InputShape, Units, Time>& layer, const T* x,
                                inner_ranges<lstm_layer<T, InputShape, Units, Time>>& seen) {
    typename lstm_layer<T, InputShape, Units, Time>::state_type state{};
    T y[Units]{};
    for (std::size_t t = 0; t < Time::length; ++t) {
        layer.advance(x + t * InputShape::extent(1), y, state);
        widen(seen.hidden, state.values, Units);
        widen(seen.cell, state.values + Units, Units);
    }
}
template <class T, class InputShape, std::size_t Units, class Reset, class Time>
constexpr void observe_branches(const gru_layer<T, InputShape, Units, Reset, Time>& layer, const T* x,
                                inner_ranges<gru_layer<T, InputShape, Units, Reset, Time>>& seen) {
    typename gru_layer<T, InputShape, Units, Reset, Time>::state_type state{};
    T y[Units]{};
    for (std::size_t t = 0; t < Time::length; ++t) {
        layer.advance(x + t * InputShape::extent(1), y, state);
        widen(seen.hidden, y, Units);
    }
}
template <class T, class InputShape, class Combine, class... Chains>
constexpr void observe_branches(const branches_layer<T, InputShape, Combine, Chains...>& layer, const T* x,
                                inner_ranges<branches_layer<T, InputShape, Combine, Chains...>>& seen) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (observe_chain<Chains>(layer.template storage_of<Index>(layer), x, boost::hana::at_c<Index>(seen.branches)),
         ...);
    }
    (std::make_index_sequence<sizeof...(Chains)>{});
}

template <class Chain, std::size_t Index, class T>
constexpr void observe_from(const typename Chain::storage& layers, const T* x, chain_ranges<Chain>& seen) {
    if constexpr (Index < Chain::count) {
        using layer = typename Chain::template layer<Index>;
        constexpr std::size_t size = layer::output_shape::size, width = layer::output_shape::last;
        auto& range = boost::hana::at_c<Index>(seen.layers);
        T y[size];
        if constexpr (is_view_layer<layer>)
            for (std::size_t i = 0; i < size; ++i) y[i] = x[i];
        else
            run_forward<1>(Chain::template at<Index>(layers), x, y);
        widen(range.linear, y, size);
        activate_in_place<typename layer::activation, size / width, width>(y);
        widen(range.output, y, size);
        observe_branches(Chain::template at<Index>(layers), x, range.inner);
        observe_from<Chain, Index + 1>(layers, static_cast<const T*>(y), seen);
    }
}
template <class Chain, class T>
constexpr void observe_chain(const typename Chain::storage& layers, const T* x, chain_ranges<Chain>& seen) {
    observe_from<Chain, 0>(layers, x, seen);
}

}  // namespace detail

/// The smallest ranges that contain 0 and all values that the network computes for these samples, a tensor or `samples`.
///
/// *Cost*: a forward pass for each sample; at run time, the outputs of all layers are on the stack.
/// *Errors*: "ctnn: the samples have another shape than the network expects".
template <class T, class Input, class... Specs, class Inputs>
constexpr auto calibrate(const network<T, Input, Specs...>& net, const Inputs& inputs) {
    using Net = network<T, Input, Specs...>;
    ranges<Net> seen{};
    static_assert(data_has_shape<given<typename samples_of<Inputs>::shape_type>, expects<typename Net::input_shape>>,
                  "ctnn: the samples have another shape than the network expects");
    const auto x = as_samples(inputs);
    for (std::size_t i = 0; i < x.count; ++i) {
        T sample[Net::input_shape::size];
        for (std::size_t k = 0; k < Net::input_shape::size; ++k) sample[k] = static_cast<T>(x[i][k]);
        detail::widen(seen.input, sample, Net::input_shape::size);
        detail::observe_chain<typename Net::chain_type>(net.layers, static_cast<const T*>(sample), seen.chain);
    }
    return seen;
}

}  // namespace CTNN_NAMESPACE
