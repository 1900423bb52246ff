// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Applies an activation, or its derivative, to the outputs of a layer.

#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// An elementwise activation. The others (softmax) act on a row of outputs.
template <class Activation, class T>
concept elementwise_activation = requires(T x) {
    { Activation{}(x) } -> std::same_as<T>;
};

/// y = activation(x) for `Rows` rows of `Width` elements. `y` is `x` or does not overlap it.
template <class Activation, std::size_t Rows, std::size_t Width, class T>
CTNN_INLINE constexpr void activate(const T* x, T* y) {
    if constexpr (elementwise_activation<Activation, T>)
        kernel::map<Rows * Width>(Activation{}, y, x);
    else
        for (std::size_t row = 0; row < Rows; ++row)
            Activation::template forward<Width>(x + row * Width, y + row * Width);
}

/// The same as a function of its own, so that layers with rows of one size share its code.
template <class Activation, std::size_t Rows, std::size_t Width, class T>
[[gnu::noinline]] constexpr void activate_shared(const T* x, T* y) {
    activate<Activation, Rows, Width>(x, y);
}

/// The same in place; the identity costs nothing.
template <class Activation, std::size_t Rows, std::size_t Width, class T>
CTNN_INLINE constexpr void activate_in_place(T* x) {
    if constexpr (!std::is_same_v<Activation, identity>) activate<Activation, Rows, Width>(static_cast<const T*>(x), x);
}

/// Turns dL/dy into dL/dx in place, where y = activation(x). `x` is read only if `derivative_needs_input`.
template <class Activation, std::size_t Rows, std::size_t Width, class T>
CTNN_INLINE constexpr void activate_backward(const T* x, const T* y, T* gradient) {
    const T* const dy = gradient;
    if constexpr (std::is_same_v<Activation, identity>) {
    } else if constexpr (elementwise_activation<Activation, T>) {
        const auto chain = [](auto upstream, auto before, auto after)
                               CTNN_INLINE { return upstream * Activation::derivative(before, after); };
        kernel::map<Rows * Width>(chain, gradient, dy, Activation::derivative_needs_input ? x : y, y);
    } else {
        for (std::size_t row = 0; row < Rows; ++row)
            Activation::template backward<Width>(y + row * Width, dy + row * Width, gradient + row * Width);
    }
}

}  // namespace CTNN_NAMESPACE
