// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// Handwritten digits, part 2: the trained network is a constant of this program. There is no file to read, nothing to
// parse, nothing that can fail at run time, and the compiler has evaluated it on all 360 held-out digits.
#include "digits_model.hpp"  // written by digits.cpp

#include <cstddef>
#include <cstdio>

constexpr auto& model = digits::model;
constexpr auto& images = digits::held_out_inputs;
constexpr auto& labels = digits::held_out_labels;

// The contract. If the weights are damaged, the compiler says:
// EXPECT: the network recognises fewer than 96% of the held-out digits
static_assert(labels.size() == 360);
constexpr double accuracy = ctnn::accuracy(model, images, labels);
static_assert(accuracy >= 0.96, "the network recognises fewer than 96% of the held-out digits");
static_assert(sizeof(model) <= 10'000, "the network does not fit into 10 KB");
static_assert(model.multiply_accumulates == 2368, "the network needs more or less time than planned");

// Draws six digits side by side, with their predictions.
void draw(std::size_t first) {
    for (std::size_t row = 0; row < 8; ++row) {
        for (std::size_t digit = first; digit < first + 6; ++digit) {
            std::printf("  ");
            for (std::size_t column = 0; column < 8; ++column)
                std::printf("%c", " .:-=+*#@"[images(digit, 8 * row + column) / 2]);
        }
        std::printf("\n");
    }
    for (std::size_t digit = first; digit < first + 6; ++digit) {
        ctnn::tensor<float, ctnn::shape<64>> x{};
        for (std::size_t i = 0; i < 64; ++i) x[i] = images(digit, i);
        std::printf("  %zu (%3.0f%%)", ctnn::predict(model, x), 100 * double(model(x)[ctnn::predict(model, x)]));
    }
    std::printf("\n\n");
}

int main() {
    draw(0);
    draw(6);

    const auto count = ctnn::confusion_matrix(model, images, labels);
    std::size_t right = 0;
    std::printf("taken for:    0   1   2   3   4   5   6   7   8   9\n");
    for (std::size_t row = 0; row < 10; ++row) {
        std::printf("%zu         ", row);
        for (std::size_t column = 0; column < 10; ++column) std::printf(" %3zu", count(row, column));
        std::printf("\n");
        right += count(row, row);
    }
    std::printf("right: %zu of %zu; %zu bytes of parameters, %zu multiply-accumulates a digit\n", right, labels.size(),
                sizeof(model), model.multiply_accumulates);

    // The run-time accuracy is the one that the compiler computed.
    return static_cast<double>(right) / static_cast<double>(labels.size()) == accuracy ? 0 : 1;
}
