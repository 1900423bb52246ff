// SPDX-License-Identifier: BSL-1.0
// Fashion-MNIST with convolution and pooling instead of one large dense layer: a tenth of the parameters of
// fashion.cpp, and more accurate.   fashion_cnn [<folder of the four files>]
#include <ctnn.hpp>
#include <ctnn/io/idx.hpp>
#include <ctnn/io/progress.hpp>
#include <ctnn/io/safetensors.hpp>
#include <ctnn/io/summary.hpp>

#include <cstdio>
#include <filesystem>
#include <iostream>

using images = ctnn::io::dataset<float, ctnn::shape<1, 28, 28>, ctnn::io::class_labels<10>>;
using fashion_net = ctnn::network<float, ctnn::input<1, 28, 28>,
                                  ctnn::conv2d<8, ctnn::window<3>, ctnn::relu>,
                                  ctnn::max_pool2d<ctnn::window<2>>,
                                  ctnn::conv2d<16, ctnn::window<3>, ctnn::relu, ctnn::same>,
                                  ctnn::max_pool2d<ctnn::window<2>, ctnn::ceil_mode>,
                                  ctnn::flatten,
                                  ctnn::dense<10, ctnn::softmax>>;

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : "/usr/share/datasets/fashion-mnist";
    if (!exists(folder)) {
        std::cout << "skipped: " << folder.string() << " is not there; Debian's package dataset-fashion-mnist has it\n";
        return 77;
    }
    const auto train =
        ctnn::io::load_idx<images>(folder / "train-images-idx3-ubyte.gz", folder / "train-labels-idx1-ubyte.gz");
    const auto test =
        ctnn::io::load_idx<images>(folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz");

    ctnn::io::summary<fashion_net>(std::cout);
    std::cout << std::flush;

    const fashion_net trained = ctnn::fit<ctnn::cross_entropy, 32>(
        ctnn::initialize<fashion_net>(ctnn::he_uniform{}, /*seed*/ 1), train.inputs(), train.labels(),
        ctnn::adam{.learning_rate = 0.005}, {.epochs = 6, .seed = 1, .schedule = ctnn::cosine_decay()},
        ctnn::io::progress{});
    const double accuracy = ctnn::accuracy(trained, test.inputs(), test.labels());
    std::printf("trained on %zu pictures; of %zu others, %.1f%% are recognised\n", train.size(), test.size(),
                100 * accuracy);

    // A saved network loads identically.
    ctnn::io::save_safetensors(trained, "fashion_cnn.safetensors");
    fashion_net loaded{};
    ctnn::io::load_safetensors(loaded, "fashion_cnn.safetensors");
    const double again = ctnn::accuracy(loaded, test.inputs(), test.labels());
    std::printf("saved, loaded: %.1f%%\n", 100 * again);
    return accuracy >= 0.90 && again == accuracy ? 0 : 1;
}
