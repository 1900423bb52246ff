// SPDX-License-Identifier: BSL-1.0
// One neuron as a binary classifier: is a tumour malignant, given 30 measurements of its cells? Its output is a
// probability. With e-mails as rows and word counts as columns, the same code would be a spam filter.
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/split.hpp>
#include <ctnn/io/standardize.hpp>

#include <cstddef>
#include <cstdio>

using patients = ctnn::io::dataset<double, ctnn::shape<30>, ctnn::io::class_labels<2>>;
using classifier = ctnn::network<double, ctnn::input<30>, ctnn::dense<1, ctnn::sigmoid>>;

int main() {
    // The file has 1 for benign. In this order benign is class 0 and malignant class 1: the neuron's output is the
    // probability of malignant.
    const auto data = ctnn::io::load_csv<patients>(CTNN_EXAMPLE_DATA "/breast_cancer.csv",
                                                   {.targets = {"benign"}, .classes = {"1", "0"}, .rows = 569});

    // A fifth is held out: only unseen patients show whether the neuron generalises. The statistics that bring areas of
    // 1000 and smoothnesses of 0.1 to the same scale come from the training set alone, too.
    auto [train, held_out] = ctnn::io::split_shuffled(data, data.size() / 5, /*seed*/ 1);
    ctnn::io::standardize(train, held_out);

    const auto neuron = ctnn::fit<ctnn::binary_cross_entropy, 32>(
        ctnn::initialize<classifier>(ctnn::glorot_uniform{}, /*seed*/ 1), train.inputs(), train.labels(),
        ctnn::adam{.learning_rate = 0.01}, {.epochs = 50});

    const double accuracy = ctnn::accuracy(neuron, held_out.inputs(), held_out.labels());
    const auto count = ctnn::confusion_matrix(neuron, held_out.inputs(), held_out.labels());
    std::printf("trained on %zu patients, held out %zu\n", train.size(), held_out.size());
    std::printf("                    taken for benign  for malignant\n");
    std::printf("benign tumours      %16zu  %13zu\n", count(0, 0), count(0, 1));
    std::printf("malignant tumours   %16zu  %13zu\n", count(1, 0), count(1, 1));
    std::printf("accuracy: %.1f%%\n", 100 * accuracy);
    return accuracy >= 0.95 && count(0, 0) + count(0, 1) + count(1, 0) + count(1, 1) == held_out.size() ? 0 : 1;
}
