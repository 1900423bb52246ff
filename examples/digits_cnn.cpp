// SPDX-License-Identifier: BSL-1.0
// Handwritten digits with a convolutional network of 2,000 parameters, part 1: trains it with batch normalisation,
// folds that into the weights, and bakes the network into the header from which digits_cnn_baked.cpp is compiled.
//   digits_cnn [<header to write>]
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/header_file.hpp>
#include <ctnn/io/progress.hpp>
#include <ctnn/io/split.hpp>
#include <ctnn/io/summary.hpp>

#include <cstdint>
#include <cstdio>
#include <iostream>

using images = ctnn::io::dataset<std::uint8_t, ctnn::shape<1, 8, 8>, ctnn::io::class_labels<10>>;
using training_net = ctnn::network<float, ctnn::input<1, 8, 8>,
                                   ctnn::conv2d<8, ctnn::window<3>, ctnn::same, ctnn::no_bias>,
                                   ctnn::batch_norm<ctnn::relu>,
                                   ctnn::max_pool2d<ctnn::window<2>>,
                                   ctnn::conv2d<16, ctnn::window<3>, ctnn::no_bias>,
                                   ctnn::batch_norm<ctnn::relu>,
                                   ctnn::flatten,
                                   ctnn::dropout<std::ratio<1, 4>>,
                                   ctnn::dense<10, ctnn::softmax>>;

int main(int argc, char** argv) {
    const auto data =
        ctnn::io::load_csv<images>(CTNN_EXAMPLE_DATA "/digits.csv.gz", {.header = false, .rows = 1797});
    const auto [train, held_out] = ctnn::io::split_shuffled(data, 360, /*seed*/ 1);

    const training_net trained = ctnn::fit<ctnn::cross_entropy, 32>(
        ctnn::initialize<training_net>(ctnn::he_uniform{}, /*seed*/ 1), train.inputs(), train.labels(),
        ctnn::adam{.learning_rate = 0.005},
        {.epochs = 30,
         .seed = 1,
         .schedule = ctnn::cosine_decay(),
         .validation_inputs = held_out.inputs(),
         .validation_targets = held_out.labels()},
        ctnn::io::progress{});

    // The deployed network has no normalisation layers: they are folded into the convolutions.
    const auto shipped = ctnn::fold(trained);
    ctnn::io::summary<decltype(shipped)>(std::cout);
    std::cout << std::flush;

    const double accuracy = ctnn::accuracy(trained, held_out.inputs(), held_out.labels());
    const double folded = ctnn::accuracy(shipped, held_out.inputs(), held_out.labels());
    std::printf("trained on %zu digits; of %zu others, %.1f%% are recognised, folded %.1f%%\n", train.size(),
                held_out.size(), 100 * accuracy, 100 * folded);

    if (argc > 1) {
        ctnn::io::header_file header(argv[1], "digits_cnn");
        header.add("model", shipped);
        header.add("held_out_inputs", held_out.inputs());
        header.add("held_out_labels", held_out.labels());
        header.save();
        std::printf("written: %s\n", argv[1]);
    }
    return folded >= 0.975 ? 0 : 1;
}
