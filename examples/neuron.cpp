// SPDX-License-Identifier: BSL-1.0
// One neuron: it weighs its inputs, adds a bias and squeezes the sum into (0, 1).
#include <ctnn.hpp>

#include <cstdio>

constexpr ctnn::neuron<2> neuron{.weights = {0, 1}, .bias = 4};

// sigmoid(0 * 2 + 1 * 3 + 4) = sigmoid(7). The compiler computes it; were it anything else, this would not build.
static_assert(neuron({2, 3}) == 0.9990889488055994);

int main() {
    // The same code at run time: nobody can know these inputs before the program runs.
    volatile double first = 2, second = 3;
    const double output = neuron({first, second});
    std::printf("neuron: %.16g\n", output);
    return output == 0.9990889488055994 ? 0 : 1;
}
