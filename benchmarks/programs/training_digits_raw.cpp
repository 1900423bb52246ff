// SPDX-License-Identifier: BSL-1.0
// STEPS training steps of 64-32-10 in constant evaluation: batch size 1, cross entropy, SGD. Hand-written.
#include "digits.hpp"
#include "raw_exp.hpp"

#include <cstdio>

struct network {
    float weights1[64][32], bias1[32], weights2[32][10], bias2[10];
};

constexpr network train() {
    constexpr float rate = 0.001f;
    network net{};
    for (int i = 0; i < 64; ++i)
        for (int o = 0; o < 32; ++o) net.weights1[i][o] = digits::weights1[i][o];
    for (int i = 0; i < 32; ++i)
        for (int o = 0; o < 10; ++o) net.weights2[i][o] = digits::weights2[i][o];
    float x[64]{}, h[32]{}, dh[32]{}, y[10]{};
    for (int step = 0; step < STEPS; ++step) {
        const int sample = step % digits::samples;
        for (int i = 0; i < 64; ++i) x[i] = digits::inputs[sample * 64 + i];
        for (int o = 0; o < 32; ++o) {
            float sum = net.bias1[o];
            for (int i = 0; i < 64; ++i) sum += net.weights1[i][o] * x[i];
            h[o] = sum > 0 ? sum : 0;
        }
        float largest = 0, total = 0;
        for (int o = 0; o < 10; ++o) {
            float sum = net.bias2[o];
            for (int i = 0; i < 32; ++i) sum += net.weights2[i][o] * h[i];
            y[o] = sum;
            if (o == 0 || sum > largest) largest = sum;
        }
        for (int o = 0; o < 10; ++o) total += y[o] = raw_exp(y[o] - largest);
        for (int o = 0; o < 10; ++o) y[o] /= total;
        y[digits::labels[sample]] -= 1;
        for (int i = 0; i < 32; ++i) {
            float sum = 0;
            for (int o = 0; o < 10; ++o) {
                sum += net.weights2[i][o] * y[o];
                net.weights2[i][o] -= rate * h[i] * y[o];
            }
            dh[i] = h[i] > 0 ? sum : 0;
        }
        for (int o = 0; o < 10; ++o) net.bias2[o] -= rate * y[o];
        for (int i = 0; i < 64; ++i)
            for (int o = 0; o < 32; ++o) net.weights1[i][o] -= rate * x[i] * dh[o];
        for (int o = 0; o < 32; ++o) net.bias1[o] -= rate * dh[o];
    }
    return net;
}

constexpr network trained = train();

int main() {
    for (const float value : trained.bias2) std::printf("%.4f ", static_cast<double>(value));
    for (const auto& row : trained.weights2)
        for (const float value : row) std::printf("%.4f ", static_cast<double>(value));
    std::printf("\n");
}
