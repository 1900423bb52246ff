// SPDX-License-Identifier: BSL-1.0
// One neuron: the weighted sum of its inputs plus a bias, squashed into (0, 1).
#include <ctnn.hpp>

#include <cstdio>

constexpr ctnn::neuron<2> neuron{.weights = {0, 1}, .bias = 4};

// sigmoid(0 * 2 + 1 * 3 + 4) = sigmoid(7), computed by the compiler; any other value would not compile.
static_assert(neuron({2, 3}) == 0.9990889488055994);

int main() {
    // The same code at run time: volatile inputs are unknown to the compiler.
    volatile double first = 2, second = 3;
    const double output = neuron({first, second});
    std::printf("neuron: %.16g\n", output);
    return output == 0.9990889488055994 ? 0 : 1;
}
