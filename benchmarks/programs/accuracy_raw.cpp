// SPDX-License-Identifier: BSL-1.0
// The accuracy of 64-32-10 on SAMPLES digits, in constant evaluation. Hand-written.
#include "digits.hpp"

#include <cstdio>

constexpr double accuracy = [] {
    float h[32]{};
    int right = 0;
    for (int sample = 0; sample < SAMPLES; ++sample) {
        for (int o = 0; o < 32; ++o) {
            float sum = 0;
            for (int i = 0; i < 64; ++i) sum += digits::weights1[i][o] * digits::inputs[sample * 64 + i];
            h[o] = sum > 0 ? sum : 0;
        }
        int best = 0;
        float largest = 0;
        for (int o = 0; o < 10; ++o) {
            float sum = 0;
            for (int i = 0; i < 32; ++i) sum += digits::weights2[i][o] * h[i];
            if (o == 0 || sum > largest) {
                largest = sum;
                best = o;
            }
        }
        right += best == digits::labels[sample];
    }
    return right / static_cast<double>(SAMPLES);
}();
static_assert(accuracy >= 0);

int main() {
    std::printf("%.4f\n", accuracy);
}
