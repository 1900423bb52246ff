// SPDX-License-Identifier: BSL-1.0
// Training is one function at compile time and at run time: the same seed gives the same network.
#include <ctnn.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>

using xor_net = ctnn::network<double, ctnn::input<2>,
                              ctnn::dense<4, ctnn::tanh>,
                              ctnn::dense<1, ctnn::sigmoid>>;
static_assert(xor_net::parameter_count == 17);
static_assert(xor_net::multiply_accumulates == 12);

constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs {0,0, 0,1, 1,0, 1,1};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{0, 1, 1, 0};

constexpr auto train(std::uint64_t seed) {
    return ctnn::fit<ctnn::binary_cross_entropy>(
        ctnn::initialize<xor_net>(ctnn::glorot_uniform{}, seed),
        inputs, targets, ctnn::adam{.learning_rate = 0.1}, {.epochs = 120});
}

// 480 steps, about half of the compilers' default limits of constant evaluation.
constexpr auto trained = train(1);
static_assert(trained({0, 0})[0] < 0.05 && trained({0, 1})[0] > 0.95);
static_assert(trained({1, 0})[0] > 0.95 && trained({1, 1})[0] < 0.05);

int main() {
    // The volatile seed is unknown to the compiler, so this trains at run time.
    volatile std::uint64_t seed = 1;
    const auto trained_now = train(seed);

    for (std::size_t row = 0; row < 4; ++row) {
        const double x1 = inputs(row, 0), x2 = inputs(row, 1);
        std::printf("%g xor %g: %.6f, by the compiler %.6f\n", x1, x2, trained_now({x1, x2})[0], trained({x1, x2})[0]);
    }
    // Every weight and every bias, bit by bit. On processors with FMA this needs -ffp-contract=off, with which the
    // examples are built: constant evaluation does not contract.
    const bool same = trained_now == trained;
    std::printf("%s\n", same ? "Both trained the same network." : "The networks differ!");
    return same ? 0 : 1;
}
