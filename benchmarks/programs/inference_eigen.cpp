// SPDX-License-Identifier: BSL-1.0
// Evaluates 4-64-64-2 once, to measure compile time and program size. With Eigen.
#include "random.hpp"

#include <Eigen/Core>

#include <cstdio>

template <int Inputs, int Outputs>
struct layer {
    Eigen::Matrix<float, Outputs, Inputs> weights;
    Eigen::Matrix<float, Outputs, 1> bias, output;

    void draw(random_numbers& numbers) {
        for (int i = 0; i < weights.size(); ++i) weights.data()[i] = numbers();
        for (int i = 0; i < bias.size(); ++i) bias.data()[i] = numbers();
    }
    void forward(const Eigen::Matrix<float, Inputs, 1>& x) {
        output = bias;
        output.noalias() += weights * x;
    }
    void forward_tanh(const Eigen::Matrix<float, Inputs, 1>& x) {
        forward(x);
        output = output.array().tanh().matrix();
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
    layer1.forward_tanh({x, 0.5f * x, 0.25f * x, 0.125f * x});
    layer2.forward_tanh(layer1.output);
    layer3.forward(layer2.output);
    std::printf("%.4f %.4f\n", static_cast<double>(layer3.output[0]), static_cast<double>(layer3.output[1]));
}
