// SPDX-License-Identifier: BSL-1.0
// Three inputs for a neuron of two weights.
// EXPECT: ctnn::neuron: as many inputs as weights
// EXPECT gcc: neuron_takes_inputs<3, 2>
// EXPECT clang: neuron_takes_inputs<3UL, 2UL>
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::neuron<2> n{.weights = {0, 1}, .bias = 4};
constexpr double y = n({2, 3, 4});
