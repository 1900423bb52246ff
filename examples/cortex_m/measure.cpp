// SPDX-License-Identifier: BSL-1.0
// Measures a model on the 360 digits that it was not trained on, and prints how many it recognises, the bytes of stack of
// a call, and the instructions for a digit.

#include "boards/board.hpp"
#include "digits_model.hpp"
#include "model.hpp"

int main() {
    constexpr auto& images = digits::held_out_inputs;
    constexpr auto& labels = digits::held_out_labels;

    const std::uint32_t stack = board::stack_of([] { classify(images.values); });

    std::uint32_t right = 0;
    board::start_count();
    for (std::size_t digit = 0; digit < labels.size(); ++digit)
        right += classify(images.values + 64 * digit) == labels[digit];
    const std::uint32_t count = board::count();

    board::print(right, 4);
    board::print(" of ");
    board::print(std::uint32_t{labels.size()});
    board::print(stack, 7);
    board::print((count + labels.size() / 2) / labels.size(), 9);
    board::print("\n");
    return 0;
}
