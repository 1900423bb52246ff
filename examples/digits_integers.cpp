// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// Handwritten digits by 8-bit integers: the compiler quantises the network that digits.cpp has trained, and the program exists only if
// the integers are as accurate, small enough, and for every image near what the network of float computes.
#include "digits_model.hpp"  // written by digits.cpp

#include <ctnn/quantize.hpp>
#include <ctnn/quantize/calibrate_box.hpp>
#include <ctnn/quantize/error_bound.hpp>

#include <cstddef>
#include <cstdio>

constexpr auto& model = digits::model;
constexpr auto& images = digits::held_out_inputs;
constexpr auto& labels = digits::held_out_labels;

// Every image: 64 shades of ink from 0 to 16.
constexpr auto pixels = ctnn::box<float, ctnn::shape<64>>::all(0, 16);
constexpr auto integers = ctnn::quantize<ctnn::rounding::twice>(model, ctnn::calibrate(model, pixels));

static_assert(sizeof(integers) <= 2800, "the integers do not fit into 2800 bytes");
static_assert(ctnn::accuracy(integers, images, labels) >= ctnn::accuracy(model, images, labels) - 0.005,
              "the integers recognise fewer digits than the network of float");
// Proved for all images, not for those that are here.
constexpr double bound = ctnn::error_bound<false>(model, integers, pixels);
static_assert(bound < 2.5, "a logit of the integers may be farther from that of float than 2.5");

int main() {
    float largest = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        ctnn::tensor<float, ctnn::shape<64>> image{};
        for (std::size_t pixel = 0; pixel < image.size(); ++pixel) image[pixel] = images(i, pixel);
        float by_integers[10], by_float[10];
        integers.forward<1, false>(image.values, by_integers);
        model.forward<1, false>(image.values, by_float);
        for (std::size_t digit = 0; digit < 10; ++digit) {
            const float difference = by_integers[digit] - by_float[digit];
            largest = difference > largest ? difference : -difference > largest ? -difference : largest;
        }
    }
    std::printf("float:    %5zu bytes, %.1f%% right\n", sizeof(model), 100 * ctnn::accuracy(model, images, labels));
    std::printf("integers: %5zu bytes, %.1f%% right\n", sizeof(integers),
                100 * ctnn::accuracy(integers, images, labels));
    std::printf("logits: at most %.2f apart on these images, at most %.2f on any\n", largest, bound);
    return largest <= bound ? 0 : 1;
}
