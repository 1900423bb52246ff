// SPDX-License-Identifier: BSL-1.0
// NEEDS-IMPORT: fashion.onnx
// A convolutional network trained in PyTorch on Fashion-MNIST: ctnn-import converted it to fashion.hpp when this
// program was built, and the compiler checked that it recognises at least 85% of 200 test images. On all 10,000 its
// accuracy has to match PyTorch's.   import_mnist_style [<folder of the data set's files>]
#include <fashion.hpp>

#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/idx.hpp>
#include <ctnn/io/summary.hpp>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>

using images = ctnn::io::dataset<float, ctnn::shape<1, 28, 28>, ctnn::io::class_labels<10>>;
static_assert(std::is_same_v<fashion::model_type::input_shape, images::input_shape>);

int main(int argc, char** argv) {
    ctnn::io::summary<fashion::model_type>(std::cout);
    const double of_200 = ctnn::accuracy(fashion::model, fashion::samples, fashion::labels);
    std::printf("of the 200 images that the compiler has seen, the program recognises %.1f%%\n", 100 * of_200);
    if (!fashion::answers(fashion::model) || of_200 < 0.85) return 1;

    const std::filesystem::path folder = argc > 1 ? argv[1] : "/usr/share/datasets/fashion-mnist";
    if (!exists(folder)) {
        std::cout << "skipped: " << folder.string() << " is not there; Debian's package dataset-fashion-mnist has it\n";
        return 77;
    }
    // The network takes pixels from 0 to 255.
    const auto test = ctnn::io::load_idx<images>(folder / "t10k-images-idx3-ubyte.gz",
                                                 folder / "t10k-labels-idx1-ubyte.gz", {.white = 1});
    using count = ctnn::io::dataset<double, ctnn::shape<1>, ctnn::shape<1>>;
    const auto theirs =
        ctnn::io::load_csv<count>(CTNN_EXAMPLE_DATA "/../import/fashion_accuracy.csv", {.targets = {"right"}});
    const double pytorch = theirs.targets()[0][0] / theirs.inputs()[0][0];
    const double accuracy = ctnn::accuracy(fashion::model, test.inputs(), test.labels());
    std::printf("of all %zu: %.2f%%, and PyTorch %.2f%%\n", test.size(), 100 * accuracy, 100 * pytorch);
    return std::abs(accuracy - pytorch) <= 0.0005 ? 0 : 1;
}
