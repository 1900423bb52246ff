// SPDX-License-Identifier: BSL-1.0
// Training on the device. A camera was mounted one pixel too far to the left, so that all it sees is shifted; 50 steps on
// 200 of its digits teach the network that was baked for straight pictures. It is the same program on a workstation, and
// the parameters are the same to the bit.

#include "boards/board.hpp"
#include "digits_model.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace {

using net = digits::model_type;
constexpr std::size_t batch = 4, steps = 50, trained_on = batch * steps;
constexpr auto& labels = digits::held_out_labels;

/// With neither a gradient nor moments, this is all that training keeps.
using trainer_type = ctnn::trainer<net, ctnn::cross_entropy, ctnn::sgd, batch, ctnn::in_place>;
trainer_type training{digits::model, {.learning_rate = 0.01}};

/// What the camera sees of a held-out digit: each row one pixel to the right.
void look_at(std::size_t digit, float* x) {
    const std::uint8_t* image = digits::held_out_inputs.values + 64 * digit;
    for (std::size_t i = 0; i < 64; ++i) x[i] = i % 8 == 0 ? 0.0f : image[i - 1];
}

/// How many of the digits from `trained_on` on are recognised.
std::uint32_t count_right() {
    std::uint32_t right = 0;
    for (std::size_t digit = trained_on; digit < labels.size(); ++digit) {
        ctnn::tensor<float, ctnn::shape<64>> x;
        look_at(digit, x.values);
        right += ctnn::predict(training.network(), x) == labels[digit];
    }
    return right;
}

std::uint32_t count = 0;

void train() {
    board::start_count();
    for (std::size_t step = 0; step < steps; ++step) {
        // Written where a step reads it, so that nothing is copied.
        float* const x = training.rows();
        for (std::size_t i = 0; i < batch; ++i) look_at(batch * step + i, x + 64 * i);
        training.step(ctnn::samples<float, ctnn::shape<64>>{x, batch},
                      ctnn::samples<std::uint8_t, ctnn::shape<>>{labels.values + batch * step, batch});
    }
    count = board::count();
}

/// FNV-1a of the bits of all parameters.
std::uint32_t checksum() {
    std::uint32_t hash = 0x811c9dc5;
    ctnn::for_each_tensor(
        [&hash](const auto& tensor) {
            for (const float parameter : tensor)
                for (int shift = 0; shift < 32; shift += 8)
                    hash = (hash ^ (std::bit_cast<std::uint32_t>(parameter) >> shift & 0xff)) * 0x01000193;
        },
        training.network());
    return hash;
}

}  // namespace

int main() {
    const std::uint32_t before = count_right();
    const std::uint32_t stack = board::stack_of(train);
    const std::uint32_t after = count_right();

    // What is the same on every machine is on a line of its own.
    board::print("shifted digits recognised before: ");
    board::print(before);
    board::print(", after: ");
    board::print(after);
    board::print(" of 160; checksum of the parameters: ");
    board::print(checksum());
    board::print("\nRAM: ");
    board::print(board::ram());
    board::print(", of it the trainer: ");
    board::print(std::uint32_t{sizeof(training)});
    board::print("; stack: ");
    board::print(stack);
    board::print("; instructions a step: ");
    board::print(count / steps);
    board::print("\n");
    return after > before ? 0 : 1;
}
