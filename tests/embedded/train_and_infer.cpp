// SPDX-License-Identifier: BSL-1.0
// Inference and training without exceptions and RTTI, as in firmware.

#include <ctnn.hpp>

#include <cstddef>

namespace {

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
constexpr ctnn::tensor<float, ctnn::shape<4, 2>> inputs{0, 0, 0, 1, 1, 0, 1, 1};
constexpr ctnn::tensor<unsigned char, ctnn::shape<4>> labels{0, 1, 1, 0};
constexpr ctnn::tensor<float, ctnn::shape<4, 2>> targets{1, 0, 0, 1, 0, 1, 1, 0};

ctnn::trainer<net_type, ctnn::cross_entropy, ctnn::adam, 4> training{
    ctnn::initialize<net_type>(ctnn::glorot_uniform{}, 1), {.learning_rate = 0.05}};

}  // namespace

int main() {
    const float first = training.step(inputs, targets);
    float last = first;
    for (int step = 0; step < 400; ++step) last = training.step(inputs, targets);
    if (!(last < 0.1f * first)) return 1;
    if (ctnn::accuracy(training.network(), inputs, labels) != 1) return 2;
    if (ctnn::predict(training.network(), {1, 0}) != 1) return 3;

    const auto fitted = ctnn::fit<ctnn::cross_entropy>(training.network(), inputs, labels, ctnn::sgd{}, {.epochs = 3});
    return ctnn::accuracy(fitted, inputs, labels) == 1 ? 0 : 4;
}
