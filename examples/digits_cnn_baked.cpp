// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// Handwritten digits with a convolutional network, part 2: the compiler evaluates it on 100 of the held-out digits, the
// program on all 360.
#include "digits_cnn_model.hpp"  // written by digits_cnn.cpp

#include <cstddef>
#include <cstdint>
#include <cstdio>

constexpr auto& model = digits_cnn::model;
constexpr auto& images = digits_cnn::held_out_inputs;
constexpr auto& labels = digits_cnn::held_out_labels;

// The accuracy on the first `count` digits.
constexpr double accuracy_among(std::size_t count) {
    return ctnn::accuracy(model, ctnn::samples<std::uint8_t, ctnn::shape<1, 8, 8>>(images.data(), count),
                          ctnn::samples<std::uint8_t, ctnn::shape<>>(labels.data(), count));
}

// The contract. If the weights are damaged, the compiler says:
// EXPECT: the network recognises fewer than 97 of the first 100 held-out digits
constexpr std::size_t tried_by_compiler = 100;
constexpr double at_compile_time = accuracy_among(tried_by_compiler);
static_assert(at_compile_time >= 0.97, "the network recognises fewer than 97 of the first 100 held-out digits");
static_assert(sizeof(model) <= 8'000, "the network does not fit into 8 KB");
static_assert(model.parameter_count < 3'000 && model.multiply_accumulates < 10'000);

int main() {
    const double same = accuracy_among(tried_by_compiler), all = accuracy_among(labels.size());
    std::printf("the compiler found %.0f of %zu right, the program %.0f of %zu\n", at_compile_time * tried_by_compiler,
                tried_by_compiler, all * static_cast<double>(labels.size()), labels.size());
    std::printf("%zu bytes of parameters, %zu multiply-accumulates a digit\n", sizeof(model),
                model.multiply_accumulates);
    return same == at_compile_time && all >= 0.975 ? 0 : 1;
}
