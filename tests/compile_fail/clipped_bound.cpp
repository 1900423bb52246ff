// SPDX-License-Identifier: BSL-1.0
// A bound of 0.
// EXPECT: ctnn::clipped: an elementwise activation is followed by a bound above 0
// ERRORS: 2

#include <ctnn.hpp>

#include <ratio>

constexpr ctnn::neuron<2, ctnn::clipped<ctnn::tanh, std::ratio<0>>> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3});
