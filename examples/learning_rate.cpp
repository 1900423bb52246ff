// SPDX-License-Identifier: BSL-1.0
// Which learning rate? One short training whose rate grows with every step: the loss falls where the rate is large enough,
// and rises where it is too large. A tenth of the rate with the lowest loss is a good one to begin with.
// (L. Smith, "Cyclical learning rates for training neural networks", 2017, section 3.3, describes the range test.)
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/split.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>

using images = ctnn::io::dataset<float, ctnn::shape<64>, ctnn::io::class_labels<10>>;
using digits_net = ctnn::network<float, ctnn::input<64>,
                                 ctnn::dense<32, ctnn::relu>,
                                 ctnn::dense<10, ctnn::softmax>>;

constexpr std::size_t batch = 32, steps = 200;
constexpr double lowest = 1e-5, highest = 10;

/// The learning rate of step i: from `lowest` to `highest`, each the same factor above the one before.
double rate_of(std::size_t i) {
    return lowest * std::pow(highest / lowest, static_cast<double>(i) / static_cast<double>(steps - 1));
}

int main() {
    const auto data = ctnn::io::load_csv<images>(CTNN_EXAMPLE_DATA "/digits.csv.gz", {.header = false, .rows = 1797});
    const auto [train, held_out] = ctnn::io::split_shuffled(data, 360, /*seed*/ 1);
    const auto start = ctnn::initialize<digits_net>(ctnn::uniform{.low = -0.05, .high = 0.05}, /*seed*/ 1);

    // The optimiser has the rate 1, so that the factor of each step is the rate.
    using trainer = ctnn::trainer<digits_net, ctnn::cross_entropy, ctnn::adam, batch>;
    const auto training = std::make_unique<trainer>(start, ctnn::adam{.learning_rate = 1});
    const auto inputs = train.inputs();
    const auto labels = train.labels();
    double smooth = 0, first = 0, best = 0, best_rate = 0;
    for (std::size_t i = 0; i < steps; ++i) {
        const std::size_t from = i * batch % (train.size() - batch + 1);
        const double loss = static_cast<double>(
            training->step(ctnn::samples<float, ctnn::shape<64>>{inputs[from], batch},
                           ctnn::samples<std::uint8_t, ctnn::shape<>>{labels[from], batch},
                           static_cast<float>(rate_of(i))));
        // Losses of batches differ, so they are smoothed; the first is all there is at first.
        smooth = i == 0 ? loss : 0.9 * smooth + 0.1 * loss;
        if (i == 0) first = smooth;
        if (i == 0 || smooth < best) {
            best = smooth;
            best_rate = rate_of(i);
        }
        if (i % 20 == 0 || smooth > 4 * first) std::printf("rate %8.1e  loss %8.3f\n", rate_of(i), smooth);
        if (!(smooth <= 4 * first)) break;
    }
    const double chosen = best_rate / 10;
    std::printf("the loss is lowest at %.1e, so training begins with %.1e\n", best_rate, chosen);

    const auto accuracy_with = [&](double rate) {
        const auto trained = ctnn::fit<ctnn::cross_entropy, batch>(start, train.inputs(), train.labels(),
                                                                   ctnn::adam{.learning_rate = rate}, {.epochs = 10});
        return ctnn::accuracy(trained, held_out.inputs(), held_out.labels());
    };
    const double accuracy = accuracy_with(chosen), slow = accuracy_with(chosen / 100), fast = accuracy_with(chosen * 100);
    std::printf("after 10 epochs %.1f%% of 360 digits are recognised; with a hundredth of the rate %.1f%%, with a hundred "
                "times the rate %.1f%%\n",
                100 * accuracy, 100 * slow, 100 * fast);
    return accuracy >= 0.95 && accuracy > slow && accuracy > fast ? 0 : 1;
}
