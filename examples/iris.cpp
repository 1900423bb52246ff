// SPDX-License-Identifier: BSL-1.0
// A first lesson: which of three species is an iris, given four measurements of its flower?
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/split.hpp>
#include <ctnn/io/standardize.hpp>

#include <cstdio>

using flowers = ctnn::io::dataset<double, ctnn::shape<4>, ctnn::io::class_labels<3>>;
using classifier = ctnn::network<double, ctnn::input<4>, ctnn::dense<8, ctnn::tanh>, ctnn::dense<3, ctnn::softmax>>;

int main() {
    const auto data = ctnn::io::load_csv<flowers>(CTNN_EXAMPLE_DATA "/iris.csv", {.header = true, .rows = 150});
    auto [train, held_out] = ctnn::io::split_shuffled(data, 50, /*seed*/ 1);
    ctnn::io::standardize(train, held_out);

    const auto trained = ctnn::fit<ctnn::cross_entropy, 10>(
        ctnn::initialize<classifier>(ctnn::glorot_uniform{}, /*seed*/ 1), train.inputs(), train.labels(),
        ctnn::adam{.learning_rate = 0.01}, {.epochs = 100});

    const double accuracy = ctnn::accuracy(trained, held_out.inputs(), held_out.labels());
    std::printf("trained on 100 flowers; of 50 others, %.0f%% are recognised\n", 100 * accuracy);
    return accuracy >= 0.9 ? 0 : 1;
}
