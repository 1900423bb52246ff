// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Weights that are 0, and training that leaves them so.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameter_names.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Which weights `prune` compares: those of each tensor with each other, or those of the whole network.
struct each_layer {};
struct whole_network {};

namespace detail {

/// Tensors of weights have two dimensions or more; biases, and the parameters of normalisation, have one.
template <class Values>
inline constexpr bool is_weights = std::remove_cvref_t<Values>::shape_type::rank >= 2;

/// Sets the smallest of all weights to 0, so many that `fraction` of them, rounded down, are 0: the first of those of equal
/// size. `for_each_weight(f)` calls f(weight) for each, in the same order each time.
template <class T, class ForEach>
constexpr void prune_smallest(double fraction, ForEach&& for_each_weight) {
    const auto size_of = [](T w) { return w < T{} ? -w : w; };
    std::size_t all = 0;
    T upper{};
    for_each_weight([&](T& w) {
        ++all;
        upper = size_of(w) > upper ? size_of(w) : upper;
    });
    const auto wanted =
        static_cast<std::size_t>(fraction < 0 ? 0 : static_cast<double>(all) * (fraction < 1 ? fraction : 1));
    // The size of the weight that is the last to become 0: at most `lower` are too few, at most `upper` are enough.
    T lower{};
    const auto count = [&](T limit) {
        std::size_t result = 0;
        for_each_weight([&](T& w) { result += size_of(w) <= limit ? 1 : 0; });
        return result;
    };
    if (count(lower) >= wanted) return;
    for (;;) {
        const T middle = lower + (upper - lower) / 2;
        if (!(middle > lower && middle < upper)) break;
        (count(middle) >= wanted ? upper : lower) = middle;
    }
    std::size_t left = wanted - count(lower);
    for_each_weight([&](T& w) {
        if (size_of(w) <= lower) {
            w = T{};
        } else if (size_of(w) <= upper && left > 0) {
            w = T{};
            --left;
        }
    });
}

}  // namespace detail

/// The network with its smallest weights set to 0: `fraction` of those of each layer, or with `whole_network{}` of all, rounded
/// down. Biases stay as they are.
///
/// *Cost*: about 60 comparisons a weight for `float`. *Example*: `frozen` has no code and no memory for a weight that is 0.
template <class Among = each_layer, class T, class Input, class... Specs>
constexpr network<T, Input, Specs...> prune(network<T, Input, Specs...> net, double fraction, Among = {}) {
    if constexpr (std::is_same_v<Among, whole_network>) {
        detail::prune_smallest<T>(fraction, [&](auto&& f) {
            for_each_parameter(net, [&](auto, const char*, auto& values) {
                if constexpr (detail::is_weights<decltype(values)>)
                    for (T& w : values) f(w);
            });
        });
    } else {
        for_each_parameter(net, [&](auto, const char*, auto& values) {
            if constexpr (detail::is_weights<decltype(values)>)
                detail::prune_smallest<T>(fraction, [&](auto&& f) {
                    for (T& w : values) f(w);
                });
        });
    }
    return net;
}

namespace detail {

/// A rule whose parameters that are 0 stay 0.
template <template <class> class Rule>
struct zero_keeping {
    template <class T>
    struct rule {
        Rule<T> inner;

        template <class V, class... Moments>
        CTNN_INLINE constexpr void operator()(V gradient, V& weight, Moments&... moments) const {
            const V before = weight;
            inner(gradient, weight, moments...);
            // By bits: clang 19 has no choice between registers in constants.
            if constexpr (math::is_register<V>)
                weight =
                    math::from_bits<V>(math::to_bits(weight) & ~__builtin_bit_cast(math::bits_t<V>, before == V{}));
            else
                weight = math::select(before == V{}, V{}, weight);
        }
    };
    /// One that may do without its moments.
    template <class T>
    struct rule_with_choice : rule<T> {
        CTNN_INLINE constexpr bool needs_moments() const { return this->inner.needs_moments(); }
        CTNN_INLINE constexpr auto without_moments() const { return keeping_zeros(this->inner.without_moments()); }
    };
};
template <template <class> class Rule, class T>
CTNN_INLINE constexpr auto keeping_zeros(const Rule<T>& inner) {
    if constexpr (requires { inner.without_moments(); })
        return typename zero_keeping<Rule>::template rule_with_choice<T>{{inner}};
    else
        return typename zero_keeping<Rule>::template rule<T>{inner};
}

template <class Stepper, class T>
struct zero_keeping_stepper {
    Stepper inner;
    CTNN_INLINE constexpr auto next(T factor) { return keeping_zeros(inner.next(factor)); }
};

}  // namespace detail

/// An optimiser that leaves parameters that are 0 as they are, so that a network can be trained after `prune`. (A bias
/// that is 0 stays 0 as well.)
///
/// *Example*: `fit<cross_entropy>(prune(net, 0.9), x, t, keep_zeros<adam>{{.learning_rate = 0.001}})`.
template <class Optimizer>
struct keep_zeros {
    Optimizer optimizer;

    static constexpr std::size_t moments = Optimizer::moments;

    template <class T>
    constexpr auto start() const {
        using stepper = decltype(optimizer.template start<T>());
        return detail::zero_keeping_stepper<stepper, T>{optimizer.template start<T>()};
    }
};

}  // namespace CTNN_NAMESPACE
