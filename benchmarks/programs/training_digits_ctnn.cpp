// SPDX-License-Identifier: BSL-1.0
// STEPS training steps of 64-32-10 in constant evaluation: batch size 1, cross entropy, SGD. In ctnn.
#include "digits_ctnn.hpp"

#include <cstdio>

constexpr digits_net train() {
    ctnn::trainer<digits_net, ctnn::cross_entropy, ctnn::sgd> training{digits_start(), {.learning_rate = 0.001}};
    ctnn::tensor<float, ctnn::shape<64>> x{};
    for (int step = 0; step < STEPS; ++step) {
        const int sample = step % digits::samples;
        for (std::size_t i = 0; i < 64; ++i) x.values[i] = digits::inputs[sample * 64 + i];
        ctnn::tensor<float, ctnn::shape<10>> target{};
        target.values[digits::labels[sample]] = 1;
        training.step(x, target);
    }
    return training.network();
}

constexpr digits_net trained = train();

int main() {
    for (const float value : ctnn::get<1>(trained).bias) std::printf("%.4f ", static_cast<double>(value));
    for (const float value : ctnn::get<1>(trained).weights) std::printf("%.4f ", static_cast<double>(value));
    std::printf("\n");
}
