// SPDX-License-Identifier: BSL-1.0
// One neuron in a static_assert.
#include <ctnn.hpp>

constexpr ctnn::neuron<2> n{.weights = {0, 1}, .bias = 4};
static_assert(ctnn::near(n({2, 3}), 0.9990889488055994));
