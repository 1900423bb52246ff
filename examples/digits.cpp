// SPDX-License-Identifier: BSL-1.0
// Handwritten digits, part 1: trains a network at run time and bakes it into the header from which digits_baked.cpp is
// compiled.   digits [<header to write>]
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/header_file.hpp>
#include <ctnn/io/progress.hpp>
#include <ctnn/io/split.hpp>
#include <ctnn/io/summary.hpp>

#include <cstdint>
#include <cstdio>
#include <iostream>

// An image is 8 x 8 bytes from 0 (paper) to 16 (ink). The network takes them as they are: no preprocessing is needed on
// a device.
using images = ctnn::io::dataset<std::uint8_t, ctnn::shape<64>, ctnn::io::class_labels<10>>;
using digits_net = ctnn::network<float, ctnn::input<64>,
                                 ctnn::dense<32, ctnn::relu>,
                                 ctnn::dense<10, ctnn::softmax>>;

int main(int argc, char** argv) {
    ctnn::io::summary<digits_net>(std::cout);
    std::cout << std::flush;

    const auto data =
        ctnn::io::load_csv<images>(CTNN_EXAMPLE_DATA "/digits.csv.gz", {.header = false, .rows = 1797});
    const auto [train, held_out] = ctnn::io::split_shuffled(data, 360, /*seed*/ 1);

    // Glorot and He initialisation assume inputs around 1. These go up to 16, so the initial weights are smaller.
    const auto start = ctnn::initialize<digits_net>(ctnn::uniform{.low = -0.05, .high = 0.05}, /*seed*/ 1);

    // Mini-batches of 32. The held-out digits are only monitored: nothing is selected by their loss.
    const auto trained = ctnn::fit<ctnn::cross_entropy, 32>(
        start, train.inputs(), train.labels(), ctnn::adam{.learning_rate = 0.002},
        {.epochs = 25, .seed = 1, .validation_inputs = held_out.inputs(), .validation_targets = held_out.labels()},
        ctnn::io::progress{});

    const double accuracy = ctnn::accuracy(trained, held_out.inputs(), held_out.labels());
    std::printf("trained on %zu digits; of %zu others, %.1f%% are recognised\n", train.size(), held_out.size(),
                100 * accuracy);

    if (argc > 1) {
        ctnn::io::header_file header(argv[1], "digits");
        header.add("model", trained);
        header.add("held_out_inputs", held_out.inputs());
        header.add("held_out_labels", held_out.labels());
        header.save();
        std::printf("written: %s\n", argv[1]);
    }
    return accuracy >= 0.96 ? 0 : 1;
}
