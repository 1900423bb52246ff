// SPDX-License-Identifier: BSL-1.0
// A leaky ReLU with a negative slope.
// EXPECT: ctnn::leaky_relu: the slope is at least 0
// ERRORS: 2

#include <ctnn.hpp>

#include <ratio>

constexpr ctnn::neuron<2, ctnn::leaky_relu_with<std::ratio<-1, 10>>> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3});
