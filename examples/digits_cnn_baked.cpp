// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// Handwritten digits with a convolutional network, second part: the compiler tries it on 100 of the held-out digits, the
// program on all 360.
#include "digits_cnn_model.hpp"  // written by digits_cnn.cpp

#include <cstddef>
#include <cstdio>

constexpr auto& model = digits_cnn::model;
constexpr auto& images = digits_cnn::held_out_inputs;
constexpr auto& labels = digits_cnn::held_out_labels;

constexpr std::size_t tried_by_compiler = 100;
constexpr std::size_t right_among(std::size_t first, std::size_t last) {
    std::size_t right = 0;
    for (std::size_t digit = first; digit < last; ++digit) {
        ctnn::tensor<float, ctnn::shape<1, 8, 8>> image{};
        for (std::size_t i = 0; i < image.size(); ++i) image[i] = images[digit * image.size() + i];
        right += ctnn::predict(model, image) == labels[digit] ? 1 : 0;
    }
    return right;
}

// The contract. Damage the weights, and this is what the compiler says:
// EXPECT: the network recognises fewer than 97 of the first 100 held-out digits
constexpr std::size_t right_at_compile_time = right_among(0, tried_by_compiler);
static_assert(right_at_compile_time >= 97, "the network recognises fewer than 97 of the first 100 held-out digits");
static_assert(sizeof(model) <= 8'000, "the network does not fit into 8 KB");
static_assert(model.parameter_count < 3'000 && model.multiply_accumulates < 10'000);

int main() {
    // Were these const, compilers would try to know them before the program runs.
    std::size_t same = right_among(0, tried_by_compiler), all = right_among(0, labels.size());
    std::printf("the compiler found %zu of %zu right, the program %zu of %zu\n", right_at_compile_time,
                tried_by_compiler, all, labels.size());
    std::printf("%zu bytes of parameters, %zu multiply-accumulates a digit\n", sizeof(model),
                model.multiply_accumulates);
    return same == right_at_compile_time && 1000 * all >= 975 * labels.size() ? 0 : 1;
}
