// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Intervals of the pre-activations of one layer, as the program computes them.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/convert.hpp>
#include <ctnn/network.hpp>
#include <ctnn/verify/affine.hpp>
#include <ctnn/verify/proof_plan.hpp>
#include <ctnn/verify/rounding.hpp>
#include <ctnn/verify/selection.hpp>

#include <boost/hana/integral_constant.hpp>

#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// The network in `double`, with the magnitudes of its parameters beside it.
template <class Net>
class layer_intervals;
template <class T, class Input, class... Specs>
class layer_intervals<network<T, Input, Specs...>> {
  protected:
    using net_type = network<T, Input, Specs...>;
    using bounds_type = layer_bounds<net_type>;
    using real_net = network<double, Input, Specs...>;
    using chain_type = typename real_net::chain_type;
    using plan = detail::proof_plan<chain_type>;
    template <std::size_t Index>
    using layer = typename chain_type::template layer<Index>;
    template <std::size_t Index>
    using affine_of = affine<layer<Index>>;
    template <std::size_t Index>
    static constexpr bool is_affine = affine_of<Index>::is_affine;

    constexpr explicit layer_intervals(const net_type& net) : net_{convert<double>(net)}, magnitudes_{net_} {
        for_layers([&](auto index) {
            if constexpr (is_affine<index()> && !std::is_empty_v<layer<index()>>)
                affine_of<index()>::make_magnitudes(layer_of<index()>(magnitudes_));
        });
    }

    template <std::size_t Index>
    static constexpr auto& layer_of(real_net& net) {
        return chain_type::template at<Index>(net.layers);
    }
    template <class F>
    static constexpr void for_layers(F&& f) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (f(boost::hana::size_c<Index>), ...);
        }
        (std::make_index_sequence<plan::count>{});
    }

    template <std::size_t Index>
    static constexpr void multiply(real_net& net, const double* x, double* y) {
        if constexpr (is_view_layer<layer<Index>>)
            for (std::size_t i = 0; i < layer<Index>::output_shape::size; ++i) y[i] = x[i];
        else
            layer_of<Index>(net).template forward<1>(x, y);
    }

    /// z = A x + b over an interval of x: A center + b, and |A| radius around it. The program's rounding is at most
    /// gamma_n (|A| |x| + |b|), and n times the smallest number for products that underflow.
    template <std::size_t Index>
    constexpr bool affine_interval(const double* lower, const double* upper, bounds_type& bounds) {
        constexpr std::size_t first = plan::place(Index), size = plan::outputs[Index],
                              given = layer<Index>::input_shape::size, roundings = affine_of<Index>::roundings;
        double center[given]{}, radius[given]{}, largest[given]{};
        for (std::size_t i = 0; i < given; ++i) {
            center[i] = (lower[i] + upper[i]) / 2;
            radius[i] = (upper[i] - lower[i]) / 2;
            largest[i] = detail::larger(-lower[i], upper[i]);
        }
        double z[size]{}, spread[size]{}, reach[size]{}, offset[size]{}, zero[given]{};
        multiply<Index>(net_, center, z);
        multiply<Index>(magnitudes_, radius, spread);
        multiply<Index>(magnitudes_, largest, reach);
        multiply<Index>(net_, zero, offset);
        constexpr double relative = roundings == 0 ? 0 : detail::gamma<T>(roundings + 1),
                         absolute = static_cast<double>(roundings) * detail::underflow<T>;
        bool finite = true;
        for (std::size_t i = 0; i < size; ++i) {
            const double bias = detail::magnitude(offset[i]), error = relative * reach[i] + absolute,
                         around = spread[i] - bias + error + 4 * plan::own * reach[i];
            bounds.lower[first + i] = z[i] - around;
            bounds.upper[first + i] = z[i] + around;
            lower_offset_[first + i] = offset[i] - error - plan::own * (reach[i] + error);
            upper_offset_[first + i] = offset[i] + error + plan::own * (reach[i] + error);
            finite = finite && reach[i] * (1 + 2 * relative) < static_cast<double>((std::numeric_limits<T>::max)());
        }
        return finite;
    }

    /// The maxima of windows: at least the input with the largest lower bound, at most the largest upper bound.
    template <std::size_t Index>
    constexpr void selection_interval(const double* lower, const double* upper, bounds_type& bounds) {
        constexpr std::size_t first = plan::place(Index), size = plan::outputs[Index];
        for (std::size_t i = first; i < first + size; ++i) {
            bounds.lower[i] = bounds.upper[i] = -detail::no_bound;
            is_dominated_[i] = true;
        }
        using candidates = selection<layer<Index>>;
        candidates::for_each_candidate([&](std::size_t output, std::size_t input) {
            double& largest = bounds.lower[first + output];
            if (lower[input] > largest || largest == -detail::no_bound) {
                largest = lower[input];
                choice_[first + output] = input;
            }
            bounds.upper[first + output] = detail::larger(bounds.upper[first + output], upper[input]);
        });
        candidates::for_each_candidate([&](std::size_t output, std::size_t input) {
            if (input != choice_[first + output] && upper[input] > bounds.lower[first + output])
                is_dominated_[first + output] = false;
        });
        for (std::size_t i = first; i < first + size; ++i) {
            lower_offset_[i] = plan::own * detail::larger(-bounds.lower[i], bounds.upper[i]);
            upper_offset_[i] = bounds.upper[i];
        }
    }

    real_net net_, magnitudes_;
    /// Of affine layers, b less and more the rounding of a sum; of maxima, the rounding and the upper bound.
    double lower_offset_[plan::total]{}, upper_offset_[plan::total]{};
    /// Of maxima, the input that is chosen, and whether no other can be larger.
    std::size_t choice_[plan::total]{};
    bool is_dominated_[plan::total]{};
};

}  // namespace CTNN_NAMESPACE
