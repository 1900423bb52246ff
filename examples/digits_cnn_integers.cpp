// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// Handwritten digits by weights of 4 bits: the convolutional network that digits_cnn.cpp has trained loses accuracy with one scale a
// layer; training goes on with rounded weights and brings it back.
#include "digits_cnn_model.hpp"  // written by digits_cnn.cpp

#include <ctnn/io/csv.hpp>
#include <ctnn/io/split.hpp>
#include <ctnn/quantize.hpp>

#include <cstdint>
#include <cstdio>

using images = ctnn::io::dataset<std::uint8_t, ctnn::shape<1, 8, 8>, ctnn::io::class_labels<10>>;
using four_bits = ctnn::weight_bits<4, ctnn::per_tensor>;

int main() {
    const auto data =
        ctnn::io::load_csv<images>(CTNN_EXAMPLE_DATA "/digits.csv.gz", {.header = false, .rows = 1797});
    const auto [train, held_out] = ctnn::io::split_shuffled(data, 360, /*seed*/ 1);

    const auto accuracy = [&others = held_out](const auto& net) {
        return ctnn::accuracy(net, others.inputs(), others.labels());
    };
    const auto integers = [&samples = train]<class Weights>(const auto& net, Weights) {
        return ctnn::quantize<ctnn::rounding::twice, Weights>(net, ctnn::calibrate(net, samples.inputs()));
    };

    const auto& model = digits_cnn::model;
    const auto tuned = ctnn::without_fake_quantize(ctnn::fit<ctnn::cross_entropy, 32>(
        ctnn::fake_quantize<four_bits>(model), train.inputs(), train.labels(), ctnn::adam{.learning_rate = 0.002},
        {.epochs = 10, .seed = 2, .schedule = ctnn::cosine_decay()}));

    const double with_float = accuracy(model), rounded = accuracy(integers(model, four_bits{})),
                 trained = accuracy(integers(tuned, four_bits{}));
    std::printf("float:             %.1f%% right\n", 100 * with_float);
    std::printf("weights of 8 bits: %.1f%%\n", 100 * accuracy(integers(model, ctnn::per_channel{})));
    std::printf("weights of 4 bits: %.1f%%, trained with them %.1f%%\n", 100 * rounded, 100 * trained);
    return trained >= with_float - 0.005 ? 0 : 1;
}
