// SPDX-License-Identifier: BSL-1.0
// A program that imports the library, beside a header that is not in the module; it trains as one that includes it.
import ctnn;
#include <ctnn/verify.hpp>

#include <cstdio>

constexpr ctnn::neuron<2> neuron{.weights = {0, 1}, .bias = 4};
static_assert(neuron({2, 3}) == 0.9990889488055994);

using xor_net = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;

constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{0, 0, 0, 1, 1, 0, 1, 1};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{0, 1, 1, 0};

constexpr auto train(unsigned seed) {
    return ctnn::fit<ctnn::binary_cross_entropy>(ctnn::initialize<xor_net>(ctnn::glorot_uniform{}, seed), inputs,
                                                 targets, ctnn::adam{.learning_rate = 0.1}, {.epochs = 120});
}

constexpr auto trained = train(1);
static_assert(trained({0, 1})[0] > 0.95 && trained({1, 1})[0] < 0.05);
constexpr ctnn::box<double, ctnn::shape<2>> near_0_1{.lower = {-0.01, 0.99}, .upper = {0.01, 1.01}};
static_assert(ctnn::proves(trained, near_0_1, ctnn::output<0> > 0.9));

#ifdef CTNN_TEST_MISTAKE
double outputs_of_three(const xor_net& net) {
    return net({0, 1, 1})[0];
}
#endif

int main() {
    volatile unsigned seed = 1;
    const bool same = train(seed) == trained;
    std::puts(same ? "The program and the compiler trained the same network." : "The networks differ!");
    return same ? 0 : 1;
}
