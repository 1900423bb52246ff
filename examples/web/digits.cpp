// SPDX-License-Identifier: BSL-1.0
// The digits network as a WebAssembly module of a few functions, which needs nothing from its host. What the page computes
// for some digits has the very bits that the compiler computed.
#include "digits_model.hpp"  // written by digits.cpp

#include <ctnn.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace {

constexpr auto& model = digits::model;
constexpr std::size_t compared = 4;

/// Some of the digits that were not learned, and the probabilities that the compiler computed.
using images_type = ctnn::tensor<float, ctnn::shape<compared, 64>>;
constexpr images_type images = [] {
    images_type result{};
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = digits::held_out_inputs[i];
    return result;
}();
constexpr auto probabilities = model(images);
static_assert(probabilities(0, digits::held_out_labels[0]) > 0.9f);

float pixels[64], outputs[10];

}  // namespace

#if defined(__wasm__)
#define EXPORTED(name) __attribute__((export_name(name)))
#else
#define EXPORTED(name)
#endif

extern "C" {

/// Where 64 pixels from 0 (paper) to 16 (ink) are written, and where the ten probabilities are after `recognise`.
EXPORTED("pixels") float* digits_pixels() {
    return pixels;
}
EXPORTED("outputs") float* digits_outputs() {
    return outputs;
}
EXPORTED("recognise") void digits_recognise() {
    model.forward(pixels, outputs);
}
/// How many of the numbers that the compiler computed are the same bits here.
EXPORTED("same_bits") int digits_same_bits() {
    int same = 0;
    for (std::size_t digit = 0; digit < compared; ++digit) {
        for (std::size_t i = 0; i < 64; ++i) pixels[i] = images(digit, i);
        digits_recognise();
        for (std::size_t i = 0; i < 10; ++i)
            same += std::bit_cast<std::uint32_t>(outputs[i]) == std::bit_cast<std::uint32_t>(probabilities(digit, i));
    }
    return same;
}
EXPORTED("compared_bits") int digits_compared_bits() {
    return 10 * compared;
}
}
