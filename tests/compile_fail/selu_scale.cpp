// SPDX-License-Identifier: BSL-1.0
// A negative scale, which would flip the curve.
// EXPECT: ctnn::selu: alpha is at least 0, and the scale above 0
// ERRORS: 2

#include <ctnn.hpp>

#include <ratio>

constexpr ctnn::neuron<2, ctnn::selu_with<std::ratio<2>, std::ratio<-3>>> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3});
