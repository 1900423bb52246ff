// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The types that the laws are instantiated for, their test data, and how far apart two results may be.

#include <ctnn.hpp>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <tuple>
#include <type_traits>
#include <utility>

namespace laws {

/// Every activation, loss, optimiser and initialiser: a new one is added here.
using elementwise_activations =
    std::tuple<ctnn::identity, ctnn::sigmoid, ctnn::tanh, ctnn::relu, ctnn::leaky_relu, ctnn::elu, ctnn::selu,
               ctnn::gelu, ctnn::silu, ctnn::softplus, ctnn::softsign, ctnn::hard_sigmoid, ctnn::hard_swish,
               ctnn::gelu_tanh, ctnn::relu6, ctnn::clip<ctnn::unbounded, std::ratio<3, 4>>,
               ctnn::clipped<ctnn::tanh, std::ratio<3, 4>>, ctnn::clipped<ctnn::gelu, std::ratio<3, 4>>,
               ctnn::reciprocal, ctnn::exp, ctnn::sin, ctnn::cos>;
/// Those that are defined for positive arguments alone.
using positive_activations = std::tuple<ctnn::log, ctnn::sqrt>;
using row_activations = std::tuple<ctnn::softmax, ctnn::log_softmax>;
using activations = decltype(std::tuple_cat(std::declval<elementwise_activations>(), std::declval<row_activations>()));
using losses = std::tuple<ctnn::mean_squared_error, ctnn::mean_absolute_error, ctnn::huber, ctnn::binary_cross_entropy,
                          ctnn::cross_entropy>;
using optimizers = std::tuple<ctnn::sgd, ctnn::rmsprop, ctnn::adam, ctnn::adamw>;
using initializers = std::tuple<ctnn::zeros, ctnn::constant, ctnn::uniform, ctnn::normal, ctnn::glorot_uniform,
                                ctnn::glorot_normal, ctnn::he_uniform, ctnn::he_normal>;

/// The end of a network: the activation of its last layer, and the loss.
template <class Activation, class Loss>
struct ending {
    using activation = Activation;
    using loss = Loss;
};

namespace detail {
template <class Activation, class Loss>
using ending_if_accepted =
    std::conditional_t<Loss::template accepts<Activation>, std::tuple<ending<Activation, Loss>>, std::tuple<>>;

template <class Loss, class Activations>
struct endings;
template <class Loss, class... Activation>
struct endings<Loss, std::tuple<Activation...>> {
    using type = decltype(std::tuple_cat(std::declval<ending_if_accepted<Activation, Loss>>()...));
};
template <class Losses, class Activations>
struct all_endings;
template <class... Loss, class Activations>
struct all_endings<std::tuple<Loss...>, Activations> {
    using type = decltype(std::tuple_cat(std::declval<typename endings<Loss, Activations>::type>()...));
};
}  // namespace detail

/// The activations that a loss can be combined with, each with that loss.
template <class Loss>
using endings_with = typename detail::endings<Loss, activations>::type;

/// Every loss with each activation of a list that it can be combined with.
template <class Activations>
using endings_of = typename detail::all_endings<losses, Activations>::type;

/// A network and a batch of inputs and targets, drawn from a seed in either phase.
template <class Net, class Loss, std::size_t Batch>
struct problem {
    using T = typename Net::value_type;
    using inputs = ctnn::tensor<T, ctnn::batch_of<Batch, typename Net::input_shape>>;
    using targets = ctnn::tensor<T, ctnn::batch_of<Batch, typename Net::output_shape>>;

    Net net{};
    inputs x{};
    targets t{};

    constexpr explicit problem(std::uint64_t seed) {
        // Targets that are probabilities for the entropies; they need not sum to 1 for the derivative to hold.
        constexpr bool entropy = Loss::template accepts<ctnn::sigmoid> != Loss::template accepts<ctnn::softmax>;
        ctnn::random_engine engine{seed};
        ctnn::for_each_tensor([&](auto& parameter) { draw(engine, parameter, T(-1), T(1)); }, net);
        draw(engine, x, T(-2), T(2));
        draw(engine, t, T(entropy ? 0.05 : -1), T(entropy ? 0.95 : 1));
    }

  private:
    template <class Tensor>
    static constexpr void draw(ctnn::random_engine& engine, Tensor& values, T low, T high) {
        for (T& element : values) element = ctnn::draw_uniform<T>(engine, low, high);
    }
};

/// A value that is unknown to the compiler.
inline std::uint64_t unknown(std::uint64_t number) {
    volatile std::uint64_t hidden = number;
    return hidden;
}
inline std::uint64_t unknown(int number) {
    return unknown(static_cast<std::uint64_t>(number));
}
template <std::floating_point Number>
Number unknown(Number number) {
    volatile Number hidden = number;
    return hidden;
}

/// How far two computations of a tensor may be apart, in ulp of its largest element.
#if defined(CTNN_REPRODUCIBLE)
inline constexpr double ulp_allowed = 0;  // no contraction
#else
// The two may be contracted differently; the most seen is 39, in 1 - y^2 of a tanh near 1.
inline constexpr double ulp_allowed = 64;
#endif

/// The largest |a[i] - b[i]|, in ulp of the largest |a[i]| if that is normal; infinite where one is nan or infinite and
/// the other is not the same. 0 means equal.
template <class T>
double ulp_apart(const T* a, const T* b, std::size_t count, T largest = std::numeric_limits<T>::min()) {
    double apart = 0;
    for (std::size_t i = 0; i < count; ++i)
        if (std::isfinite(a[i])) largest = std::max(largest, std::abs(a[i]));
    const double ulp = std::ldexp(1.0, std::ilogb(largest) + 1 - std::numeric_limits<T>::digits);
    for (std::size_t i = 0; i < count; ++i) {
        if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
        const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])) / ulp;
        apart = std::max(apart, std::isfinite(difference) ? difference : std::numeric_limits<double>::infinity());
    }
    return apart;
}
template <class T, class Shape>
double ulp_apart(const ctnn::tensor<T, Shape>& a, const ctnn::tensor<T, Shape>& b) {
    return ulp_apart(a.data(), b.data(), a.size());
}
/// The same for networks, in ulp of the largest element of any tensor: the gradient of a bias before a normalisation is
/// pure rounding error.
template <class T, class Input, class... Specs>
double ulp_apart(const ctnn::network<T, Input, Specs...>& a, const ctnn::network<T, Input, Specs...>& b) {
    double apart = 0;
    T largest = std::numeric_limits<T>::min();
    ctnn::for_each_tensor(
        [&](const auto& one) {
            for (const T element : one)
                if (std::isfinite(element)) largest = std::max(largest, std::abs(element));
        },
        a);
    ctnn::for_each_tensor(
        [&](const auto& one, const auto& other) {
            apart = std::max(apart, ulp_apart(one.data(), other.data(), one.size(), largest));
        },
        a, b);
    return apart;
}

}  // namespace laws
