// SPDX-License-Identifier: BSL-1.0
// Regression: how far has diabetes progressed after a year, given ten measurements at its beginning? Targets from 25 to
// 346 are scaled to mean 0 and deviation 1 for training, and answers are scaled back.
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/split.hpp>
#include <ctnn/io/standardize.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>

using patients = ctnn::io::dataset<double, ctnn::shape<10>, ctnn::shape<1>>;
using regressor = ctnn::network<double, ctnn::input<10>, ctnn::dense<8, ctnn::tanh>, ctnn::dense<1>>;

int main() {
    const auto data = ctnn::io::load_csv<patients>(CTNN_EXAMPLE_DATA "/diabetes.csv", {.header = true, .rows = 442});
    auto [train, held_out] = ctnn::io::split_shuffled(data, 110, /*seed*/ 1);
    ctnn::io::standardize(train, held_out);

    // The scale is that of the training part alone, as that of the inputs is.
    const auto scale = ctnn::io::measure(train.targets());
    for (std::size_t i = 0; i < train.size(); ++i) *train.target(i) = scale({*train.target(i)})[0];

    // 332 patients are few, so weights decay, and training stops early.
    const auto trained = ctnn::fit<ctnn::mean_squared_error, 32>(
        ctnn::initialize<regressor>(ctnn::glorot_uniform{}, /*seed*/ 1), train.inputs(), train.targets(),
        ctnn::adamw{.learning_rate = 0.005, .weight_decay = 0.1}, {.epochs = 40});

    double errors = 0, of_mean = 0;
    for (std::size_t i = 0; i < held_out.size(); ++i) {
        ctnn::tensor<double, ctnn::shape<10>> x;
        for (std::size_t k = 0; k < 10; ++k) x[k] = held_out.input(i)[k];
        const double predicted = scale.inverse(trained(x))[0], actual = *held_out.target(i);
        errors += std::fabs(predicted - actual);
        of_mean += std::fabs(scale.mean[0] - actual);
    }
    const double count = static_cast<double>(held_out.size());
    std::printf("of %zu patients not learned, the progression is predicted to %.0f on average; the mean, to %.0f\n",
                held_out.size(), errors / count, of_mean / count);
    return errors < 0.8 * of_mean ? 0 : 1;
}
