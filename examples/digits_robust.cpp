// SPDX-License-Identifier: BSL-1.0
// Handwritten digits that stay recognised whatever happens to each pixel within a radius: how many of 360 are proved, of a
// network trained as in digits.cpp, and of one trained with stronger weight decay, which has wider margins.
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/split.hpp>
#include <ctnn/verify.hpp>

#include <cstdint>
#include <cstdio>

using images = ctnn::io::dataset<std::uint8_t, ctnn::shape<64>, ctnn::io::class_labels<10>>;
using digits_net = ctnn::network<float, ctnn::input<64>,
                                 ctnn::dense<32, ctnn::relu>,
                                 ctnn::dense<10, ctnn::softmax>>;

int main() {
    const auto data =
        ctnn::io::load_csv<images>(CTNN_EXAMPLE_DATA "/digits.csv.gz", {.header = false, .rows = 1797});
    const auto [train, held_out] = ctnn::io::split_shuffled(data, 360, /*seed*/ 1);
    const auto start = ctnn::initialize<digits_net>(ctnn::uniform{.low = -0.05, .high = 0.05}, /*seed*/ 1);

    const auto trained_with = [&](double decay) {
        return ctnn::fit<ctnn::cross_entropy, 32>(
            start, train.inputs(), train.labels(), ctnn::adamw{.learning_rate = 0.002, .weight_decay = decay},
            {.epochs = 40, .seed = 1});
    };
    const digits_net plain = trained_with(0), decayed = trained_with(2);

    // The radius is in shades of ink, from 0 to 16, and holds for all 64 pixels at once.
    std::printf("radius   plain  decayed\n");
    double certified[2]{};
    for (const float radius : {0.0F, 0.25F, 0.5F, 1.0F}) {
        certified[0] = ctnn::certified_accuracy(plain, held_out.inputs(), held_out.labels(), radius, {.boxes = 20});
        certified[1] = ctnn::certified_accuracy(decayed, held_out.inputs(), held_out.labels(), radius, {.boxes = 20});
        std::printf("%6.2f  %5.1f%%   %5.1f%%\n", radius, 100 * certified[0], 100 * certified[1]);
    }
    return certified[1] > certified[0] && certified[1] > 0.4 ? 0 : 1;
}
