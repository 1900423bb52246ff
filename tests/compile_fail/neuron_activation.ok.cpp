// SPDX-License-Identifier: BSL-1.0
// The twin of neuron_activation.cpp, without the mistake.

#include <ctnn.hpp>

constexpr ctnn::neuron<2, ctnn::sigmoid> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3});
