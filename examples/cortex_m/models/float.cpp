// SPDX-License-Identifier: BSL-1.0
// The network of examples/digits.cpp, 64-32-10 with softmax.

#include "digits_model.hpp"  // written by examples/digits.cpp
#include "model.hpp"

std::size_t classify(const std::uint8_t* image) {
    ctnn::tensor<float, ctnn::shape<64>> x;
    for (std::size_t i = 0; i < 64; ++i) x[i] = image[i];
    return ctnn::predict(digits::model, x);
}
