// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The ranges of a network's values over a box, proved.

#include <ctnn/activation/activate.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/recurrent/gru.hpp>
#include <ctnn/layer/recurrent/lstm.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/train/place.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/network/provable.hpp>
#include <ctnn/verify/network/prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

namespace detail {

/// The nearest float that is not larger.
constexpr float float_below(double x) {
    constexpr float most = (std::numeric_limits<float>::max)();
    if (!(x >= -static_cast<double>(most))) return -std::numeric_limits<float>::infinity();
    const float nearest = x > static_cast<double>(most) ? most : static_cast<float>(x);
    if (static_cast<double>(nearest) <= x) return nearest;
    const auto bits = __builtin_bit_cast(std::uint32_t, nearest);
    if ((bits & 0x7fffffffu) == 0) return -std::numeric_limits<float>::denorm_min();
    return __builtin_bit_cast(float, nearest > 0 ? bits - 1 : bits + 1);
}
constexpr float float_above(double x) {
    return -float_below(-x);
}
constexpr void widen_outward(value_range& range, double lower, double upper) {
    if (const float low = float_below(lower); low < range.lower) range.lower = low;
    if (const float high = float_above(upper); high > range.upper) range.upper = high;
}

template <class T, class Chain, class RealChain>
constexpr void take_ranges(const chain_bounds<T, RealChain>& from, chain_ranges<Chain>& to);

template <class T, class Layer, class Inner>
constexpr void take_inner_ranges(const Inner&, inner_ranges<Layer>&) {}
template <class T, class Inner, class InputShape, class Combine, class... Chains>
constexpr void take_inner_ranges(const Inner& from,
                                 inner_ranges<branches_layer<T, InputShape, Combine, Chains...>>& to) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (take_ranges<T>(boost::hana::at_c<Index>(from), boost::hana::at_c<Index>(to.branches)), ...);
    }
    (std::make_index_sequence<sizeof...(Chains)>{});
}

/// h is a product of a sigmoid and a tanh, and c grows by at most 1 a step, rounded numbers included. With other activations an
/// lstm runs in float.
template <class T, class Inner, class InputShape, std::size_t Units, class Time>
constexpr void take_inner_ranges(const Inner&, inner_ranges<lstm_layer<T, InputShape, Units, Time>>& to) {
    const auto steps = static_cast<float>(Time::length);
    to = {{-1, 1}, {-steps, steps}};
}

/// h is between a tanh and h, but for rounding.
template <class T, class Inner, class InputShape, std::size_t Units, class Reset, class Time>
constexpr void take_inner_ranges(const Inner&, inner_ranges<gru_layer<T, InputShape, Units, Reset, Time>>& to) {
    to = {{-1.001f, 1.001f}};
}

/// The bounds of pre-activations that a proof has, and of what their activations make of them.
template <class T, class Chain, class RealChain>
constexpr void take_ranges(const chain_bounds<T, RealChain>& from, chain_ranges<Chain>& to) {
    std::size_t first = 0;
    const auto take = [&]<class Layer, class Inner>(layer_ranges<Layer>& range, const Inner& inner) {
        using activation = typename Layer::activation;
        using relaxed = activation_model<activation>;
        constexpr std::size_t size = Layer::output_shape::size, width = Layer::output_shape::last;
        const double *const lower = from.lower + first, *const upper = from.upper + first;
        relaxation lines[size]{};
        if constexpr (elementwise_activation<activation, double>)
            for (std::size_t i = 0; i < size; ++i) lines[i] = relaxed::template over<T>(lower[i], upper[i]);
        else
            for (std::size_t at = 0; at < size; at += width)
                relaxed::template over_row<T, width>(lower + at, upper + at, lines + at);
        for (std::size_t i = 0; i < size; ++i) {
            widen_outward(range.linear, lower[i], upper[i]);
            widen_outward(range.output, lines[i].lowest, lines[i].highest);
        }
        take_inner_ranges<T>(inner, range.inner);
        first += size;
    };
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (take(boost::hana::at_c<Index>(to.layers), boost::hana::at_c<Index>(from.inner)), ...);
    }
    (std::make_index_sequence<Chain::count>{});
}

template <class Shape, class Expected>
inline constexpr bool is_box_of = std::is_same_v<Shape, Expected>;

}  // namespace detail

/// Ranges that contain 0 and all values that the program computes for the inputs of a box: what is quantised for them is
/// saturated by no input of the box, but for rounding.
///
/// They are bounds of `prover`, rounded outwards to float: wider than those of samples, and proved.
/// *Cost*: as for `bounds`. *Errors*: "ctnn: a proof cannot go through this kind of layer", "ctnn: a proof cannot go through
/// this activation", "ctnn::calibrate: the box has another shape than the network expects"; as preconditions, "ctnn::box:
/// each lower bound is at most its upper bound, and both are finite", "ctnn::calibrate: a value may overflow for an input of
/// the box".
/// *Example*: `calibrate(model, box<float, shape<64>>::all(0, 16))`.
template <class T, class Input, class... Specs, class Shape>
constexpr auto calibrate(const network<T, Input, Specs...>& net, const box<T, Shape>& inside,
                         call_site at = call_site::here()) {
    using Net = network<T, Input, Specs...>;
    ranges<Net> result{};
    constexpr bool fits = detail::is_box_of<Shape, typename Net::input_shape>;
    static_assert(detail::is_box_of<Shape, typename Net::input_shape>,
                  "ctnn::calibrate: the box has another shape than the network expects");
    if constexpr (fits && detail::can_be_proved<Net>) {
        detail::require(inside.is_valid(),
                        "ctnn::box: each lower bound is at most its upper bound, and both are finite", at);
        const auto take = [&](prover<Net>& here) {
            layer_bounds<Net> of_layers{};
            const bool is_bounded = inside.is_valid() && here.bound(inside, of_layers);
            detail::require(is_bounded, "ctnn::calibrate: a value may overflow for an input of the box", at);
            if (!is_bounded) return;
            for (std::size_t i = 0; i < Shape::size; ++i)
                detail::widen_outward(result.input, static_cast<double>(inside.lower[i]),
                                      static_cast<double>(inside.upper[i]));
            detail::take_ranges<T>(of_layers, result.chain);
        };
        detail::with_placed<prover<Net>>(take, net);
    }
    return result;
}

}  // namespace CTNN_NAMESPACE
