// SPDX-License-Identifier: BSL-1.0
// An activation of rows.
// EXPECT: ctnn::clipped: an elementwise activation is followed by a bound above 0
// ERRORS: 2

#include <ctnn.hpp>

#include <ratio>

constexpr ctnn::neuron<2, ctnn::clipped<ctnn::softmax, std::ratio<1>>> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3});
