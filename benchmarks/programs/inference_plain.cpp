// SPDX-License-Identifier: BSL-1.0
// Evaluates 4-64-64-2 once, to measure compile time and program size. As plain loops.
#include "random.hpp"

#include <cmath>
#include <cstddef>
#include <cstdio>

template <std::size_t Inputs, std::size_t Outputs>
struct layer {
    float weights[Inputs * Outputs], bias[Outputs], output[Outputs];

    void draw(random_numbers& numbers) {
        for (float& value : weights) value = numbers();
        for (float& value : bias) value = numbers();
    }
    void forward(const float* x) {
        for (std::size_t o = 0; o < Outputs; ++o) output[o] = bias[o];
        for (std::size_t i = 0; i < Inputs; ++i)
            for (std::size_t o = 0; o < Outputs; ++o) output[o] += weights[i * Outputs + o] * x[i];
    }
    void forward_tanh(const float* x) {
        forward(x);
        for (float& value : output) value = std::tanh(value);
    }
};

int main(int argc, char**) {
    static layer<4, 64> layer1;
    static layer<64, 64> layer2;
    static layer<64, 2> layer3;
    random_numbers numbers{static_cast<std::uint32_t>(argc)};
    layer1.draw(numbers);
    layer2.draw(numbers);
    layer3.draw(numbers);
    const float x = static_cast<float>(argc);
    const float inputs[]{x, 0.5f * x, 0.25f * x, 0.125f * x};
    layer1.forward_tanh(inputs);
    layer2.forward_tanh(layer1.output);
    layer3.forward(layer2.output);
    std::printf("%.4f %.4f\n", static_cast<double>(layer3.output[0]), static_cast<double>(layer3.output[1]));
}
