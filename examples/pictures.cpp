// SPDX-License-Identifier: BSL-1.0
// What a training looks like: its losses, the mistakes that remain, what the first layer looks for, and the network as a
// drawing.   pictures [<folder to write to>]
#include <ctnn.hpp>
#include <ctnn/io/class_table.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/dot.hpp>
#include <ctnn/io/history_csv.hpp>
#include <ctnn/io/plot.hpp>
#include <ctnn/io/split.hpp>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

using images = ctnn::io::dataset<std::uint8_t, ctnn::shape<64>, ctnn::io::class_labels<10>>;
using digits_net = ctnn::network<float, ctnn::input<64>,
                                 ctnn::dense<16, ctnn::relu>,
                                 ctnn::dense<10, ctnn::softmax>>;

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : ".";
    const auto data = ctnn::io::load_csv<images>(CTNN_EXAMPLE_DATA "/digits.csv.gz", {.header = false, .rows = 1797});
    const auto [train, held_out] = ctnn::io::split_shuffled(data, 360, /*seed*/ 1);
    const auto trained = ctnn::fit<ctnn::cross_entropy, 32>(
        ctnn::initialize<digits_net>(ctnn::uniform{.low = -0.05, .high = 0.05}, /*seed*/ 1), train.inputs(),
        train.labels(), ctnn::adam{.learning_rate = 0.002},
        {.epochs = 25, .seed = 1, .validation_inputs = held_out.inputs(), .validation_targets = held_out.labels()});

    const auto counts = ctnn::confusion_matrix(trained, held_out.inputs(), held_out.labels());
    ctnn::io::class_table(std::cout, counts);
    ctnn::io::save_history(trained.history, folder / "losses.csv");
    std::ofstream drawing(folder / "network.dot");
    ctnn::io::dot<digits_net>(drawing);

    try {
        const auto losses = ctnn::io::loss_picture(trained.history, {.title = "Losses of 64-16-10 on digits"});
        losses.save(folder / "losses.svg");
        ctnn::io::confusion_picture(counts, {}, {.title = "360 digits not learned"}).save(folder / "confusion.svg");
        ctnn::io::weight_picture<8>(trained, {.title = "What the hidden units look for"}).save(folder / "weights.png");
        std::cout << losses.text();
    } catch (const ctnn::io::error& e) {
        std::cout << "skipped: " << e.what() << '\n';
        // Only a machine without gnuplot may skip this.
        return std::string(e.what()).find("no program gnuplot") != std::string::npos ? 77 : 1;
    }
    std::cout << "written: losses.csv, losses.svg, confusion.svg, weights.png, network.dot\n";
    return ctnn::class_scores(counts).macro.f1 >= 0.95 && drawing.flush() ? 0 : 1;
}
