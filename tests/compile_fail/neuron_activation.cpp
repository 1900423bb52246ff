// SPDX-License-Identifier: BSL-1.0
// A softmax needs several outputs; a neuron has one.
// EXPECT: ctnn::neuron: the activation is elementwise
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::neuron<2, ctnn::softmax> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3});
