// SPDX-License-Identifier: BSL-1.0
// The accuracy of 64-32-10 on SAMPLES digits, in constant evaluation. In ctnn.
#include "digits_ctnn.hpp"

#include <cstdio>

constexpr digits_net net = digits_start();
constexpr ctnn::samples<std::uint8_t, ctnn::shape<64>> inputs{digits::inputs, SAMPLES};
constexpr ctnn::samples<std::uint8_t, ctnn::shape<>> labels{digits::labels, SAMPLES};
constexpr double accuracy = ctnn::accuracy(net, inputs, labels);
static_assert(accuracy >= 0);

int main() {
    std::printf("%.4f\n", accuracy);
}
