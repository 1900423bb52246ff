// SPDX-License-Identifier: BSL-1.0
// Random initialisation: a neuron with any number of inputs, its weights and bias drawn at random. The generator is
// seeded, so the compiler and the program draw the same values.
#include <ctnn.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>

// The first distribution draws the weights, the second the bias; without a second one, the bias would be 0.
template <std::size_t Inputs, class Activation, class Distribution>
constexpr ctnn::neuron<Inputs, Activation> random_neuron(const Distribution& distribution, std::uint64_t seed) {
    return ctnn::initialize<ctnn::neuron<Inputs, Activation>>(distribution, seed, distribution);
}

constexpr std::uint64_t seed = 42;

template <class Activation, class Distribution>
bool show(const char* name, const Distribution& distribution) {
    constexpr ctnn::tensor<double, ctnn::shape<5>> x{0.5, -1, 2, 0.25, -0.75};
    constexpr auto compiled = random_neuron<5, Activation>(Distribution{}, seed);
    constexpr double compiled_output = compiled(x);

    // A volatile seed is unknown to the compiler: this neuron is drawn at run time.
    volatile std::uint64_t seed_at_run_time = seed;
    const auto drawn = random_neuron<5, Activation>(distribution, seed_at_run_time);
    const double output = drawn(x);

    std::printf("%s weights", name);
    for (double weight : drawn.weights) std::printf(" %8.5f", weight);
    std::printf("  bias %8.5f  output %.5f\n", drawn.bias, output);

    // The drawn values are bit-identical whatever the compiler's flags. The neuron's sum may differ in the last digits
    // if the flags allow the compiler to contract multiplications and additions to FMAs.
    return drawn == compiled && ctnn::near(output, compiled_output);
}

int main() {
    const bool same = show<ctnn::sigmoid>("normal,  sigmoid:", ctnn::normal{}) &&
                      show<ctnn::relu>("normal,  relu:   ", ctnn::normal{}) &&
                      show<ctnn::sigmoid>("uniform, sigmoid:", ctnn::uniform{}) &&
                      show<ctnn::relu>("uniform, relu:   ", ctnn::uniform{});
    std::printf("%s\n", same ? "The compiler drew the same." : "The compiler drew something else!");
    return same ? 0 : 1;
}
