// SPDX-License-Identifier: BSL-1.0
// Handwritten digits, first part: trains a network at run time, and bakes it into the header that digits_baked.cpp is
// compiled from.   digits [<header to write>]
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/header_file.hpp>
#include <ctnn/io/progress.hpp>
#include <ctnn/io/split.hpp>
#include <ctnn/io/summary.hpp>

#include <cstdint>
#include <cstdio>
#include <iostream>

// An image is 8 x 8 bytes from 0 (paper) to 16 (ink). The network takes them as they are: whoever calls it on a device
// has nothing to prepare.
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

    // Initialisers with a theory expect inputs around 1. Ours go up to 16, so the weights begin smaller.
    const auto start = ctnn::initialize<digits_net>(ctnn::uniform{.low = -0.05, .high = 0.05}, /*seed*/ 1);

    // 32 digits a step. The held-out digits are only watched here: nothing is chosen by their loss.
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
