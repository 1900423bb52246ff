// SPDX-License-Identifier: BSL-1.0
// What a user writes first; every consumer project builds it.
#include <ctnn.hpp>

constexpr ctnn::neuron<2> n{.weights = {0, 1}, .bias = 4};
static_assert(ctnn::near(n({2, 3}), 0.9990889488055994));

int main(int argc, char**) {
    const double x = argc;  // known at run time only
    return ctnn::near(n({x, x + 2}), 0.9990889488055994) ? 0 : 1;
}
