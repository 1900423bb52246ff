// SPDX-License-Identifier: BSL-1.0
// Measures a model on 360 digits, from integers in memory to the digit: how many it recognises, the bytes of stack of a call,
// and the instructions for a digit. For a network of real numbers (REAL) the integers are shades from 0 to 16.
#include "board.hpp"
#include "classify.hpp"

#if defined(CNN)
#include "digits_cnn_model.hpp"
namespace data = digits_cnn;
#else
#include "digits_model.hpp"
namespace data = digits;
#endif

#include <ctnn/quantize.hpp>

namespace {
alignas(4) std::int8_t images[360 * 64];
}

int main() {
    constexpr auto& labels = data::held_out_labels;
#if defined(REAL)
    for (std::size_t i = 0; i < sizeof(images); ++i) images[i] = static_cast<std::int8_t>(data::held_out_inputs[i]);
#else
    constexpr auto quantization = ctnn::asymmetric_quantization({0, 16});
    for (std::size_t i = 0; i < sizeof(images); ++i)
        images[i] = ctnn::rounding::twice::quantize(data::held_out_inputs[i], quantization);
#endif

    const std::uint32_t stack = board::stack_of([] { classify(images); });
    std::uint32_t right = 0;
    board::start_count();
    for (std::size_t digit = 0; digit < labels.size(); ++digit) right += classify(images + 64 * digit) == labels[digit];
    const std::uint32_t count = board::count();

    board::print(right);
    board::print(" ");
    board::print(stack);
    board::print(" ");
    board::print((count + labels.size() / 2) / labels.size());
    board::print("\n");
    return 0;
}
