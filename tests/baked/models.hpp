// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The constants that one program bakes and the other compares with.

#include <ctnn.hpp>
#include <ctnn/verify.hpp>

#include <cstdint>
#include <limits>
#include <ratio>

namespace models {

/// Every kind of value that a header can hold.
template <class T>
constexpr auto extremes() {
    using limits = std::numeric_limits<T>;
    ctnn::network<T, ctnn::input<4>, ctnn::dense<2, ctnn::tanh, ctnn::no_bias>, ctnn::dense<3, ctnn::softsign>> net{};
    ctnn::get<0>(net).weights = {-T{},   limits::min(), limits::denorm_min(), -limits::denorm_min() * 12345,
                                 T(0.1), T(-1) / 3,     limits::epsilon(),    T(1) + limits::epsilon()};
    ctnn::get<1>(net).weights = {limits::max() / 4, -1, 0, T(16777217), T(-1e30), 7};
    ctnn::get<1>(net).bias = {0, T(1e-30), -2};
    return net;
}

using digits_net = ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
constexpr digits_net digits() {
    return ctnn::initialize<digits_net>(ctnn::glorot_normal{}, 1);
}

/// x clipped to [0, 1], and what holds of it in a box, though no single box shows it.
using clipped_net = ctnn::network<float, ctnn::input<1>, ctnn::dense<2, ctnn::relu>, ctnn::dense<1>>;
constexpr clipped_net clipped() {
    return {.layers = {ctnn::layer_t<0, clipped_net>{.weights = {1, 1}, .bias = {0, -1}},
                       ctnn::layer_t<1, clipped_net>{.weights = {1, -1}, .bias = {}}}};
}
inline constexpr auto places = ctnn::box<float, ctnn::shape<1>>::all(-3, 3);
inline constexpr auto is_clipped = ctnn::output<0> <= 1.001;

/// Too large to be asserted within the default limits.
using wide_net = ctnn::network<double, ctnn::input<300>, ctnn::dense<100, ctnn::gelu>>;
inline wide_net wide() {
    return ctnn::initialize<wide_net>(ctnn::he_uniform{}, 2);
}

/// Nested layers, layers without parameters, statistics, every kind of name.
template <class T>
using nested_net =
    ctnn::network<T, ctnn::input<2, 4>, ctnn::residual<ctnn::conv1d<2, ctnn::window<3>, ctnn::same, ctnn::tanh>>,
                  ctnn::batch_norm<>, ctnn::permute<1, 0>, ctnn::bidirectional<ctnn::gru<2>>,
                  ctnn::concatenate<ctnn::axis<1>, ctnn::branch<>,
                                    ctnn::branch<ctnn::dropout<std::ratio<1, 2>>, ctnn::residual<ctnn::dense<4>>>>,
                  ctnn::sum<ctnn::branch<ctnn::activation<ctnn::relu>>, ctnn::branch<>>,
                  ctnn::product<ctnn::branch<ctnn::dense<3>>, ctnn::branch<ctnn::slice<ctnn::axis<1>, 2, 3>>>,
                  ctnn::matmul<ctnn::branch<ctnn::permute<1, 0>>, ctnn::branch<ctnn::dense<2>>>,
                  ctnn::layer_norm<ctnn::relu6, ctnn::epsilon<std::ratio<1, 1000>>>,
                  ctnn::layer_norm<ctnn::clip<ctnn::unbounded, std::ratio<-1, 3>>, ctnn::epsilon<>, ctnn::no_affine>,
                  ctnn::lstm<2, ctnn::last_step, ctnn::initial_state>, ctnn::dense<1>>;
template <class T>
constexpr nested_net<T> nested() {
    return ctnn::initialize<nested_net<T>>(ctnn::glorot_uniform{}, 3, ctnn::uniform{});
}

inline constexpr ctnn::tensor<double, ctnn::shape<2, 3>> numbers{0.1, -0.0, 1e300, 4.9e-324, -7, 1.0 / 3};
inline constexpr std::uint8_t labels[]{0, 9, 255};
inline constexpr float inputs[]{0.5f, -1, 2, 3e-45f, 0.1f, 0.7f};

}  // namespace models
