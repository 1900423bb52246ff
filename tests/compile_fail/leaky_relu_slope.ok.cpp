// SPDX-License-Identifier: BSL-1.0
// The twin of leaky_relu_slope.cpp, without the mistake.

#include <ctnn.hpp>

#include <ratio>

constexpr ctnn::neuron<2, ctnn::leaky_relu_with<std::ratio<1, 10>>> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3});
