// SPDX-License-Identifier: BSL-1.0
// STEPS training steps of 2-2-1 on XOR in constant evaluation: batch size 1, squared error, SGD. Hand-written.
#include "raw_exp.hpp"

#include <cstdio>

struct network {
    float weights1[2][2], bias1[2], weights2[2], bias2;
};

constexpr network train() {
    constexpr float inputs[4][2]{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, targets[4]{0, 1, 1, 0}, rate = 0.5f;
    network net{{{0.5f, -0.75f}, {0.25f, 1}}, {0, 0}, {0.5f, -0.5f}, 0};
    float h[2]{}, dh[2]{};
    for (int step = 0; step < STEPS; ++step) {
        const int sample = step % 4;
        float sum = net.bias2;
        for (int o = 0; o < 2; ++o) {
            float z = net.bias1[o];
            for (int i = 0; i < 2; ++i) z += net.weights1[i][o] * inputs[sample][i];
            h[o] = 1 / (1 + raw_exp(-z));
            sum += net.weights2[o] * h[o];
        }
        const float y = 1 / (1 + raw_exp(-sum)), dy = 2 * (y - targets[sample]) * y * (1 - y);
        for (int o = 0; o < 2; ++o) {
            dh[o] = dy * net.weights2[o] * h[o] * (1 - h[o]);
            net.weights2[o] -= rate * dy * h[o];
            net.bias1[o] -= rate * dh[o];
            for (int i = 0; i < 2; ++i) net.weights1[i][o] -= rate * dh[o] * inputs[sample][i];
        }
        net.bias2 -= rate * dy;
    }
    return net;
}

constexpr network trained = train();

int main() {
    for (const auto& row : trained.weights1)
        for (const float value : row) std::printf("%.4f ", static_cast<double>(value));
    for (const float value : trained.bias1) std::printf("%.4f ", static_cast<double>(value));
    for (const float value : trained.weights2) std::printf("%.4f ", static_cast<double>(value));
    std::printf("%.4f \n", static_cast<double>(trained.bias2));
}
