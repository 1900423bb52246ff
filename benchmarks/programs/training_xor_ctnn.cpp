// SPDX-License-Identifier: BSL-1.0
// STEPS training steps of 2-2-1 on XOR in constant evaluation: batch size 1, squared error, SGD. In ctnn.
#include <ctnn.hpp>

#include <cstdio>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<2, ctnn::sigmoid>, ctnn::dense<1, ctnn::sigmoid>>;

constexpr net_type train() {
    constexpr ctnn::tensor<float, ctnn::shape<2>> inputs[4]{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    constexpr ctnn::tensor<float, ctnn::shape<1>> targets[4]{{0}, {1}, {1}, {0}};
    net_type start{};
    ctnn::get<0>(start).weights = {0.5f, -0.75f, 0.25f, 1};
    ctnn::get<1>(start).weights = {0.5f, -0.5f};
    ctnn::trainer<net_type, ctnn::mean_squared_error, ctnn::sgd> training{start, {.learning_rate = 0.5}};
    for (int i = 0; i < STEPS; ++i) training.step(inputs[i % 4], targets[i % 4]);
    return training.network();
}

constexpr net_type trained = train();

int main() {
    const auto print = [](const auto& tensor) {
        for (const float value : tensor) std::printf("%.4f ", static_cast<double>(value));
    };
    ctnn::for_each_tensor(print, trained);
    std::printf("\n");
}
