// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

#include <ratio>

constexpr ctnn::neuron<2, ctnn::clipped<ctnn::tanh, std::ratio<1>>> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3});
