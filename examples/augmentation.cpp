// SPDX-License-Identifier: BSL-1.0
// Data augmentation: while digits are learned they are shifted by up to a pixel, each time anew. Then shifted ones are
// recognised.
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/split.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace {

using images = ctnn::io::dataset<std::uint8_t, ctnn::shape<64>, ctnn::io::class_labels<10>>;
using net_type = ctnn::network<float, ctnn::input<64>, ctnn::dense<64, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
constexpr std::size_t batch = 32;

/// An image of 8 x 8, moved to the right and down; paper comes in at the edge.
void shift(const std::uint8_t* image, int right, int down, float* to) {
    for (int row = 0; row < 8; ++row)
        for (int column = 0; column < 8; ++column) {
            const int from_row = row - down, from_column = column - right;
            const bool inside = from_row >= 0 && from_row < 8 && from_column >= 0 && from_column < 8;
            *to++ = inside ? image[8 * from_row + from_column] : 0.f;
        }
}

/// Trains on 100 passes over the images, each image shifted by up to `most` pixels in both directions.
net_type train(const images& data, int most) {
    const auto start = ctnn::initialize<net_type>(ctnn::uniform{.low = -0.05, .high = 0.05}, /*seed*/ 1);
    ctnn::trainer<net_type, ctnn::cross_entropy, ctnn::adam, batch> learner{start, {.learning_rate = 0.002}};
    ctnn::random_engine engine{1};
    const auto directions = static_cast<std::uint64_t>(2 * most + 1);
    const auto draw_shift = [&] { return static_cast<int>(ctnn::draw_below(engine, directions)) - most; };
    ctnn::tensor<float, ctnn::shape<batch, 64>> x{};
    ctnn::tensor<int, ctnn::shape<batch>> labels{};
    for (std::size_t step = 0; step < 100 * data.size() / batch; ++step) {
        for (std::size_t i = 0; i < batch; ++i) {
            const std::size_t sample = ctnn::draw_below(engine, data.size());
            const int right = draw_shift(), down = draw_shift();
            shift(data.inputs()[sample], right, down, x.values + 64 * i);
            labels[i] = *data.labels()[sample];
        }
        learner.step(x, labels);
    }
    return learner.network();
}

/// The share of images that are recognised, in percent, if all are shifted alike: the mean over all directions.
double recognised(const net_type& net, const images& data, int most) {
    std::size_t right = 0, all = 0;
    ctnn::tensor<float, ctnn::shape<64>> x{};
    for (int across = -most; across <= most; ++across)
        for (int down = -most; down <= most; ++down)
            for (std::size_t i = 0; i < data.size(); ++i, ++all) {
                shift(data.inputs()[i], across, down, x.values);
                right += ctnn::predict(net, x) == *data.labels()[i];
            }
    return 100.0 * static_cast<double>(right) / static_cast<double>(all);
}

}  // namespace

int main() {
    const auto data =
        ctnn::io::load_csv<images>(CTNN_EXAMPLE_DATA "/digits.csv.gz", {.header = false, .rows = 1797});
    const auto [train_on, held_out] = ctnn::io::split_shuffled(data, 360, /*seed*/ 1);
    const net_type as_they_are = train(train_on, 0), shifted = train(train_on, 1);
    std::printf("digits                       as they are    shifted by up to a pixel\n");
    std::printf("learned as they are          %10.1f%%    %10.1f%%\n", recognised(as_they_are, held_out, 0),
                recognised(as_they_are, held_out, 1));
    std::printf("learned with random shifts   %10.1f%%    %10.1f%%\n", recognised(shifted, held_out, 0),
                recognised(shifted, held_out, 1));
    return recognised(shifted, held_out, 1) >= 94 ? 0 : 1;
}
