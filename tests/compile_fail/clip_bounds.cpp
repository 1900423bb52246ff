// SPDX-License-Identifier: BSL-1.0
// The larger bound first.
// EXPECT: ctnn::clip: the first bound is not above the second
// ERRORS: 2

#include <ctnn.hpp>

#include <ratio>

constexpr ctnn::neuron<2, ctnn::clip<std::ratio<1>, std::ratio<-1>>> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3});
