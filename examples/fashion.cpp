// SPDX-License-Identifier: BSL-1.0
// Fashion-MNIST: 70,000 images of shirts, shoes and bags, and a network of 100,000 parameters. Only the sizes differ
// from the small examples.   fashion [<folder of the four files>]
#include <ctnn.hpp>
#include <ctnn/io/idx.hpp>
#include <ctnn/io/progress.hpp>
#include <ctnn/io/summary.hpp>

#include <cstdio>
#include <filesystem>
#include <iostream>

using images = ctnn::io::dataset<float, ctnn::shape<784>, ctnn::io::class_labels<10>>;
using fashion_net = ctnn::network<float, ctnn::input<784>,
                                  ctnn::dense<128, ctnn::relu>,
                                  ctnn::dense<10, ctnn::softmax>>;

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : "/usr/share/datasets/fashion-mnist";
    if (!exists(folder)) {
        std::cout << "skipped: " << folder.string() << " is not there; Debian's package dataset-fashion-mnist has it\n";
        return 77;
    }
    // The gzip files are read directly; bytes from 0 to 255 are scaled to [0, 1].
    const auto train =
        ctnn::io::load_idx<images>(folder / "train-images-idx3-ubyte.gz", folder / "train-labels-idx1-ubyte.gz");
    const auto test =
        ctnn::io::load_idx<images>(folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz");

    ctnn::io::summary<fashion_net>(std::cout);
    std::cout << std::flush;

    const auto trained = ctnn::fit<ctnn::cross_entropy, 32>(
        ctnn::initialize<fashion_net>(ctnn::he_uniform{}, /*seed*/ 1), train.inputs(), train.labels(),
        ctnn::adam{.learning_rate = 0.002}, {.epochs = 6, .seed = 1, .schedule = ctnn::cosine_decay()},
        ctnn::io::progress{});

    const double accuracy = ctnn::accuracy(trained, test.inputs(), test.labels());
    std::printf("trained on %zu pictures; of %zu others, %.1f%% are recognised\n", train.size(), test.size(),
                100 * accuracy);
    return accuracy >= 0.88 ? 0 : 1;
}
